"""What may be done with a dossier now, and by whom (các bước chuyển trạng thái)?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from agencies.models import Agency, User
from agencies.scope import Scope
from dossiers import assignment, forwarding, opinion, permission
from dossiers.acting import performing
from dossiers.models import Dossier, Opinion, Payment, Status, StepRun
from dossiers.moves import ALLOWED, allowed_from

__all__ = ["ALLOWED", "Move", "Pending", "legal_moves", "start_processing"]


class Move(StrEnum):
    """The acts by their names; each is a function of the module in the comment."""

    ACCEPT = "accept"  # submission
    REFUSE = "refuse"  # submission
    START = "start_processing"  # lifecycle
    SEND = "send"  # forwarding
    ACKNOWLEDGE = "acknowledge"  # forwarding
    RECALL = "recall"  # forwarding
    ASSIGN = "assign"  # assignment
    ASK = "ask_opinion"  # opinion.ask
    ANSWER = "answer_opinion"  # opinion.answer
    SUPPLEMENT = "supplement"  # supplement.request
    SUPPLEMENTED = "supplemented"  # supplement.complete
    CHARGE = "charge"  # financial.request
    SETTLE = "settle"  # financial
    EXTEND = "extend"  # extension
    FINISH = "finish"  # result
    HAND_OVER = "hand_over"  # handover
    WITHDRAW = "withdraw"  # withdrawal
    STOP = "stop"  # stopping
    REOPEN = "reopen"  # result
    TAKE_BACK = "take_back"  # handover


class _Rule(NamedTuple):
    fits: Callable[[Dossier], bool]
    places: Callable[[Dossier], Iterable[Agency]]
    roles: Iterable[str] = permission.STAFF


def _leads_to(*to: Status) -> Callable[[Dossier], bool]:
    return lambda dossier: not allowed_from(dossier).isdisjoint(to)


def _is_in(*statuses: Status) -> Callable[[Dossier], bool]:
    return lambda dossier: dossier.status in statuses


def _in_hand(dossier: Dossier) -> list[Agency]:
    return [dossier.held_by]


def _counter(dossier: Dossier) -> list[Agency]:
    return [dossier.held_by, dossier.lodged_at]


def _answering(dossier: Dossier) -> list[Agency]:
    return [dossier.held_by, dossier.competent]


def _anywhere(dossier: Dossier) -> list[Agency]:
    return [dossier.held_by, dossier.lodged_at, dossier.competent]


def _may_supplement(dossier: Dossier) -> bool:
    if dossier.status == Status.SUPPLEMENT or Status.SUPPLEMENT not in allowed_from(dossier):
        return False
    allowed = dossier.rule_set.supplements_allowed
    return dossier.accepted_at is None or dossier.supplement_count < allowed


def _may_be_paid(dossier: Dossier) -> bool:
    return dossier.accepted_at is not None and dossier.financial_status == Payment.DUE


_WORKING = (Status.ACCEPTED, Status.PROCESSING)
_RULES = {
    Move.ACCEPT: _Rule(_leads_to(Status.ACCEPTED), _counter),
    Move.REFUSE: _Rule(_leads_to(Status.REFUSED), _counter),
    Move.START: _Rule(_is_in(Status.ACCEPTED), _answering),
    Move.SEND: _Rule(_is_in(*forwarding.MOVABLE), _in_hand),
    Move.ASK: _Rule(_is_in(*opinion.OPEN), _answering),
    Move.SUPPLEMENT: _Rule(_may_supplement, _counter),
    Move.SUPPLEMENTED: _Rule(_is_in(Status.SUPPLEMENT), _counter),
    Move.CHARGE: _Rule(_leads_to(Status.FINANCIAL), _answering),
    Move.SETTLE: _Rule(_may_be_paid, _counter),
    Move.EXTEND: _Rule(_is_in(*_WORKING), _answering, permission.LEADERS),
    Move.FINISH: _Rule(_leads_to(Status.DONE), _answering),
    Move.HAND_OVER: _Rule(_leads_to(Status.RETURNED), _anywhere),
    Move.WITHDRAW: _Rule(_leads_to(Status.WITHDRAWN), _counter),
    Move.STOP: _Rule(_leads_to(Status.STOPPED), _answering, permission.LEADERS),
    Move.REOPEN: _Rule(_is_in(Status.DONE), _answering, permission.LEADERS),
    Move.TAKE_BACK: _Rule(_is_in(Status.RETURNED), _anywhere, permission.LEADERS),
}


@dataclass(frozen=True)
class Pending:
    """What waits for somebody: a run not yet acknowledged, opinions not yet answered."""

    run: StepRun | None
    opinions: Sequence[Opinion]


def legal_moves(
    dossier: Dossier, scope: Scope, user_id: int | None = None, pending: Pending | None = None
) -> list[Move]:
    """The acts that state and role allow now, for buttons; each act checks again for itself.

    At most two statements of its own, none with `pending`; `held_by`, `lodged_at`, `competent`
    and `rule_set` are read. Without `user_id` what is allowed to a certain officer only is left
    out.
    """
    moves = [
        move
        for move, rule in _RULES.items()
        if rule.fits(dossier) and permission.allows(scope, rule.places(dossier), rule.roles)
    ]
    if _may_assign(dossier, scope, user_id):
        moves.append(Move.ASSIGN)
    if dossier.accepted_at is not None and _is_asked(dossier, scope, pending):
        moves.append(Move.ANSWER)
    if dossier.status in forwarding.MOVABLE:
        run = pending.run if pending else forwarding.waiting(dossier)
        _while_on_its_way(moves, run, scope)
    return moves


def _may_assign(dossier: Dossier, scope: Scope, user_id: int | None) -> bool:
    """The leader, whoever has it, and anybody when nobody has."""
    own = dossier.officer_id is None or dossier.officer_id == user_id
    roles = permission.STAFF if own and user_id else permission.LEADERS
    return dossier.status in assignment.ASSIGNABLE and permission.allows(
        scope, _in_hand(dossier), roles
    )


def _is_asked(dossier: Dossier, scope: Scope, pending: Pending | None) -> bool:
    waiting = pending.opinions if pending else opinion.waiting(dossier)
    asked = [one.asked_of for one in waiting]
    return permission.allows(scope, asked, permission.STAFF)


def _while_on_its_way(moves: list[Move], run: StepRun | None, scope: Scope) -> None:
    """Sent and not acknowledged: the receiver takes it, or the sender takes it back."""
    if run is None:
        return
    if Move.SEND in moves:
        moves[moves.index(Move.SEND)] = Move.RECALL
    if permission.allows(scope, [run.agency], permission.STAFF):
        moves.append(Move.ACKNOWLEDGE)


def start_processing(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    officer: User | None = None,
) -> Dossier:
    """2 → 4 in the office that has it: taken in hand by `officer`, or by the actor himself."""
    with performing(Move.START, dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require(_answering(act.dossier))
            act.stay_in(Status.ACCEPTED)  # a clock that stands still goes on by other acts
            act.move(Status.PROCESSING)
            act.changes["officer"] = officer or actor
    return act.dossier
