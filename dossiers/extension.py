"""The legal limit itself is moved, by a decision with its ground (gia hạn)."""

from datetime import datetime
from uuid import UUID

from agencies.models import User
from dossiers import ending, errors, legs, permission
from dossiers.acting import performing
from dossiers.models import Dossier, Extension, Status
from dossiers.reasons import given
from motcua.text import clean


def extend(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    new_due_at: datetime,
    reason: str,
    legal_ground: str = "",
) -> Dossier:
    """A leader's decision, before the lapse; afterwards only an apology is left, and that cures
    nothing. Forwarded legs that took the dossier's own due moment move with it."""
    reason = given(reason)
    with performing("extend", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.competent], permission.LEADERS)
            act.stay_in(Status.ACCEPTED, Status.PROCESSING)
            if dossier.due_at != act.dossier.due_at:
                raise errors.DossierChanged
            open_legs = legs.open_legs(act.dossier, now)
            moved = [one for one in open_legs if one.leg.due_at == act.dossier.due_at]
            _check(act.dossier, open_legs, now, new_due_at)
            _decide(act.dossier, moved, now, new_due_at, actor, reason, clean(legal_ground))
            legs.extend(moved, now, new_due_at)
            ending.show_lodged(act, moved)
    return act.dossier


def _check(
    dossier: Dossier, open_legs: list[legs.OpenLeg], now: datetime, new_due_at: datetime
) -> None:
    old = dossier.due_at
    if old is None or new_due_at <= old or new_due_at <= now:
        raise errors.ExtensionInvalid(fields={"new_due_at": "Phải sau thời hạn hiện tại."})
    if any(one.is_lodged and one.span.has_lapsed(now) for one in open_legs):
        raise errors.ExtensionInvalid(
            "Hồ sơ đã quá hạn, không gia hạn được; chỉ còn xin lỗi và hẹn lại ngày trả."
        )


def _decide(
    dossier: Dossier,
    moved: list[legs.OpenLeg],
    now: datetime,
    new_due_at: datetime,
    actor: User,
    reason: str,
    legal_ground: str,
) -> None:
    Extension.objects.bulk_create(
        Extension(
            dossier=dossier,
            leg=None if one.is_lodged else one.leg,
            at=now,
            old_due_at=dossier.due_at or new_due_at,
            new_due_at=new_due_at,
            reason=reason,
            legal_ground=legal_ground[:300],
            decided_by=actor,
        )
        for one in moved
    )
