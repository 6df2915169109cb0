"""The result is there (đã xử lý xong); a leader may correct that it was not."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from agencies.models import User
from dossiers import ending, errors, legs, permission
from dossiers.acting import performing
from dossiers.models import Dossier, Leg, Status
from dossiers.reasons import given


def finish(dossier: Dossier, *, actor: User, now: datetime, request_id: UUID) -> Dossier:
    """State 9: the end of the clock. Every open leg ends early, on time or overdue."""
    with performing("finish", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.competent])
            act.move(Status.DONE)
            ending.end(act, negative=False)
    return act.dossier


def reopen(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, reason: str
) -> Dossier:
    """A recorded correction, 9 → 4: the clock never stopped. Counts change where they stood."""
    reason = given(reason)
    with performing("reopen", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.competent], permission.LEADERS)
            act.correct(Status.PROCESSING)
            ended = list(_ended_with(act.dossier))
            today = timezone.localdate(now)
            if not all(leg.agency.is_valid_on(today) for leg in ended):
                raise errors.AgencyClosed
            legs.reopen(ended)
            act.changes |= {"ended_at": None, "closing_reason": reason}
            for leg in ended:
                if not leg.is_forwarded:
                    ending.show(act, leg)
    return act.dossier


def _ended_with(dossier: Dossier) -> list[Leg]:
    """The legs that the result ended; one that was sent back before stays ended."""
    return list(dossier.legs.filter(ended_at=dossier.ended_at).select_related("agency"))
