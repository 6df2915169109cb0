"""What citizens think of how they were served (đánh giá sự hài lòng)."""

from django.db import models
from django.db.models import Q

from agencies.models import Agency
from dossiers.models import Dossier


class Rating(models.Model):
    """One touch on the tablet at the counter, or by a link; one for a dossier, for ever.

    Who touched is not asked. The agency is the counter where the result was handed over.
    """

    class Score(models.IntegerChoices):
        SATISFIED = 3, "Hài lòng"
        FAIR = 2, "Bình thường"
        DISSATISFIED = 1, "Chưa hài lòng"

    class Channel(models.TextChoices):
        TABLET = "tablet", "Máy tính bảng ở quầy"
        LINK = "link", "Đường dẫn gửi cho công dân"

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="rating")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="ratings")
    score = models.PositiveSmallIntegerField("mức độ", choices=Score.choices)
    reason = models.CharField("lý do", max_length=500, blank=True)
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel.choices)

    class Meta:
        indexes = [models.Index(fields=["agency", "-at"], name="rating_of_agency")]
        constraints = [
            models.CheckConstraint(condition=Q(score__in=[1, 2, 3]), name="rating_score_known"),
            models.CheckConstraint(
                condition=Q(channel__in=["tablet", "link"]), name="rating_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(score__lt=3), name="rating_explained_when_low"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.score}"
