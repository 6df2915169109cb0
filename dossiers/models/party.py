"""Persons and organisations that dossiers belong to."""

from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q


class Party(models.Model):
    """A person or an organisation. Number and phone are encrypted (dossiers.secrets).

    `*_hash` is a keyed hash over the normalised digits: equality search without reading.
    """

    class Kind(models.TextChoices):
        PERSON = "person", "Cá nhân"
        ORGANISATION = "organisation", "Tổ chức"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("loại", max_length=15, choices=Kind.choices)
    name = models.CharField("họ tên, tên tổ chức", max_length=200)
    name_fold = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    citizen_id_cipher = models.BinaryField(null=True, editable=False)
    citizen_id_hash = models.BinaryField(null=True, editable=False)
    phone_cipher = models.BinaryField(null=True, editable=False)
    phone_hash = models.BinaryField(null=True, editable=False)
    email = models.EmailField(blank=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "chủ hồ sơ"
        verbose_name_plural = "chủ hồ sơ"
        indexes = [
            # known applicant by phone, at intake and in search
            models.Index(fields=["phone_hash"], name="party_phone"),
            # name search within scope
            GinIndex(fields=["name_fold"], name="party_name_trgm", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["person", "organisation"]), name="party_kind_known"
            ),
            # A number belongs to one person; whoever gives none is a party of their own.
            models.UniqueConstraint(
                fields=["kind", "citizen_id_hash"],
                name="party_known_by_number_once",
                condition=Q(citizen_id_hash__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(citizen_id_cipher__isnull=True, citizen_id_hash__isnull=True)
                | Q(citizen_id_cipher__isnull=False, citizen_id_hash__isnull=False),
                name="party_number_with_its_hash",
            ),
            models.CheckConstraint(
                condition=Q(phone_cipher__isnull=True, phone_hash__isnull=True)
                | Q(phone_cipher__isnull=False, phone_hash__isnull=False),
                name="party_phone_with_its_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"Party {self.public_id}"
