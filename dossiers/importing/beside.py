"""What stands beside an imported dossier and its legs: waits, extensions, steps, fee, events."""

import json

from dossiers.importing import tables
from dossiers.importing.clocks import due_after, due_before
from dossiers.importing.history import Done
from dossiers.importing.judging import Judged
from dossiers.importing.rows import Act
from dossiers.importing.tables import Tables
from dossiers.models import Outcome, Payment, Status, SupplementRequest, Suspension

_NO_REASON = "Không ghi trong dữ liệu nhập"
_FEE_NAME = "Phí, lệ phí"
# Names of acts in the history, as the acts at the counter write them.
NAMES = {
    Act.ACCEPT: "accept",
    Act.SUSPEND: "supplement",
    Act.RESUME: "supplemented",
    Act.EXTEND: "extend",
    Act.RESULT: "finish",
    Act.HANDOVER: "hand_over",
    Act.WITHDRAW: "withdraw",
    Act.STOP: "stop",
    Act.FORWARD: "send",
    Act.ACKNOWLEDGE: "acknowledge",
}

_OUTCOME = {one: json.dumps({"outcome": one}) for one in (None, *Outcome)}
_ENDING = (Act.RESULT, Act.WITHDRAW, Act.STOP)


def put_waits(into: Tables, judged: Judged, dossier_id: int, leg_ids: list[int]) -> None:
    history = judged.history
    for number, wait in enumerate(history.waits, 1):
        supplement_id = into.next_id(tables.SUPPLEMENT)
        into.add(
            tables.SUPPLEMENT,
            (
                supplement_id,
                dossier_id,
                number,
                SupplementRequest.Stage.EXAMINATION.value,
                json.dumps([wait.reason or _NO_REASON], ensure_ascii=False),
                wait.reason or _NO_REASON,
                "",
                wait.starts_at,
                wait.ends_at,
            ),
        )
        ground, ends_at = Suspension.Ground.SUPPLEMENT.value, wait.ends_at or history.ended_at
        into.add(tables.SUSPENSION, (dossier_id, ground, supplement_id, wait.starts_at, ends_at))
    for leg, leg_id in zip(judged.legs, leg_ids, strict=True):
        of_leg = leg_id if leg.is_forwarded else None
        for at, old_due_at, new_due_at, reason in leg.decisions:
            into.add(
                tables.EXTENSION,
                (dossier_id, of_leg, at, old_due_at, new_due_at, reason or _NO_REASON, ""),
            )


def put_passages(into: Tables, judged: Judged, dossier_id: int, leg_ids: list[int]) -> None:
    for passage in judged.history.passages:
        of_leg = next(
            (
                leg_id
                for leg, leg_id in zip(judged.legs, leg_ids, strict=True)
                if leg.origin is passage.leg
            ),
            leg_ids[0],
        )
        into.add(
            tables.STEP_RUN,
            (
                dossier_id,
                of_leg,
                passage.agency.pk,
                passage.sent_at,
                passage.acknowledged_at,
                passage.done_at,
                passage.note[:500],
            ),
        )


def put_fee(into: Tables, judged: Judged, dossier_id: int) -> None:
    amount = judged.staged.fee_vnd
    if not amount:
        return
    rates = list(judged.version.fees.all())
    state = payment(judged)
    settled_at = judged.history.ended_at if state == Payment.SETTLED else None
    into.add(
        tables.FEE,
        (
            dossier_id,
            rates[0].name if len(rates) == 1 else _FEE_NAME,
            amount,
            rates[0].ground if len(rates) == 1 else "",
            state,
            "",
            settled_at,
        ),
    )


def put_events(into: Tables, judged: Judged, dossier_id: int, now: str) -> None:
    history, spans = judged.history, judged.legs[0].spans
    accepted = Done(
        Act.ACCEPT, judged.staged.accepted_at, history.lodged_at, None, Status.ACCEPTED, {}
    )
    for number, done in enumerate([accepted, *history.done]):
        into.add(
            tables.EVENT,
            (
                dossier_id,
                NAMES[done.act],
                done.at,
                now,
                done.agency.pk,
                done.before.value if done.before else None,
                done.after.value,
                due_before(spans, done.at) if number else None,
                due_after(spans, done.at) if number else judged.legs[0].original_due_at,
                _detail(done, judged),
            ),
        )


def _detail(done: Done, judged: Judged) -> str:
    if done.at == judged.history.ended_at and done.act in _ENDING:
        return _OUTCOME[judged.legs[0].outcome]
    return json.dumps(done.detail) if done.detail else "{}"


def payment(judged: Judged) -> str:
    """A result is given out when its fee is paid; an open dossier still owes it."""
    if not judged.staged.fee_vnd:
        return Payment.NONE.value
    has_result = judged.history.status in {Status.DONE, Status.RETURNED}
    return (Payment.SETTLED if has_result else Payment.DUE).value
