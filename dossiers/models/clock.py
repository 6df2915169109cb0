"""The ledger of the legal clock: what stopped it, what moved it, what was in force when."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from dossiers.models.dossier import Dossier
from dossiers.models.leg import Leg


class SupplementRequest(models.Model):
    """Mẫu 02: what the citizen was asked to add, once, fully, specifically."""

    class Stage(models.TextChoices):
        BEFORE_ACCEPTANCE = "before", "Trước khi tiếp nhận"
        EXAMINATION = "examination", "Trong khi giải quyết"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="supplements")
    number = models.PositiveSmallIntegerField("lần")
    stage = models.CharField(max_length=15, choices=Stage.choices)
    items = models.JSONField("giấy tờ cần bổ sung")  # list of lines of text
    reason = models.CharField("lý do", max_length=1000)
    legal_ground = models.CharField("căn cứ", max_length=300, blank=True)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="supplement_numbered_once"),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(completed_at__isnull=True),
                name="supplement_one_open",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=F("requested_at")),
                name="supplement_completed_after_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.number}"


class Suspension(models.Model):
    """The clock of the dossier stands still: waiting for a supplement or a payment."""

    class Ground(models.TextChoices):
        SUPPLEMENT = "supplement", "Chờ bổ sung hồ sơ"
        FINANCIAL = "financial", "Chờ thực hiện nghĩa vụ tài chính"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="suspensions")
    ground = models.CharField(max_length=15, choices=Ground.choices)
    supplement = models.OneToOneField(
        SupplementRequest, on_delete=models.PROTECT, null=True, blank=True
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(ends_at__isnull=True), name="suspension_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="suspension_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.starts_at}"


class Extension(models.Model):
    """The legal limit itself was moved by a decision with a ground (gia hạn)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="extensions")
    # Which leg's limit was moved; null: the lodged one.
    leg = models.ForeignKey(
        Leg, on_delete=models.PROTECT, null=True, blank=True, related_name="extensions"
    )
    at = models.DateTimeField()
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    reason = models.CharField("lý do", max_length=1000)
    legal_ground = models.CharField("căn cứ", max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(new_due_at__gt=F("old_due_at")), name="extension_moves_forward"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.new_due_at}"


# Closing keeps the beginning; a due moment is set once, on a span that ended while suspended.
_SPAN_IS_REWRITTEN = """
    OLD.id <> NEW.id OR OLD.leg_id <> NEW.leg_id OR OLD.reason <> NEW.reason
    OR OLD.is_suspended <> NEW.is_suspended OR OLD.lapsed_before <> NEW.lapsed_before
    OR NOT (NEW.in_force = OLD.in_force OR (
        upper_inf(OLD.in_force) AND NEW.in_force <@ OLD.in_force
        AND (isempty(NEW.in_force) OR lower(NEW.in_force) = lower(OLD.in_force))))
    OR (OLD.due_at IS NOT NULL AND ROW(OLD.due_at, OLD.lapses_at)
        IS DISTINCT FROM ROW(NEW.due_at, NEW.lapses_at))
"""


class ClockSpan(models.Model):
    """Which due moment was in force for a leg, from when to when, and why.

    Append-only: a span is closed (its upper bound set) when the next one opens or the leg ends.
    `in_force` is [lower, upper). Overdue at M (a half-open moment) by the span in force just
    before M: `lapsed_before`, or not suspended and `lapses_at <= M`.
    """

    leg = models.ForeignKey(Leg, on_delete=models.PROTECT, related_name="spans")
    in_force = DateTimeRangeField()
    due_at = models.DateTimeField(null=True, blank=True)
    lapses_at = models.DateTimeField(null=True, blank=True)
    is_suspended = models.BooleanField(default=False)
    # True when the leg had lapsed before this span began: it stays overdue in it.
    lapsed_before = models.BooleanField(default=False)
    reason = models.CharField(max_length=30)

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="clock_span_is_only_closed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(_SPAN_IS_REWRITTEN),
                func="RAISE EXCEPTION 'a clock span is only closed'"
                " USING ERRCODE = 'check_violation';",
            )
        ]
        constraints = [
            ExclusionConstraint(
                name="clock_span_one_in_force",
                expressions=[("leg", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            ),
            models.UniqueConstraint(
                fields=["leg"],
                condition=Q(in_force__upper_inf=True),
                name="clock_span_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leg_id}: {self.in_force}"
