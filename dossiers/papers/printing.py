"""Printing a slip: it is issued if it was not, each printing is kept, copies are marked.

The first print is the original. "BẢN IN LẠI (lần N)" stands on every later one; the same request
sent twice (a second click, a network that came back) is one print.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from agencies.models import User
from dossiers import slips
from dossiers.models import Dossier, Slip, SlipKind, SlipPrint
from dossiers.papers import pdf_of, pdf_of_many
from motcua.errors import DomainError


class NothingToPrint(DomainError):
    code = "nothing_to_print"
    message = "Hồ sơ chưa có giấy này để in."


class PrintReplayed(DomainError):
    code = "request_replayed"
    message = "Yêu cầu này đã được dùng cho một lần in khác. Hãy tải lại trang."


def print_slip(
    dossier: Dossier,
    kind: str,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    slip_id: UUID | None = None,
) -> bytes:
    """The paper as a PDF, its printing kept; raises NothingToPrint."""
    with transaction.atomic():
        Dossier.objects.select_for_update(of=("self",)).only("pk").get(pk=dossier.pk)
        slip = find(dossier, kind, slip_id)
        if slip is None:
            slip = slips.issue(dossier, kind, actor=actor, now=_issued_at(dossier, kind, now))
        slip.dossier = dossier  # with what the page has loaded
        [copy] = _log([slip], actor, now, [request_id])
    return pdf_of(slip, copy)


def print_many(slips_: Sequence[Slip], *, actor: User, now: datetime, request_id: UUID) -> bytes:
    """One PDF of all, in their order; each slip's printing is kept."""
    if not slips_:
        raise NothingToPrint
    keys = [uuid5(request_id, str(slip.public_id)) for slip in slips_]
    with transaction.atomic():
        copies = _log(slips_, actor, now, keys)
    return pdf_of_many(slips_, copies)


def find(dossier: Dossier, kind: str, slip_id: UUID | None = None) -> Slip | None:
    """The slip named, or the last one of the kind; None when it may be issued now."""
    found = Slip.objects.filter(dossier=dossier, kind=kind)
    if slip_id is not None:
        found = found.filter(public_id=slip_id)
    slip = found.order_by("-pk").first()
    if slip is None and (slip_id is not None or not slips.may_issue(dossier, kind)):
        raise NothingToPrint
    return slip


def draft(dossier: Dossier, kind: str, now: datetime) -> Slip:
    """The slip as it would be issued, for a preview."""
    agency = slips.issuer(dossier, kind)
    issued_at = _issued_at(dossier, kind, now)
    year = timezone.localdate(issued_at).year
    return Slip(dossier=dossier, kind=kind, agency=agency, year=year, issued_at=issued_at)


def _issued_at(dossier: Dossier, kind: str, now: datetime) -> datetime:
    """Refusals and notices that no act of ours issued carry the day of their act."""
    past = kind in {SlipKind.REFUSAL, SlipKind.STOP} and dossier.ended_at
    return past or now


def _log(
    printed: Sequence[Slip], actor: User, now: datetime, request_ids: Sequence[UUID]
) -> list[int]:
    """Which copy each print is; the slips' rows are locked, so that copies are counted apart."""
    ids = [slip.pk for slip in printed]
    list(Slip.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    before: dict[int, list[UUID]] = {pk: [] for pk in ids}
    rows = SlipPrint.objects.filter(slip__in=ids).order_by("pk")
    for slip_id, request_id in rows.values_list("slip", "request_id"):
        before[slip_id].append(request_id)
    fresh = [
        SlipPrint(slip=slip, request_id=key, printed_at=now, printed_by=actor)
        for slip, key in zip(printed, request_ids, strict=True)
        if key not in before[slip.pk]
    ]
    _refuse_foreign(fresh)
    SlipPrint.objects.bulk_create(fresh)
    return [
        before[slip.pk].index(key) + 1 if key in before[slip.pk] else len(before[slip.pk]) + 1
        for slip, key in zip(printed, request_ids, strict=True)
    ]


def _refuse_foreign(fresh: Sequence[SlipPrint]) -> None:
    if SlipPrint.objects.filter(request_id__in=[one.request_id for one in fresh]).exists():
        raise PrintReplayed
