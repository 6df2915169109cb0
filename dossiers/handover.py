"""The result goes to the citizen (trả kết quả); after the clock's end, overdue or not."""

from datetime import datetime
from uuid import UUID

from agencies.models import Agency, User
from dossiers import permission
from dossiers.acting import performing
from dossiers.models import Dossier, Status, StepRun
from dossiers.reasons import given


def hand_over(dossier: Dossier, *, actor: User, now: datetime, request_id: UUID) -> Dossier:
    """State 10."""
    with performing("hand_over", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require(_places(act.dossier))
            act.move(Status.RETURNED)
            act.changes |= {"returned_at": now, "delivered_at": now}
            # The citizen has it: nothing is on its way to another office any more.
            StepRun.objects.filter(dossier=act.dossier, done_at__isnull=True).update(done_at=now)
    return act.dossier


def take_back(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, reason: str
) -> Dossier:
    """A recorded correction, 10 → 9: it had not been handed over."""
    reason = given(reason)
    with performing("take_back", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require(_places(act.dossier), permission.LEADERS)
            act.correct(Status.DONE)
            act.changes |= {"returned_at": None, "delivered_at": None, "closing_reason": reason}
    return act.dossier


def _places(dossier: Dossier) -> list[Agency]:
    return [dossier.held_by, dossier.lodged_at, dossier.competent]
