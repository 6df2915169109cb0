"""The tables that an import fills: which columns, first as temporary tables, then for good.

Ids that other rows refer to are taken from the tables' own sequences, a chunk at a time.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db import connection

from dossiers.importing.copying import CHUNK, Copier


class Table(NamedTuple):
    """`made`: a column that PostgreSQL fills with a random uuid."""

    name: str
    columns: tuple[str, ...]
    made: str = ""

    @property
    def temporary(self) -> str:
        return self.name.replace("dossiers_", "new_")


PARTY = Table(
    "dossiers_party",
    (
        "id", "kind", "name", "name_fold", "sort_key", "citizen_id_cipher", "citizen_id_hash",
        "phone_cipher", "phone_hash", "email", "address", "created_at",
    ),
    made="public_id",
)  # fmt: skip
DOSSIER = Table(
    "dossiers_dossier",
    (
        "id", "code", "intake_key", "intake_hash", "version_id", "rule_set_id", "lodged_at_id",
        "competent_id", "held_by_id", "agency_ids", "channel", "status", "holder_id",
        "holder_name", "holder_fold", "holder_address", "summary", "submitted_at", "accepted_at",
        "original_due_at", "due_at", "lapses_at", "ended_at", "returned_at", "delivered_at",
        "closing_reason", "supplement_count", "financial_status", "delivery",
        "sync_status", "batch_id", "is_demo",
    ),
    made="public_id",
)  # fmt: skip
LEG = Table(
    "dossiers_leg",
    (
        "id", "dossier_id", "position", "is_forwarded", "agency_id", "procedure_id", "field_id",
        "block_id", "channel", "accepted_at", "limit_value", "limit_unit", "given_due_at",
        "due_at", "lapses_at", "ended_at", "outcome",
    ),
)  # fmt: skip
SPAN = Table(
    "dossiers_clockspan",
    ("leg_id", "in_force", "due_at", "lapses_at", "is_suspended", "lapsed_before", "reason"),
)
SUPPLEMENT = Table(
    "dossiers_supplementrequest",
    (
        "id", "dossier_id", "number", "stage", "items", "reason", "legal_ground", "requested_at",
        "completed_at",
    ),
)  # fmt: skip
SUSPENSION = Table(
    "dossiers_suspension", ("dossier_id", "ground", "supplement_id", "starts_at", "ends_at")
)
EXTENSION = Table(
    "dossiers_extension",
    ("dossier_id", "leg_id", "at", "old_due_at", "new_due_at", "reason", "legal_ground"),
)
STEP_RUN = Table(
    "dossiers_steprun",
    ("dossier_id", "leg_id", "agency_id", "sent_at", "acknowledged_at", "done_at", "note"),
    made="public_id",
)
FEE = Table(
    "dossiers_feedue",
    ("dossier_id", "name", "amount_vnd", "ground", "state", "waiver_ground", "settled_at"),
)
EVENT = Table(
    "dossiers_dossierevent",
    (
        "dossier_id", "act", "at", "recorded_at", "agency_id", "from_status", "to_status",
        "due_before", "due_after", "detail",
    ),
    made="request_id",
)  # fmt: skip
DELTA = Table(
    "dossiers_tallydelta",
    ("bucket", "agency_id", "block_id", "channel", "is_forwarded", "measure", "amount"),
)
# In the order in which they may be filled: nothing refers to what comes after it.
TABLES = (
    PARTY, DOSSIER, LEG, SPAN, SUPPLEMENT, SUSPENSION, EXTENSION, STEP_RUN, FEE, EVENT, DELTA,
)  # fmt: skip


class Tables:
    """The temporary tables, one copier each, and the ids to come."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            for table in TABLES:
                columns = ", ".join(table.columns)
                # Only names of our own tables and columns.
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table.temporary}")
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {table.temporary} ON COMMIT DROP AS "  # noqa: S608
                    f"SELECT {columns} FROM {table.name} WITH NO DATA"
                )
        self._copiers = {table.name: Copier(table.temporary, table.columns) for table in TABLES}
        self._ids = {table.name: _ids(table.name) for table in TABLES if table.columns[0] == "id"}

    def add(self, table: Table, values: Sequence[object]) -> None:
        self._copiers[table.name].add(values)

    def next_id(self, table: Table) -> int:
        return next(self._ids[table.name])

    def flush(self) -> None:
        for copier in self._copiers.values():
            copier.flush()


def _ids(table: str) -> Iterator[int]:
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, CHUNK],
            )
            rows = cursor.fetchall()
        yield from (pk for (pk,) in rows)
