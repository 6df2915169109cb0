"""Which agency posts which version since when (niêm yết)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from motcua.audit import audited
from procedures.models.version import ProcedureVersion
from procedures.querysets import PostingQuerySet


@audited()
class Posting(models.Model):
    """An agency is competent for a procedure and posts its version since a day (niêm yết).

    Stale when a newer version is in force. `until` is the last day, included.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="postings")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="postings")
    since = models.DateField("niêm yết từ ngày")
    until = models.DateField("đến hết ngày", null=True, blank=True)

    objects: ClassVar[PostingQuerySet] = PostingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "niêm yết"
        verbose_name_plural = "niêm yết"
        constraints = [
            models.UniqueConstraint(fields=["agency", "version"], name="posting_made_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="posting_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.version}"
