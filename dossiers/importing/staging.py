"""The rows of a file on their way in: temporary tables, filled by COPY, and read as histories.

Numbers and phones are encrypted before they leave this process; the tables end with the
transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from dossiers.importing.copying import CHUNK, Copier
from dossiers.importing.faults import DOSSIERS, EVENTS, Faults
from dossiers.importing.rows import COLUMNS, DossierRow, EventRow, dossier_row, event_row
from dossiers.secrets import encrypt, keyed_hash
from motcua.spreadsheet import Row, read_sheets

MOST_ROWS = 1_000_000
# (sheet, row) in our own columns, out of a file.
Reader = Callable[[Path], Iterator[tuple[str, Row]]]

# Dropped first: one transaction may hold two imports.
_TABLES = """
DROP TABLE IF EXISTS pg_temp.import_dossier, pg_temp.import_event;
CREATE TEMPORARY TABLE import_dossier (
    row integer, code text, procedure text, agency text, competent_agency text, channel text,
    submitted_at timestamptz, accepted_at timestamptz, due_at timestamptz, holder text,
    holder_kind text, citizen_cipher bytea, citizen_hash bytea, phone_cipher bytea,
    phone_hash bytea, address text, fee_vnd bigint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE import_event (
    row integer, code text, at timestamptz, act text, agency text, new_date timestamptz,
    reason text
) ON COMMIT DROP
"""
_REPEATED = """
SELECT row, first, code FROM (
    SELECT row, code, first_value(row) OVER same AS first FROM import_dossier
    WINDOW same AS (PARTITION BY code ORDER BY row)
) AS numbered WHERE row > first ORDER BY row
"""
_ORPHANS = """
SELECT row, code FROM import_event
WHERE NOT EXISTS (SELECT FROM import_dossier WHERE import_dossier.code = import_event.code)
ORDER BY row
"""
_DOSSIERS = """
SELECT staged.*, known.intake_hash AS known_hash
FROM import_dossier AS staged LEFT JOIN dossiers_dossier AS known ON known.code = staged.code
ORDER BY staged.code COLLATE "C", staged.row
"""
_EVENTS = 'SELECT * FROM import_event ORDER BY code COLLATE "C", at, row'


class Staged(NamedTuple):
    """A dossier's row as staged; `known_hash` is that of the dossier that we already have."""

    row: int
    code: str
    procedure: str
    agency: str
    competent_agency: str
    channel: str
    submitted_at: Any
    accepted_at: Any
    due_at: Any
    holder: str
    holder_kind: str
    citizen_cipher: memoryview | None
    citizen_hash: memoryview | None
    phone_cipher: memoryview | None
    phone_hash: memoryview | None
    address: str
    fee_vnd: int | None
    known_hash: str | None


def own_format(path: Path) -> Iterator[tuple[str, Row]]:
    """A file whose sheets and columns have our names."""
    return read_sheets(path, COLUMNS, max_rows=MOST_ROWS)


def stage(path: Path, faults: Faults, reader: Reader = own_format) -> int:
    """Read the file into the temporary tables; what is wrong with a row goes to `faults`."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
    dossiers = Copier("import_dossier", Staged._fields[:-1])
    events = Copier("import_event", EventRow._fields)
    rows = 0
    for sheet, row in reader(path):
        rows += 1
        tell = partial(faults.add, sheet, row.number)
        if sheet == DOSSIERS:
            made = dossier_row(row, tell)
            _put(dossiers, row, _sealed(made) if made else None, faults)
        else:
            _put(events, row, event_row(row, tell), faults)
    dossiers.flush()
    events.flush()
    _check_codes(faults)
    return rows


def count() -> int:
    """How many dossiers were staged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM import_dossier")
        (number,) = cursor.fetchone()
    return int(number)


def histories() -> Iterator[tuple[Staged, list[EventRow]]]:
    """Every dossier with its events in order of time; memory does not grow with the file."""
    events = groupby(map(EventRow._make, _stream("staged_events", _EVENTS)), key=attrgetter("code"))
    code, ahead = _next(events)
    for staged in map(Staged._make, _stream("staged_dossiers", _DOSSIERS)):
        # Both sides go by code; events of unknown codes were told by `stage`.
        while code is not None and code < staged.code:
            code, ahead = _next(events)
        yield staged, ahead if code == staged.code else []


def _put(table: Copier, row: Row, fields: Sequence[object] | None, faults: Faults) -> None:
    """A row with a wrong cell is left out; its dossier's history is then not looked at."""
    if fields is None:
        faults.unusable.add(str(row.values["code"]))
    else:
        table.add(fields)


def _sealed(made: DossierRow) -> Sequence[object]:
    """The fields of `import_dossier`."""
    *before, number, phone, address, fee_vnd = made
    return (
        *before,
        encrypt(number) if number else None,
        keyed_hash(number) if number else None,
        encrypt(phone) if phone else None,
        keyed_hash(phone) if phone else None,
        address,
        fee_vnd,
    )


def _check_codes(faults: Faults) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE import_dossier, import_event")
        cursor.execute(_REPEATED)
        for row, first, code in cursor.fetchall():
            faults.add(DOSSIERS, row, "code", f"Mã hồ sơ lặp lại của dòng {first}.")
            faults.unusable.add(code)
        cursor.execute(_ORPHANS)
        for row, code in cursor.fetchall():
            if code not in faults.unusable:
                faults.add(EVENTS, row, "code", f"Trang “{DOSSIERS}” không có mã hồ sơ này.")


def _stream(name: str, query: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a query, a chunk at a time."""
    # A cursor with a name of its own: Django's `iterator` does this for models only.
    assert connection.connection is not None
    with connection.connection.cursor(name=name) as cursor:
        cursor.itersize = CHUNK
        cursor.execute(query)
        yield from cursor


def _next(
    events: Iterator[tuple[str, Iterator[EventRow]]],
) -> tuple[str | None, list[EventRow]]:
    for code, group in events:
        return code, list(group)
    return None, []
