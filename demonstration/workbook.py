"""Writes histories as a file of the import format, marked as invented."""

from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from demonstration.histories import Rows
from demonstration.people import MARK

DOSSIER_COLUMNS = (
    "code", "procedure", "agency", "competent_agency", "channel", "submitted_at", "accepted_at",
    "due_at", "holder", "holder_kind", "citizen_id", "phone", "address", "fee_vnd",
)  # fmt: skip
EVENT_COLUMNS = ("code", "at", "act", "agency", "new_date", "reason")


def write(rows: Rows, path: Path) -> None:
    """One sheet of dossiers, one of events; local time without offset."""
    book = Workbook(write_only=True)
    book.properties.title = f"Hồ sơ {MARK}: người và ngày tháng được đặt ra"
    for name, columns, lines in (
        ("dossiers", DOSSIER_COLUMNS, rows.dossiers),
        ("events", EVENT_COLUMNS, rows.events),
    ):
        sheet = book.create_sheet(name)
        sheet.append(columns)
        for line in lines:
            sheet.append([_cell(line.get(column)) for column in columns])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None, second=0, microsecond=0)
    return value
