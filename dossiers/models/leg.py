"""One agency's responsibility for a dossier, and the steps inside it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from dossiers.models.dossier import Dossier
from procedures.models import Block, Channel, Procedure, ProcedureField, Step


class Outcome(models.TextChoices):
    EARLY = "early", "Trước hạn"
    ON_TIME = "on_time", "Đúng hạn"
    OVERDUE = "overdue", "Quá hạn"


class Leg(models.Model):
    """What figures count. The first leg is lodged, the others are forwarded to their agency.

    `agency` is the holder now; what it inherited stands in Inheritance. `lapses_at` is null
    while suspended in time: the clock stands still. Field, block, channel and procedure are
    copied from the version at acceptance, so that a figure is one scan of one index.
    """

    class Unit(models.TextChoices):
        WORKING_DAY = "working_day", "ngày làm việc"
        DAY = "day", "ngày"
        WORKING_HOUR = "working_hour", "giờ làm việc"
        MONTH = "month", "tháng"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="legs")
    position = models.PositiveSmallIntegerField()
    is_forwarded = models.BooleanField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="legs")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT)
    field = models.ForeignKey(ProcedureField, on_delete=models.PROTECT)
    block = models.ForeignKey(Block, on_delete=models.PROTECT)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    accepted_at = models.DateTimeField()
    limit_value = models.PositiveSmallIntegerField()
    limit_unit = models.CharField(max_length=15, choices=Unit.choices)
    # A due moment that was given (an import's, a step's own), not computed from the limit.
    given_due_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    lapses_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")

    class Meta:
        indexes = [
            # figures of an agency at any moment (natural SQL): index-only
            models.Index(
                fields=["agency", "accepted_at"],
                include=[
                    "ended_at",
                    "outcome",
                    "is_forwarded",
                    "channel",
                    "block",
                    "field",
                    "procedure",
                ],
                name="leg_figures",
            ),
            # open now and overdue now
            models.Index(
                fields=["agency", "lapses_at"],
                include=["is_forwarded", "channel", "block"],
                condition=Q(ended_at__isnull=True),
                name="leg_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "position"], name="leg_placed_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(is_forwarded=False), name="leg_lodged_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | Q(ended_at__isnull=False, outcome__in=Outcome.values),
                name="leg_ended_iff_outcome",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("accepted_at")),
                name="leg_ends_after_acceptance",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="leg_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.position}"


class Inheritance(models.Model):
    """An open leg went from a closed agency to one heir at the moment `at`.

    Figures: the holder of a leg at M is the predecessor of its earliest inheritance with
    `at >= M`, else `leg.agency`.
    """

    leg = models.ForeignKey(Leg, on_delete=models.PROTECT, related_name="inheritances")
    predecessor = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    heir = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="inheritance_moment")]  # figures over a merger
        constraints = [
            models.UniqueConstraint(fields=["leg", "at"], name="inheritance_one_at_a_time"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("heir")), name="inheritance_between_two_agencies"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leg_id}: {self.predecessor_id} → {self.heir_id}"


class StepRun(models.Model):
    """The dossier in one office's hands: sent, acknowledged by the receiver, done.

    One line of Phiếu kiểm soát quá trình giải quyết hồ sơ.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="step_runs")
    leg = models.ForeignKey(Leg, on_delete=models.PROTECT, related_name="step_runs")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            # what waits to be acknowledged or done at an office
            models.Index(
                fields=["agency", "due_at"],
                condition=Q(done_at__isnull=True),
                name="step_run_waiting",
            ),
            # the pace of an office: what it finished lately (dossiers.pace)
            models.Index(
                fields=["agency", "done_at"],
                condition=Q(done_at__isnull=False),
                name="step_run_pace",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gte=F("sent_at")),
                name="step_run_acknowledged_after_sent",
            ),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(done_at__isnull=True),
                name="step_run_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} → {self.agency_id}"
