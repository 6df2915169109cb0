"""Files of histories for the tests: smallest valid rows, changed by name."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from agencies.models import Agency
from calendars.clock import ZONE
from dossiers.importing.rows import COLUMNS
from dossiers.importing.run import Imported, import_file
from procedures.models import ProcedureVersion
from tests import make

Row = dict[str, Any]
# When the files of the tests are imported.
LATER = make.at("2024-12-31 08:00")


def dossier_row(agency: Agency, version: ProcedureVersion, code: str = "A-1", **cells: Any) -> Row:
    row: Row = dict.fromkeys(COLUMNS["dossiers"])
    return (
        row
        | {
            "code": code,
            "procedure": version.procedure.code,
            "agency": agency.code,
            "channel": "direct",
            "accepted_at": "2024-06-03 09:00",
            "holder": "Nguyễn Thị Én",
            "holder_kind": "person",
        }
        | cells
    )


def event_row(act: str, at: str | datetime, code: str = "A-1", **cells: Any) -> Row:
    row: Row = dict.fromkeys(COLUMNS["events"])
    return row | {"code": code, "at": at, "act": act} | cells


def write(path: Path, dossiers: Iterable[Row], events: Iterable[Row] = ()) -> Path:
    book = Workbook(write_only=True)
    for name, rows in (("dossiers", dossiers), ("events", events)):
        sheet = book.create_sheet(name)
        sheet.append(COLUMNS[name])
        for row in rows:
            sheet.append([_cell(row[column]) for column in COLUMNS[name]])
    book.save(path)
    return path


def bring(path: Path, dossiers: Iterable[Row], events: Iterable[Row] = ()) -> Imported:
    """Write a file into the folder and import it."""
    return import_file(write(path / "ho-so.xlsx", dossiers, events), now=LATER)


def _cell(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(ZONE).replace(tzinfo=None)
    return value
