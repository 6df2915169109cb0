"""The citizen takes the dossier back (rút hồ sơ)."""

from datetime import datetime
from uuid import UUID

from agencies.models import User
from dossiers import ending
from dossiers.acting import performing
from dossiers.models import Dossier, Status
from dossiers.reasons import given


def withdraw(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, reason: str
) -> Dossier:
    """In time or overdue, never early; before acceptance it stands in no figure."""
    reason = given(reason)
    with performing("withdraw", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.lodged_at])
            act.move(Status.WITHDRAWN)
            act.changes["closing_reason"] = reason
            ending.end(act, negative=True)
    return act.dossier
