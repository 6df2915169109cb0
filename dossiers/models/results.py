"""What the citizen gets: results, how they were handed over, and the papers kept for reuse."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Delivery, Dossier
from dossiers.models.files import StoredFile
from dossiers.models.party import Party
from procedures.models import Component


class Result(models.Model):
    """A paper that the procedure gives (kết quả giải quyết), signed digitally or scanned."""

    class Signing(models.TextChoices):
        DIGITAL = "digital", "Ký số"
        SCANNED = "scanned", "Bản chụp bản ký giấy"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="results")
    title = models.CharField("tên kết quả", max_length=300)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ký")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="result")
    signing = models.CharField(max_length=10, choices=Signing.choices)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # A leader's correction: it was no result.
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signing__in=["digital", "scanned"]), name="result_signed_somehow"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.public_id}"


class StoredPaper(models.Model):
    """A paper in a citizen's or organisation's electronic store (kho quản lý dữ liệu điện tử)."""

    class Kind(models.TextChoices):
        COMPONENT = "component", "Giấy tờ đã nộp"
        RESULT = "result", "Kết quả giải quyết"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="store")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField("tên giấy tờ", max_length=500)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="kept_as")
    # Where it came from.
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="stored_papers")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, null=True, blank=True)
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "file"], name="stored_paper_kept_once")
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Handover(models.Model):
    """How the result reached the citizen; a hand-over that was taken back keeps its row."""

    class Receiver(models.TextChoices):
        HOLDER = "holder", "Chủ hồ sơ"
        APPLICANT = "applicant", "Người nộp"
        AUTHORISED = "authorised", "Người được ủy quyền"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="handovers")
    at = models.DateTimeField()
    method = models.CharField("phương thức", max_length=10, choices=Delivery.choices)
    receiver = models.CharField(
        "người nhận", max_length=10, choices=Receiver.choices, default=Receiver.HOLDER
    )
    # Of an authorised receiver: the snapshot for the register.
    receiver_name = models.CharField("họ tên người nhận", max_length=200, blank=True)
    post_number = models.CharField("số bưu gửi", max_length=40, blank=True)
    # Signed on the screen; without it on paper.
    signature = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # what was handed over a moment ago: the tablets at the counters ask every few seconds
            models.Index(fields=["at"], name="handover_moment")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(taken_back_at__isnull=True),
                name="handover_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(receiver="authorised") | ~Q(receiver_name=""),
                name="handover_to_somebody_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.at}"
