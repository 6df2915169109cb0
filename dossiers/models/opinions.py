"""What other offices are asked about a dossier (lấy ý kiến phối hợp)."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from dossiers.models.dossier import Dossier
from dossiers.models.files import StoredFile


class Opinion(models.Model):
    """A question to a co-ordinating office, with its deadline; late is the office that was asked.

    The dossier stays in the hands of the office that asked.
    """

    class Conclusion(models.TextChoices):
        AGREED = "agreed", "Đồng ý"
        CONDITIONAL = "conditional", "Đồng ý có điều kiện"
        REFUSED = "refused", "Không đồng ý"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="opinions")
    asked_from = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_of = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="opinions_asked")
    asked_at = models.DateTimeField()
    question = models.CharField("nội dung lấy ý kiến", max_length=1000)
    due_at = models.DateTimeField("hạn trả lời")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    conclusion = models.CharField(
        "kết luận", max_length=15, choices=Conclusion.choices, blank=True, default=""
    )
    answer = models.CharField("ý kiến", max_length=2000, blank=True, default="")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [
            # what an office was asked and has not answered
            models.Index(
                fields=["asked_of", "due_at"],
                condition=Q(answered_at__isnull=True),
                name="opinion_waiting",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, conclusion="", answered_by__isnull=True)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(conclusion="")),
                name="opinion_answered_wholly",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("asked_at")), name="opinion_due_after_question"
            ),
            models.CheckConstraint(
                condition=~Q(asked_of=F("asked_from")), name="opinion_of_another_office"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} → {self.asked_of_id}"
