"""What may be asked for: rule sets of the law and the catalogue of procedures in time."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from agencies.models import Agency, Kind, Level, Role
from motcua.audit import audited
from procedures.freezing import frozen_parts, frozen_version
from procedures.querysets import PostingQuerySet, VersionQuerySet


@audited()
class RuleSet(models.Model):
    """What the law changes on a day: forms, code format, policies. A dossier keeps its own."""

    class CodeFormat(models.TextChoices):
        QCVN_102 = "qcvn102", "000.00.00.H00-yymmdd-XXXX (QCVN 102:2016)"
        QD_20 = "qd20", "H00.00-yymmdd-XXXX (QĐ 20/2020/QĐ-TTg)"

    code = models.SlugField("mã", unique=True)
    name = models.CharField("tên", max_length=200)
    effective_on = models.DateField("có hiệu lực từ ngày", unique=True)
    legal_basis = models.TextField("căn cứ pháp lý")
    # {"receipt": {"number": "01", "title": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"}, …}
    forms = models.JSONField("biểu mẫu")
    code_format = models.CharField("dạng mã hồ sơ", max_length=10, choices=CodeFormat.choices)
    # Taken after this hour, a paper dossier is passed on at the start of the next working day.
    pass_on_until = models.TimeField("giờ chuyển trong ngày")
    # Supplement requests allowed in the examination stage.
    supplements_allowed = models.PositiveSmallIntegerField("số lần yêu cầu bổ sung", default=1)

    class Meta:
        verbose_name = "bộ quy định"
        verbose_name_plural = "bộ quy định"
        ordering = ["effective_on"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def on(cls, day: date) -> "RuleSet":
        """The rule set in force on `day`; raises RuleSet.DoesNotExist before the first one."""
        return cls.objects.filter(effective_on__lte=day).latest("effective_on")


@audited()
class Block(models.Model):
    """The heading under which reports count a field (khối lĩnh vực)."""

    name = models.CharField("tên", max_length=120, unique=True)
    position = models.PositiveSmallIntegerField("thứ tự", unique=True)

    class Meta:
        verbose_name = "khối lĩnh vực"
        verbose_name_plural = "khối lĩnh vực"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


@audited()
class ProcedureField(models.Model):
    """A field of administration (lĩnh vực)."""

    name = models.CharField("tên", max_length=120)
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="fields")
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "lĩnh vực"
        verbose_name_plural = "lĩnh vực"
        ordering = ["block__position", "position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["block", "name"], name="field_named_once_in_a_block")
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class Decision(models.Model):
    """A decision that publishes changes of the catalogue (quyết định công bố)."""

    number = models.CharField("số, ký hiệu", max_length=60)
    issued_on = models.DateField("ngày ban hành")
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    title = models.CharField("trích yếu", max_length=500, blank=True)
    effective_on = models.DateField("có hiệu lực từ ngày", null=True, blank=True)

    class Meta:
        verbose_name = "quyết định công bố"
        verbose_name_plural = "quyết định công bố"
        ordering = ["-issued_on"]
        constraints = [
            models.UniqueConstraint(fields=["number", "issued_on"], name="decision_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} ngày {self.issued_on:%d/%m/%Y}"


@audited()
class Procedure(models.Model):
    """A procedure by its national code; what it says on a day stands in its versions."""

    code = models.CharField("mã thủ tục", max_length=20, unique=True)
    is_provisional = models.BooleanField("mã tạm", default=False)

    class Meta:
        verbose_name = "thủ tục hành chính"
        verbose_name_plural = "thủ tục hành chính"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Channel(models.TextChoices):
    DIRECT = "direct", "Trực tiếp"
    ONLINE = "online", "Trực tuyến"
    POST = "post", "Bưu chính công ích"


@audited()
class ProcedureVersion(models.Model):
    """What a procedure says from one day to another; frozen once published."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        PUBLISHED = "published", "Đã công bố"

    class Unit(models.TextChoices):
        WORKING_DAY = "working_day", "ngày làm việc"
        DAY = "day", "ngày"
        WORKING_HOUR = "working_hour", "giờ làm việc"
        MONTH = "month", "tháng"

    class ClockPolicy(models.TextChoices):
        PAUSE = "pause", "Tạm dừng tính thời hạn"
        RESTART = "restart", "Tính lại từ đầu"

    class Online(models.TextChoices):
        NONE = "none", "Không trực tuyến"
        PARTIAL = "partial", "Một phần"
        FULL = "full", "Toàn trình"

    class Interagency(models.TextChoices):
        NONE = "none", "Không liên thông"
        SAME_LEVEL = "same_level", "Liên thông cùng cấp"
        CROSS_LEVEL = "cross_level", "Liên thông giữa các cấp"

    class Change(models.TextChoices):
        NEW = "new", "Mới ban hành"
        AMENDED = "amended", "Sửa đổi, bổ sung"
        REPLACED = "replaced", "Thay thế"

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("phiên bản", default=1)
    status = models.CharField(
        "tình trạng", max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    change = models.CharField("thay đổi", max_length=10, choices=Change.choices, default=Change.NEW)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="versions"
    )
    name = models.CharField("tên thủ tục", max_length=500)
    name_fold = models.CharField(max_length=500, editable=False)
    # Compared byte by byte, whatever the database's own collation is.
    sort_key = models.CharField(max_length=900, editable=False, db_collation="C")
    field = models.ForeignKey(ProcedureField, on_delete=models.PROTECT, related_name="versions")
    levels = ArrayField(models.CharField(max_length=10, choices=Level.choices))
    limit_value = models.PositiveSmallIntegerField("thời hạn")
    limit_unit = models.CharField("đơn vị thời hạn", max_length=15, choices=Unit.choices)
    clock_policy = models.CharField(
        "khi bổ sung", max_length=10, choices=ClockPolicy.choices, default=ClockPolicy.PAUSE
    )
    online = models.CharField("dịch vụ công trực tuyến", max_length=10, choices=Online.choices)
    online_full_eligible = models.BooleanField("đủ điều kiện toàn trình", default=False)
    any_boundary = models.BooleanField("phi địa giới", default=False)
    interagency = models.CharField(
        "liên thông", max_length=15, choices=Interagency.choices, default=Interagency.NONE
    )
    immediate = models.BooleanField("giải quyết ngay", default=False)
    effective_from = models.DateField("có hiệu lực từ ngày")
    # The last day in force, included; null while nothing has followed it.
    effective_to = models.DateField("đến hết ngày", null=True, blank=True)
    abolished_by = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="abolished"
    )
    # False for typical values that an administrator has yet to correct.
    is_checked = models.BooleanField("đã kiểm tra", default=False)

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "phiên bản thủ tục"
        verbose_name_plural = "phiên bản thủ tục"
        ordering = ["sort_key"]
        indexes = [
            # catalogue and intake search by words without accents
            GinIndex(fields=["name_fold"], name="version_name_trgm", opclasses=["gin_trgm_ops"])
        ]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="version_numbered_once"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="version_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(limit_unit__in=["working_day", "day", "working_hour", "month"]),
                name="version_limit_unit_known",
            ),
            models.CheckConstraint(condition=Q(limit_value__gte=1), name="version_has_a_limit"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published"]), name="version_status_known"
            ),
            ExclusionConstraint(
                name="version_published_ones_do_not_overlap",
                expressions=[
                    ("procedure", RangeOperators.EQUAL),
                    (
                        Func(
                            F("effective_from"),
                            F("effective_to"),
                            RangeBoundary(inclusive_upper=True),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status="published"),
            ),
        ]
        triggers = frozen_version()

    def __str__(self) -> str:
        return self.name

    @property
    def level_names(self) -> str:
        return ", ".join(Level(level).label for level in self.levels)

    def is_in_force(self, day: date) -> bool:
        return (
            self.status == self.Status.PUBLISHED
            and self.effective_from <= day
            and (self.effective_to is None or day <= self.effective_to)
        )


@audited()
class Component(models.Model):
    """A paper that a dossier of this version consists of (thành phần hồ sơ)."""

    version = models.ForeignKey(
        ProcedureVersion, on_delete=models.CASCADE, related_name="components"
    )
    position = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("tên giấy tờ", max_length=500)
    is_required = models.BooleanField("bắt buộc", default=True)
    originals = models.PositiveSmallIntegerField("bản chính", default=1)
    copies = models.PositiveSmallIntegerField("bản sao", default=0)
    source = models.CharField("nguồn dữ liệu", max_length=100, blank=True)
    form_file = models.CharField("mẫu đơn", max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="component_placed_once")
        ]
        triggers = frozen_parts("component")

    def __str__(self) -> str:
        return self.name


@audited()
class Step(models.Model):
    """A step of the internal procedure with its own working hours (quy trình nội bộ)."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField("thứ tự")
    name = models.CharField("bước", max_length=200)
    # Blank: the office of the competent agency itself.
    level = models.CharField("cấp", max_length=10, choices=Level.choices, blank=True)
    office_kind = models.CharField("nơi thực hiện", max_length=20, choices=Kind.choices, blank=True)
    role = models.CharField("vai trò", max_length=15, choices=Role.choices)
    working_hours = models.DecimalField("giờ làm việc", max_digits=6, decimal_places=2)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="step_placed_once"),
            models.CheckConstraint(condition=Q(working_hours__gt=0), name="step_takes_time"),
        ]
        triggers = frozen_parts("step")

    def __str__(self) -> str:
        return self.name


@audited()
class FeeRate(models.Model):
    """A fee or charge of a version; a blank channel means every channel without its own rate."""

    version = models.ForeignKey(ProcedureVersion, on_delete=models.CASCADE, related_name="fees")
    name = models.CharField("tên phí, lệ phí", max_length=200)
    channel = models.CharField("kênh", max_length=10, choices=Channel.choices, blank=True)
    amount_vnd = models.PositiveBigIntegerField("số tiền (đồng)")
    ground = models.CharField("căn cứ", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "name", "channel"], name="fee_rated_once")
        ]
        triggers = frozen_parts("fee_rate")

    def __str__(self) -> str:
        return f"{self.name}: {self.amount_vnd} đồng"


@audited()
class Posting(models.Model):
    """An agency is competent for a procedure and posts its version since a day (niêm yết).

    Stale when a newer version is in force. `until` is the last day, included.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="postings")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="postings")
    since = models.DateField("niêm yết từ ngày")
    until = models.DateField("đến hết ngày", null=True, blank=True)

    objects: ClassVar[PostingQuerySet] = PostingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "niêm yết"
        verbose_name_plural = "niêm yết"
        constraints = [
            models.UniqueConstraint(fields=["agency", "version"], name="posting_made_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="posting_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.version}"
