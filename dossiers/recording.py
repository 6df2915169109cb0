"""A new dossier with all that belongs to it, written by one statement.

One round trip whatever the number of components: data-modifying CTEs, the children taking their
parent's id from it. The rows are model instances, so that columns and values are the models'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model

from dossiers.models import (
    ClockSpan,
    Dossier,
    DossierComponent,
    DossierEvent,
    FeeDue,
    Leg,
    TallyDelta,
)

_DOSSIER = {"dossier_id": "(SELECT id FROM dossier)"}
_LEG = {"leg_id": "(SELECT id FROM leg)"}


@dataclass
class Parts:
    """What is written with a dossier; the foreign keys to dossier and leg are left open."""

    event: DossierEvent
    components: Sequence[DossierComponent] = ()
    fees: Sequence[FeeDue] = ()
    leg: Leg | None = None
    spans: Sequence[ClockSpan] = ()
    deltas: Sequence[TallyDelta] = field(default_factory=list)


def record(dossier: Dossier, parts: Parts) -> Dossier:
    """Insert everything and give the dossier and its leg their ids; one statement."""
    writer = _Statement()
    writer.insert("dossier", [dossier], {})
    if parts.leg is not None:
        writer.insert("leg", [parts.leg], _DOSSIER)
    writer.insert("span", parts.spans, _LEG)
    writer.insert("event", [parts.event], _DOSSIER)
    writer.insert("component", parts.components, _DOSSIER)
    writer.insert("fee", parts.fees, _DOSSIER)
    writer.insert("delta", parts.deltas, {})
    dossier.pk, leg_id = writer.run(has_leg=parts.leg is not None)
    dossier._state.adding = False
    if parts.leg is not None:
        parts.leg.pk = leg_id
    return dossier


class _Statement:
    def __init__(self) -> None:
        self.inserts: list[str] = []
        self.values: list[Any] = []

    def insert(self, name: str, rows: Sequence[Model], given: Mapping[str, str]) -> None:
        if not rows:
            return
        meta = rows[0]._meta
        columns = [one for one in meta.local_concrete_fields if not one.primary_key]
        tuples = []
        for row in rows:
            marks = []
            for column in columns:
                if column.attname in given:
                    marks.append(given[column.attname])
                else:
                    value = column.pre_save(row, add=True)
                    self.values.append(column.get_db_prep_save(value, connection))
                    marks.append("%s")
            tuples.append(f"({', '.join(marks)})")
        names = ", ".join(f'"{column.column}"' for column in columns)
        # Only names of our own models; every value is a parameter.
        self.inserts.append(
            f'{name} AS (INSERT INTO "{meta.db_table}" ({names}) '  # noqa: S608
            f"VALUES {', '.join(tuples)} RETURNING id)"
        )

    def run(self, *, has_leg: bool) -> tuple[int, int | None]:
        leg = "(SELECT id FROM leg)" if has_leg else "NULL"
        sql = f"WITH {', '.join(self.inserts)} SELECT id, {leg} FROM dossier"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, self.values)
            dossier_id, leg_id = cursor.fetchone()
        return dossier_id, leg_id
