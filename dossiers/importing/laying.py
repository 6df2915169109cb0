"""A judged dossier as rows of all tables."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import cast
from uuid import NAMESPACE_OID, UUID, uuid5

from dossiers.importing import beside, tables
from dossiers.importing.catalogue import Catalogue
from dossiers.importing.clocks import JudgedLeg
from dossiers.importing.judging import Judged
from dossiers.importing.staging import Staged
from dossiers.importing.tables import Tables
from dossiers.ledger import Span
from dossiers.models import (
    Delivery,
    ImportBatch,
    Leg,
)
from dossiers.tally import contributions
from motcua.text import fold, sort_key

_OWN_CODE = re.compile(r"(?P<agency>.+)-(?P<day>\d{6})-(?P<number>\d{4,9})")
_NO_REASON = "Không ghi trong dữ liệu nhập"
_FEE_NAME = "Phí, lệ phí"
_MOST_AT_ONCE = 32_000


class Layer:
    """Writes judged dossiers into the temporary tables; gathers counts and own codes."""

    def __init__(self, catalogue: Catalogue, now: datetime, batch: ImportBatch) -> None:
        # Written into most rows: as text it is formatted once.
        self.catalogue, self.now = catalogue, now.isoformat()
        self.batch_id, self.is_demo = batch.pk, batch.is_demo
        self.tables = Tables()
        self.counts: Counter[tuple[int, int, str, bool, int, str]] = Counter()
        self.own_codes: dict[tuple[int, date], int] = {}

    def add(self, judged: Judged, intake_hash: str) -> None:
        dossier_id = self.tables.next_id(tables.DOSSIER)
        holder_fold = fold(judged.staged.holder)
        holder_id = self._party(judged.staged, holder_fold)
        self._dossier(judged, (dossier_id, holder_id), holder_fold, intake_hash)
        leg_ids = [
            self._leg(judged, leg, dossier_id, position)
            for position, leg in enumerate(judged.legs, 1)
        ]
        beside.put_waits(self.tables, judged, dossier_id, leg_ids)
        beside.put_passages(self.tables, judged, dossier_id, leg_ids)
        beside.put_fee(self.tables, judged, dossier_id)
        beside.put_events(self.tables, judged, dossier_id, self.now)
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

    def _party(self, row: Staged, holder_fold: str) -> int:
        holder_id = self.tables.next_id(tables.PARTY)
        self.tables.add(
            tables.PARTY,
            (
                holder_id,
                row.holder_kind,
                row.holder,
                holder_fold,
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

    def _dossier(
        self, judged: Judged, ids: tuple[int, int], holder_fold: str, intake_hash: str
    ) -> None:
        dossier_id, holder_id = ids
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
                sorted(agency.pk for agency in history.agencies),
                row.channel,
                history.status.value,
                holder_id,
                row.holder,
                holder_fold,
                row.address,
                "",
                row.submitted_at,
                row.accepted_at,
                lodged.original_due_at,
                last.due_at,
                last.lapses_at,
                history.ended_at,
                history.returned_at,
                history.returned_at,
                history.closing_reason,
                len(history.waits),
                beside.payment(judged),
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
