"""The citizen must pay before the work goes on (nghĩa vụ tài chính): the clock stands still."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.models import User
from dossiers import ending, errors, legs, supplement
from dossiers.acting import Act, performing
from dossiers.models import Dossier, FeeDue, Payment, Status
from dossiers.models import Suspension as Wait
from motcua.text import clean


@dataclass(frozen=True)
class Charge:
    """An amount found only while working: a tax, a land-use fee."""

    name: str
    amount_vnd: int
    ground: str = ""


def request(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    charges: Sequence[Charge] = (),
) -> Dossier:
    """State 6; refuses when nothing is owed."""
    with performing("charge", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.competent])
            act.move(Status.FINANCIAL)
            _charge(act, charges)
            open_legs = legs.open_legs(act.dossier, now)
            Wait.objects.create(dossier=act.dossier, ground=Wait.Ground.FINANCIAL, starts_at=now)
            legs.suspend(open_legs, now)
            ending.show_lodged(act, open_legs)
            act.changes["financial_status"] = Payment.DUE
    return act.dossier


def settle(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, waiver_ground: str = ""
) -> Dossier:
    """Everything due is paid, or waived on a ground. From 6 the work goes on (4)."""
    ground = clean(waiver_ground)[:300]
    with performing("settle", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.lodged_at])
            state = Payment.WAIVED if ground else Payment.SETTLED
            close(act, state, ground)
            if act.dossier.status == Status.FINANCIAL:
                act.move(Status.PROCESSING)
                supplement.go_on(act)
    return act.dossier


def _charge(act: Act, charges: Sequence[Charge]) -> None:
    if any(one.amount_vnd <= 0 or not clean(one.name) for one in charges):
        raise errors.NothingToPay("Mỗi khoản cần có tên và số tiền lớn hơn 0.")
    FeeDue.objects.bulk_create(
        FeeDue(
            dossier=act.dossier,
            name=clean(one.name)[:200],
            amount_vnd=one.amount_vnd,
            ground=clean(one.ground)[:300],
        )
        for one in charges
    )
    if not charges and not act.dossier.fees.filter(state=Payment.DUE).exists():
        raise errors.NothingToPay


def close(act: Act, state: str, ground: str) -> None:
    """Everything due is settled, or waived on the ground."""
    due = FeeDue.objects.filter(dossier=act.dossier, state=Payment.DUE)
    if not due.update(state=state, waiver_ground=ground, settled_at=act.now):
        raise errors.NothingToPay
    act.changes["financial_status"] = state
