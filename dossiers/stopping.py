"""The agency stops the work (dừng giải quyết; Thông tư 03/2025/TT-VPCP, Mẫu 05)."""

from datetime import datetime
from uuid import UUID

from agencies.models import User
from dossiers import ending, permission, slips
from dossiers.acting import performing
from dossiers.models import Dossier, SlipKind, Status
from dossiers.reasons import given


def stop(dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, reason: str) -> Dossier:
    """A leader's decision with its reason; in time or overdue, never early."""
    reason = given(reason)
    with performing("stop", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.competent], permission.LEADERS)
            act.move(Status.STOPPED)
            act.changes["closing_reason"] = reason
            ending.end(act, negative=True)
            slips.issue(act.dossier, SlipKind.STOP, actor=actor, now=now)
    return act.dossier
