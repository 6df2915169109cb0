"""Counts folded from the acts, reports and their builds."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from agencies.models import Agency
from procedures.models import Block, Channel
from reports.querysets import ReportQuerySet


class _Measures(models.Model):
    """What was counted of one agency in one stretch of time; figures are sums over these rows."""

    # its index: the unique constraint
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    is_forwarded = models.BooleanField()
    received = models.IntegerField(default=0)
    early = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    overdue = models.IntegerField(default=0)
    lapsed = models.IntegerField(default=0)
    inherited = models.IntegerField(default=0)
    bequeathed = models.IntegerField(default=0)

    class Meta:
        abstract = True


class ChannelCount(_Measures):
    """By half-month."""

    bucket = models.IntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "bucket", "channel", "is_forwarded"], name="channel_count_once"
            )
        ]
        # the half-months of a quarter, of many agencies
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["bucket"], name="channel_count_time")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.bucket} {self.channel}"


class BlockCount(_Measures):
    """By half-month."""

    bucket = models.IntegerField()
    block = models.ForeignKey(Block, on_delete=models.PROTECT, db_index=False)
    # Column 4 by block: the block's rows know no channel.
    received_online = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "bucket", "block", "is_forwarded"], name="block_count_once"
            )
        ]
        # the half-months of a quarter, of many agencies
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["bucket"], name="block_count_time")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.bucket} {self.block_id}"


class ChannelYear(_Measures):
    """The same by reporting year (15/12 to 14/12): what is open is a sum over all of the past."""

    year = models.IntegerField()
    channel = models.CharField(max_length=10, choices=Channel.choices)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "year", "channel", "is_forwarded"], name="channel_year_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.year} {self.channel}"


class BlockYear(_Measures):
    """The same by reporting year."""

    year = models.IntegerField()
    block = models.ForeignKey(Block, on_delete=models.PROTECT, db_index=False)
    received_online = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "year", "block", "is_forwarded"], name="block_year_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.year} {self.block_id}"


class Report(models.Model):
    """A report of an agency for a period; submitted, it carries a frozen snapshot.

    Life: draft → submitted (→ returned → … → issued → superseded, with the reports' life).
    """

    class Kind(models.TextChoices):
        DISTRICT_QUARTER = "district_quarter", "Báo cáo cải cách hành chính quý của huyện"

    class Status(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        SUBMITTED = "submitted", "Đã trình"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="reports")
    period = models.CharField("kỳ", max_length=10)
    calendar = models.CharField("lịch kỳ báo cáo", max_length=5, default="nd09")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    # {section key or part of the paper: text typed by the reporter}; figures never stand here
    narrative = models.JSONField(default=dict)
    # frozen at submission: {"figures" with their definition version, "narrative"}
    snapshot = models.JSONField(null=True)
    # compare-and-set for editors: no silent overwrite
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    # who wrote the present revision: told to an editor who comes second
    edited_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "agency", "period", "calendar"],
                condition=Q(status="draft"),
                name="report_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", snapshot__isnull=True)
                | Q(status="submitted", snapshot__isnull=False, submitted_at__isnull=False),
                name="report_frozen_iff_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.public_id])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT


class ReportBuild(models.Model):
    """One run of the builder, claimed by compare-and-set, swept when stuck."""

    class Status(models.TextChoices):
        PENDING = "pending", "Đang chờ"
        RUNNING = "running", "Đang lập"
        DONE = "done", "Đã xong"
        FAILED = "failed", "Không thành công"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="builds")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    # raised by each claim: a run that was given up for dead can no longer write
    attempt = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=100, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    # renewed with each step: a run that falls silent is taken up again
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # [{"kind", "path", "sha256"}] under MEDIA_ROOT
    files = models.JSONField(default=list)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(status__in=["pending", "running"]),
                name="build_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "running"], finished_at__isnull=True)
                | Q(status__in=["done", "failed"], finished_at__isnull=False),
                name="build_finished_iff_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.status}"
