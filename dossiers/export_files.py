"""A table into a file, row by row: XLSX, CSV for spreadsheets, or a PDF that a list has of its own.

What a citizen wrote is data: a text that begins like a formula is told to be text.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from dossiers.errors import ExportRefused

Value = str | int | date | datetime | None
Beat = Callable[[int], None]
BEAT_EVERY = 2000
MOST_ROWS = 1_000_000  # a sheet holds a little more
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "pdf": "application/pdf",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Table:
    title: str
    # of each its name and its width in letters
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Value]]
    pdf: Callable[[], bytes] | None = None


def write(path: Path, format: str, table: Table, beat: Beat) -> int:
    """How many rows it holds; shows a sign of life every so many rows."""
    if format == "pdf":
        return _write_pdf(path, table)
    return (_write_csv if format == "csv" else _write_xlsx)(path, table, beat)


def safe(text: str) -> str:
    """Neither Excel nor LibreOffice takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _write_csv(path: Path, table: Table, beat: Beat) -> int:
    done = 0
    # With the mark by which Excel knows UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, _ in table.columns])
        for done, row in enumerate(_counted(table.rows, beat), start=1):  # noqa: B007
            writer.writerow([_text(value) for value in row])
    return done


def _write_xlsx(path: Path, table: Table, beat: Beat) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.title[:31])
    sheet.freeze_panes = "A2"
    for number, (_, width) in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    head = []
    for name, _ in table.columns:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    done = 0
    for done, row in enumerate(_counted(table.rows, beat), start=1):  # noqa: B007
        sheet.append([_cell(value) for value in row])
    book.save(path)
    return done


def _write_pdf(path: Path, table: Table) -> int:
    if table.pdf is None:
        raise ExportRefused("Danh sách này không xuất ra PDF.")
    path.write_bytes(table.pdf())
    return 0


def _counted(rows: Iterable[Sequence[Value]], beat: Beat) -> Iterator[Sequence[Value]]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise ExportRefused("Danh sách quá dài; hãy lọc bớt.")
        if number % BEAT_EVERY == 0:
            beat(number)
        yield row


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return safe(str(value))


def _cell(value: Value) -> str | int | date | datetime | None:
    """Sheets know no zones: local time as it stands on the wall."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    return safe(value) if isinstance(value, str) else value
