"""A judged dossier as rows of all tables."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import cast
from uuid import NAMESPACE_OID, UUID, uuid5

from dossiers.importing import tables
from dossiers.importing.catalogue import Catalogue
from dossiers.importing.history import Done
from dossiers.importing.judging import Judged, JudgedLeg
from dossiers.importing.rows import Act
from dossiers.importing.tables import Tables
from dossiers.ledger import Span
from dossiers.models import (
    Delivery,
    ImportBatch,
    Leg,
    Payment,
    Status,
    SupplementRequest,
    Suspension,
)
from dossiers.tally import contributions
from motcua.text import fold, sort_key

_OWN_CODE = re.compile(r"(?P<agency>.+)-(?P<day>\d{6})-(?P<number>\d{4,9})")
_NO_REASON = "Không ghi trong dữ liệu nhập"
_FEE_NAME = "Phí, lệ phí"
_MOST_AT_ONCE = 32_000
_NO_ITEMS = json.dumps([_NO_REASON], ensure_ascii=False)

# Names of acts in the history, as the acts at the counter write them.
NAMES = {
    Act.ACCEPT: "accept",
    Act.SUSPEND: "request_supplement",
    Act.RESUME: "complete_supplement",
    Act.EXTEND: "extend",
    Act.RESULT: "finish",
    Act.HANDOVER: "hand_over",
    Act.WITHDRAW: "withdraw",
    Act.STOP: "stop",
    Act.FORWARD: "send",
    Act.ACKNOWLEDGE: "acknowledge",
}


class Layer:
    """Writes judged dossiers into the temporary tables; gathers counts and own codes."""

    def __init__(self, catalogue: Catalogue, now: datetime, batch: ImportBatch) -> None:
        self.catalogue, self.now = catalogue, now
        self.batch_id, self.is_demo = batch.pk, batch.is_demo
        self.tables = Tables()
        self.counts: Counter[tuple[int, int, str, bool, int, str]] = Counter()
        self.own_codes: dict[tuple[int, date], int] = {}

    def add(self, judged: Judged, intake_hash: str) -> None:
        dossier_id = self.tables.next_id(tables.DOSSIER)
        holder_id = self._party(judged)
        self._dossier(judged, dossier_id, holder_id, intake_hash)
        leg_ids = [
            self._leg(judged, leg, dossier_id, position)
            for position, leg in enumerate(judged.legs, 1)
        ]
        self._clock(judged, dossier_id)
        self._passages(judged, dossier_id, leg_ids)
        self._fee(judged, dossier_id)
        self._events(judged, dossier_id)
        self._note_own_code(judged.staged.code)

    def finish(self) -> dict[tuple[int, date], int]:
        """Send the rest; the highest own number of each agency and day."""
        for (agency, block, channel, is_forwarded, bucket, measure), amount in self.counts.items():
            for part in _parts(amount):
                self.tables.add(
                    tables.DELTA,
                    (bucket, agency, block, channel, is_forwarded, measure, part),
                )
        self.tables.flush()
        return self.own_codes

    def _party(self, judged: Judged) -> int:
        row = judged.staged
        holder_id = self.tables.next_id(tables.PARTY)
        self.tables.add(
            tables.PARTY,
            (
                holder_id,
                row.holder_kind,
                row.holder,
                fold(row.holder),
                sort_key(row.holder),
                row.citizen_cipher,
                row.citizen_hash,
                row.phone_cipher,
                row.phone_hash,
                "",
                row.address,
                self.now,
            ),
        )
        return holder_id

    def _dossier(self, judged: Judged, dossier_id: int, holder_id: int, intake_hash: str) -> None:
        row, history, lodged = judged.staged, judged.history, judged.legs[0]
        last = lodged.spans[-1]
        self.tables.add(
            tables.DOSSIER,
            (
                dossier_id,
                row.code,
                intake_key(row.code),
                intake_hash,
                judged.version.pk,
                judged.rule_set.pk,
                history.lodged_at.pk,
                history.competent.pk,
                history.held_by.pk,
                [agency.pk for agency in history.agencies],
                row.channel,
                history.status.value,
                holder_id,
                row.holder,
                fold(row.holder),
                row.address,
                "",
                row.submitted_at,
                row.accepted_at,
                lodged.spans[0].due_at,
                last.due_at,
                last.lapses_at,
                history.ended_at,
                history.returned_at,
                history.closing_reason,
                len(history.waits),
                _payment(judged),
                Delivery.COUNTER.value,
                "",
                self.batch_id,
                self.is_demo,
            ),
        )

    def _leg(self, judged: Judged, leg: JudgedLeg, dossier_id: int, position: int) -> int:
        leg_id = self.tables.next_id(tables.LEG)
        version, last = judged.version, leg.spans[-1]
        self.tables.add(
            tables.LEG,
            (
                leg_id,
                dossier_id,
                position,
                leg.is_forwarded,
                leg.agency.pk,
                version.procedure_id,
                version.field_id,
                version.field.block_id,
                judged.staged.channel,
                leg.accepted_at,
                leg.limit.value,
                leg.limit.unit.value,
                leg.given_due_at,
                last.due_at,
                last.lapses_at,
                leg.ended_at,
                leg.outcome.value if leg.outcome else "",
            ),
        )
        for span in leg.spans:
            self._span(leg_id, span)
        self._count(judged, leg)
        return leg_id

    def _span(self, leg_id: int, span: Span) -> None:
        until = span.ends_at.isoformat() if span.ends_at else ""
        self.tables.add(
            tables.SPAN,
            (
                leg_id,
                f"[{span.starts_at.isoformat()},{until})",
                span.due_at,
                span.lapses_at,
                span.is_suspended,
                span.lapsed_before,
                str(span.reason),
            ),
        )

    def _count(self, judged: Judged, leg: JudgedLeg) -> None:
        block, channel = judged.version.field.block_id, judged.staged.channel
        # It reads the instants and the outcome of a leg: no row is needed for that.
        for (bucket, measure), amount in contributions(cast("Leg", leg), leg.spans).items():
            key = (leg.agency.pk, block, channel, leg.is_forwarded, bucket, str(measure))
            self.counts[key] += amount

    def _clock(self, judged: Judged, dossier_id: int) -> None:
        for number, wait in enumerate(judged.history.waits, 1):
            supplement_id = self.tables.next_id(tables.SUPPLEMENT)
            items = json.dumps([wait.reason], ensure_ascii=False) if wait.reason else _NO_ITEMS
            self.tables.add(
                tables.SUPPLEMENT,
                (
                    supplement_id,
                    dossier_id,
                    number,
                    SupplementRequest.Stage.EXAMINATION.value,
                    items,
                    wait.reason or _NO_REASON,
                    "",
                    wait.starts_at,
                    wait.ends_at,
                ),
            )
            ground = Suspension.Ground.SUPPLEMENT.value
            self.tables.add(
                tables.SUSPENSION,
                (dossier_id, ground, supplement_id, wait.starts_at, wait.ends_at),
            )
        for move, old_due_at, new_due_at in judged.extended:
            reason = move.reason or _NO_REASON
            self.tables.add(
                tables.EXTENSION, (dossier_id, move.at, old_due_at, new_due_at, reason, "")
            )

    def _passages(self, judged: Judged, dossier_id: int, leg_ids: list[int]) -> None:
        """Steps inside legs: a passage belongs to its agency's leg, or to the lodged one."""
        for passage in judged.history.passages:
            leg_id = next(
                (
                    leg_id
                    for leg, leg_id in zip(judged.legs, leg_ids, strict=True)
                    if leg.is_forwarded and leg.accepted_at == passage.acknowledged_at
                ),
                leg_ids[0],
            )
            self.tables.add(
                tables.STEP_RUN,
                (
                    dossier_id,
                    leg_id,
                    passage.agency.pk,
                    passage.sent_at,
                    passage.acknowledged_at,
                    passage.done_at,
                    passage.note[:500],
                ),
            )

    def _fee(self, judged: Judged, dossier_id: int) -> None:
        amount = judged.staged.fee_vnd
        if not amount:
            return
        rates = list(judged.version.fees.all())
        state = _payment(judged)
        settled_at = judged.history.ended_at if state == Payment.SETTLED else None
        self.tables.add(
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

    def _events(self, judged: Judged, dossier_id: int) -> None:
        history, spans = judged.history, judged.legs[0].spans
        accepted = Done(
            Act.ACCEPT, judged.staged.accepted_at, history.lodged_at, None, Status.ACCEPTED
        )
        for number, done in enumerate([accepted, *history.done]):
            self.tables.add(
                tables.EVENT,
                (
                    dossier_id,
                    NAMES[done.act],
                    done.at,
                    self.now,
                    done.agency.pk,
                    done.before.value if done.before else None,
                    done.after.value,
                    _due_before(spans, done.at) if number else None,
                    _due_after(spans, done.at),
                    "{}",
                ),
            )

    def _note_own_code(self, code: str) -> None:
        """Own codes to come must not repeat what a file brought: the counter goes on from it."""
        found = _OWN_CODE.fullmatch(code)
        agency = self.catalogue.by_code.get(found["agency"]) if found else None
        day = _day(found["day"]) if found else None
        if found is not None and agency is not None and day is not None:
            key = (agency.pk, day)
            self.own_codes[key] = max(int(found["number"]), self.own_codes.get(key, 0))


def intake_key(code: str) -> UUID:
    """The same code has the same key: an imported dossier is taken in once."""
    return uuid5(NAMESPACE_OID, f"import:{code}")


def _due_before(spans: list[Span], at: datetime) -> datetime | None:
    return next((span.due_at for span in reversed(spans) if span.starts_at < at), spans[0].due_at)


def _due_after(spans: list[Span], at: datetime) -> datetime | None:
    return next(span.due_at for span in reversed(spans) if span.starts_at <= at)


def _payment(judged: Judged) -> str:
    """A result is given out when its fee is paid; an open dossier still owes it."""
    if not judged.staged.fee_vnd:
        return Payment.NONE.value
    has_result = judged.history.status in {Status.DONE, Status.RETURNED}
    return (Payment.SETTLED if has_result else Payment.DUE).value


def _parts(amount: int) -> Iterator[int]:
    """An amount as numbers that a smallint holds."""
    while amount:
        part = max(-_MOST_AT_ONCE, min(_MOST_AT_ONCE, amount))
        amount -= part
        yield part


def _day(yymmdd: str) -> date | None:
    try:
        return date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return None
