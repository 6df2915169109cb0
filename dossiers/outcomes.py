"""What else a counter may answer (NĐ 61/2018, Điều 17): send back, refuse, solve at once.

The fourth answer, taking in, is dossiers.intake. Each of these is several acts in one
transaction, known by the intake key: repeated, it changes nothing; after another answer with the
same form it is refused.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from agencies.models import User
from dossiers import errors, financial, handover, intake, result, submission, supplement
from dossiers.models import Dossier, DossierEvent, Payment, Status
from dossiers.requests import IntakeRequest


def incomplete(
    request: IntakeRequest,
    *,
    officer: User,
    now: datetime,
    items: Sequence[str],
    reason: str,
    legal_ground: str = "",
) -> Dossier:
    """Papers are missing or wrong: one full, specific list (Mẫu 02). Not received yet."""
    request_id = uuid5(request.intake_key, "supplement")
    with transaction.atomic():
        dossier = _lodged(request, officer, now, request_id)
        return supplement.request(
            dossier,
            actor=officer,
            now=now,
            request_id=request_id,
            items=items,
            reason=reason,
            legal_ground=legal_ground,
        )


def refuse(request: IntakeRequest, *, officer: User, now: datetime, reason: str) -> Dossier:
    """Not taken in, for a specific reason (Mẫu 03)."""
    request_id = uuid5(request.intake_key, "refuse")
    with transaction.atomic():
        dossier = _lodged(request, officer, now, request_id)
        return submission.refuse(
            dossier, actor=officer, now=now, request_id=request_id, reason=reason
        )


def solve_at_once(
    request: IntakeRequest, *, officer: User, now: datetime, is_paid: bool = False
) -> Dossier:
    """Received, solved and handed over in one go; only where the catalogue says so.

    `is_paid`: the fees that are due were taken with it.
    """
    if not request.version.immediate:
        raise errors.NotImmediate
    finished = uuid5(request.intake_key, "finish")
    with transaction.atomic():
        known = _exists(request)
        dossier = intake.accept(request, officer=officer, now=now)
        if known and not _was_done(dossier, finished):
            raise errors.KeyReplayed
        if is_paid and dossier.financial_status == Payment.DUE:
            paid = uuid5(request.intake_key, "settle")
            dossier = financial.settle(dossier, actor=officer, now=now, request_id=paid)
        dossier = result.finish(dossier, actor=officer, now=now, request_id=finished)
        returned = uuid5(request.intake_key, "hand_over")
        return handover.hand_over(dossier, actor=officer, now=now, request_id=returned)


def _lodged(request: IntakeRequest, officer: User, now: datetime, request_id: UUID) -> Dossier:
    """In state 1 for the act to come, or as that very act left it."""
    dossier = submission.submit(request, actor=officer, now=now, is_complete=False)
    if dossier.status != Status.REGISTERED and not _was_done(dossier, request_id):
        raise errors.KeyReplayed
    return dossier


def _exists(request: IntakeRequest) -> bool:
    place, key = request.agency, request.intake_key
    return Dossier.objects.filter(lodged_at=place, intake_key=key).exists()


def _was_done(dossier: Dossier, request_id: UUID) -> bool:
    return DossierEvent.objects.filter(dossier=dossier, request_id=request_id).exists()
