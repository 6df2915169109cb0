"""What is typed at the counter and not accepted yet."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from procedures.models import Procedure


class IntakeDraft(models.Model):
    """A half-filled intake form, kept as one types; gone when it is taken in or dropped.

    Its id becomes the intake key: a draft is taken in once. What was typed is personal data and
    stands encrypted (dossiers.secrets).
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="intake_drafts"
    )
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT)
    cipher = models.BinaryField(editable=False)
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [
            # the drafts of one clerk, the last first
            models.Index(fields=["owner", "-saved_at"], name="draft_of_a_clerk")
        ]

    def __str__(self) -> str:
        return str(self.public_id)
