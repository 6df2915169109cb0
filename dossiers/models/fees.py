"""What a dossier owes."""

from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Dossier, Payment


class FeeDue(models.Model):
    """A fee that the dossier owes, with its ground; a waiver has a ground of its own."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="fees")
    name = models.CharField("tên phí, lệ phí", max_length=200)
    amount_vnd = models.PositiveBigIntegerField("số tiền (đồng)")
    ground = models.CharField("căn cứ", max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=Payment.choices, default=Payment.DUE)
    waiver_ground = models.CharField("lý do miễn, giảm", max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["due", "settled", "waived"]), name="fee_due_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(waiver_ground=""),
                name="fee_waived_on_a_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.amount_vnd} đồng"
