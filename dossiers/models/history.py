"""Append-only: what happened to a dossier, who looked at masked values, what it adds to figures."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.models import Agency
from dossiers.models.dossier import Dossier
from dossiers.models.party import Party
from procedures.models import Block, Channel


class DossierEvent(models.Model):
    """One act on a dossier, written in the act's own transaction. No personal data in it.

    `at` is when it happened (valid time), `recorded_at` when we were told.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=20)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # Each act carries its own id: a repeated request writes nothing twice.
    request_id = models.UUIDField(default=uuid4, unique=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True)
    from_status = models.PositiveSmallIntegerField(null=True)
    to_status = models.PositiveSmallIntegerField(null=True)
    due_before = models.DateTimeField(null=True)
    due_after = models.DateTimeField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["dossier", "at"], name="event_of_dossier")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.act}"


class MaskedView(models.Model):
    """Someone looked at the full value of a masked number or phone."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, null=True)
    what = models.CharField(max_length=20)
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.viewer_id} {self.what} {self.at}"


class TallyDelta(models.Model):
    """What an act adds to the counts; folded into reports' tables every few seconds.

    `bucket` numbers half-months: 24 × year + 2 × (month − 1) + (0: days 1–14, 1: the rest).
    """

    class Measure(models.TextChoices):
        RECEIVED = "received"
        EARLY = "early"
        ON_TIME = "on_time"
        OVERDUE = "overdue"
        # open and overdue: +1 in the bucket of the lapse, −1 in that of the end
        LAPSED = "lapsed"
        # open legs handed over when an agency closed
        INHERITED = "inherited"
        BEQUEATHED = "bequeathed"

    bucket = models.IntegerField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, db_index=False)
    block = models.ForeignKey(Block, on_delete=models.PROTECT, db_index=False)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    is_forwarded = models.BooleanField()
    measure = models.CharField(max_length=10, choices=Measure.choices)
    amount = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="delta_changes_something"),
            models.CheckConstraint(
                condition=Q(
                    measure__in=[
                        "received",
                        "early",
                        "on_time",
                        "overdue",
                        "lapsed",
                        "inherited",
                        "bequeathed",
                    ]
                ),
                name="delta_measure_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bucket} {self.measure} {self.amount:+d}"
