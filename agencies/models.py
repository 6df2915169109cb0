"""Who receives and resolves dossiers: agencies in time, their staff and its roles."""

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from agencies.querysets import AgencyQuerySet
from motcua.audit import audited


class Level(models.TextChoices):
    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện"
    COMMUNE = "commune", "Cấp xã"


class Kind(models.TextChoices):
    COMMITTEE = "committee", "Ủy ban nhân dân"
    DEPARTMENT = "department", "Cơ quan chuyên môn"
    OFFICE = "office", "Văn phòng"
    COUNTER = "counter", "Bộ phận Một cửa"
    LAND_REGISTRY = "land_registry", "Chi nhánh Văn phòng Đăng ký đất đai"
    VERTICAL = "vertical", "Cơ quan ngành dọc"


def _days(start: str, end: str) -> Func:
    """The days from `start` to `end`, both included; open when `end` is null."""
    return Func(F(start), F(end), RangeBoundary(inclusive_upper=True), function="daterange")


@audited()
class Agency(models.Model):
    """One legal existence of an agency: a merger closes rows and opens others.

    `valid_to` is the last day, included. A GSO code means the agency valid on the day in
    question: 21115 was thị trấn Trà Xuân and is now xã Trà Bồng.
    """

    code = models.CharField("mã định danh điện tử", max_length=35, unique=True)
    is_provisional = models.BooleanField("mã tạm", default=False)
    gso_code = models.CharField("mã đơn vị hành chính", max_length=5, blank=True)
    name = models.CharField("tên", max_length=200)
    name_fold = models.CharField(max_length=200, editable=False)
    # Compared byte by byte, whatever the database's own collation is.
    sort_key = models.CharField(max_length=400, editable=False, db_collation="C")
    level = models.CharField("cấp", max_length=10, choices=Level.choices)
    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="cơ quan cấp trên",
    )
    # The people's committee that an office or counter belongs to; null for a committee.
    committee = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name="thuộc Ủy ban nhân dân",
    )
    calendar = models.ForeignKey(
        "calendars.Calendar", on_delete=models.PROTECT, verbose_name="lịch làm việc"
    )
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    phone = models.CharField("điện thoại", max_length=30, blank=True)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects: ClassVar[AgencyQuerySet] = AgencyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "cơ quan"
        verbose_name_plural = "cơ quan"
        ordering = ["sort_key"]
        indexes = [models.Index(fields=["gso_code"], name="agency_gso")]  # figures --agency GSO
        constraints = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="agency_level_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="agency_kind_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="agency_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.COMMITTEE, committee__isnull=True)
                | (~Q(kind=Kind.COMMITTEE) & Q(committee__isnull=False)),
                name="agency_belongs_to_a_committee",
            ),
            ExclusionConstraint(
                name="agency_one_committee_per_gso_code_and_day",
                expressions=[
                    ("gso_code", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    (_days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind=Kind.COMMITTEE) & ~Q(gso_code=Value("")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@audited()
class Succession(models.Model):
    """`predecessor` went over (wholly or in part) into `successor` on `effective_on`."""

    class Kind(models.TextChoices):
        RENAME = "rename", "Đổi tên"
        MERGE = "merge", "Sáp nhập"
        SPLIT = "split", "Chia tách"
        DISSOLVE = "dissolve", "Giải thể"

    predecessor = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="succeeded_by", verbose_name="cơ quan cũ"
    )
    successor = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="succeeds", verbose_name="cơ quan mới"
    )
    kind = models.CharField("hình thức", max_length=10, choices=Kind.choices)
    effective_on = models.DateField("có hiệu lực từ ngày")
    share = models.DecimalField("phần", max_digits=6, decimal_places=5, default=1)

    class Meta:
        verbose_name = "kế thừa"
        verbose_name_plural = "kế thừa"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="succession_named_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="succession_between_two_agencies"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="succession_share_is_a_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


@audited(exclude=("last_login",), secret=("password",))
class User(AbstractUser):
    """Staff and citizens. What staff may do stands in dated appointments, not here."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    full_name = models.CharField("họ và tên", max_length=150, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"

    def __str__(self) -> str:
        return self.full_name or self.username


class Role(models.TextChoices):
    CLERK = "clerk", "Công chức một cửa"
    OFFICER = "officer", "Công chức chuyên môn"
    LEADER = "leader", "Lãnh đạo"
    REPORTER = "reporter", "Người lập báo cáo"
    CONTROLLER = "controller", "Cán bộ kiểm soát thủ tục hành chính"
    ADMINISTRATOR = "administrator", "Quản trị"
    INSPECTOR = "inspector", "Người theo dõi, kiểm tra"


@audited()
class Appointment(models.Model):
    """A user holds a role at an agency from one day to another, both included."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="appointments", verbose_name="người dùng"
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="appointments", verbose_name="cơ quan"
    )
    role = models.CharField("vai trò", max_length=15, choices=Role.choices)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "vai trò được giao"
        verbose_name_plural = "vai trò được giao"
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="appointment_role_known"
            ),
            ExclusionConstraint(
                name="appointment_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("agency", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (_days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.agency}"


@audited()
class Duty(models.Model):
    """A member of the staff sits at a window of a counter, one day, from … to … (lịch trực)."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="duties", verbose_name="quầy"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="duties", verbose_name="người trực"
    )
    day = models.DateField("ngày")
    starts = models.TimeField("từ")
    ends = models.TimeField("đến")
    window = models.CharField("quầy số", max_length=20, blank=True)

    class Meta:
        verbose_name = "ca trực"
        verbose_name_plural = "lịch trực"
        ordering = ["day", "starts", "window"]
        indexes = [models.Index(fields=["agency", "day"], name="duty_of_a_counter")]
        constraints = [
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="duty_starts_first"),
            # Nobody sits at two windows at once.
            ExclusionConstraint(
                name="duty_at_one_place_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func(F("day") + F("starts"), F("day") + F("ends"), function="tsrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.starts:%H:%M}-{self.ends:%H:%M}"
