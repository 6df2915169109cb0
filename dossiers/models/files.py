"""Files kept for dossiers, and the papers that were handed in."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Dossier
from procedures.models import Component


class StoredFile(models.Model):
    """A file kept outside the web root under a random name."""

    class Retention(models.TextChoices):
        DOSSIER = "dossier", "Theo hồ sơ"
        PERMANENT = "permanent", "Vĩnh viễn"
        TEMPORARY = "temporary", "Tạm thời"

    class Archive(models.TextChoices):
        NONE = "none", "Không lập"
        PENDING = "pending", "Chờ lập"
        DONE = "done", "Đã lập"
        IMPOSSIBLE = "impossible", "Không lập được"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    storage_key = models.CharField(max_length=200, unique=True)
    name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    retention = models.CharField(
        max_length=10, choices=Retention.choices, default=Retention.DOSSIER
    )
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    pages = models.PositiveSmallIntegerField("số trang", null=True, blank=True)
    # The PDF/A copy that a worker makes of it.
    archive_state = models.CharField(
        max_length=10, choices=Archive.choices, default=Archive.NONE, db_default="none"
    )
    archived_as = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="archive_of"
    )

    class Meta:
        indexes = [
            # what waits for its PDF/A copy
            models.Index(
                fields=["id"], condition=Q(archive_state="pending"), name="file_to_archive"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class DossierComponent(models.Model):
    """A paper handed in with the dossier."""

    class Form(models.TextChoices):
        ORIGINAL = "original", "Bản chính"
        CERTIFIED_COPY = "certified_copy", "Bản sao chứng thực"
        PHOTOCOPY = "photocopy", "Bản sao"
        ELECTRONIC = "electronic", "Bản điện tử"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="components")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, null=True, blank=True)
    position = models.PositiveSmallIntegerField()
    name = models.CharField("tên giấy tờ", max_length=500)
    form = models.CharField("loại", max_length=15, choices=Form.choices)
    quantity = models.PositiveSmallIntegerField("số lượng", default=1)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="components"
    )
    # Taken from the holder's own store instead of asked for again.
    reused_from = models.ForeignKey(
        "dossiers.StoredPaper",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reuses",
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "position"], name="dossier_component_placed_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
