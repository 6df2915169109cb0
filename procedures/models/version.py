"""A procedure and what it says from one day to another; frozen once published."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from agencies.models import Level
from motcua.audit import audited
from procedures.freezing import frozen_version
from procedures.models.rules import Decision, ProcedureField
from procedures.querysets import VersionQuerySet


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
