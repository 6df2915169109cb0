"""The papers of many dossiers as one PDF (in hàng loạt), for the counter's printer."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from dossiers import errors, files, slips
from dossiers.models import BulkItem, BulkRun, Dossier, JobState, Slip, SlipKind, StoredFile
from dossiers.papers.printing import print_many

# Each takes a third of a second and some megabytes while the PDF is laid out.
MOST = 200


def prepare(dossier: Dossier, actor: User, now: datetime) -> None:
    """There is something to print: the receipt is issued when it was not."""
    Dossier.objects.select_for_update(of=("self",)).only("pk").get(pk=dossier.pk)
    if Slip.objects.filter(dossier=dossier).exists():
        return
    if not slips.may_issue(dossier, SlipKind.RECEIPT):
        raise errors.BulkRefused("Hồ sơ chưa có giấy tờ nào để in.")
    slips.issue(dossier, SlipKind.RECEIPT, actor=actor, now=now)


def finish(run: BulkRun, clock: Callable[[], datetime]) -> bool:
    """One file of all that was prepared, its prints logged once; False: another worker makes it."""
    with transaction.atomic():
        locked = BulkRun.objects.select_for_update(skip_locked=True).filter(pk=run.pk).first()
        if locked is None:
            return False
        papers = _papers(run)
        if not papers:
            return True
        now = clock()
        content = print_many(papers, actor=run.requested_by, now=now, request_id=run.request_id)
        name = f"in-{timezone.localtime(now):%Y%m%d-%H%M}.pdf"
        locked.file = files.keep(
            BytesIO(content),
            name,
            "application/pdf",
            stored_by=run.requested_by,
            now=now,
            retention=StoredFile.Retention.TEMPORARY,
        )
        locked.save(update_fields=["file"])
    return True


def _papers(run: BulkRun) -> list[Slip]:
    done = BulkItem.objects.filter(run=run, state=JobState.DONE).order_by("pk")
    places = {pk: place for place, pk in enumerate(done.values_list("dossier", flat=True))}
    found = list(Slip.objects.filter(dossier__in=places))
    return sorted(found, key=lambda slip: (places[slip.dossier_id], slip.pk))
