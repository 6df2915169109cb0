"""Reading a catalogue file: CSV (UTF-8) or XLSX (sheet `procedures`), row by row as text."""

import csv
from collections.abc import Iterator
from pathlib import Path

from motcua.spreadsheet import read_sheets
from motcua.text import clean
from procedures.errors import FileRefused
from procedures.rows import OPTIONAL, REQUIRED

SHEET = "procedures"
MAX_BYTES = 20 * 1024**2
MAX_ROWS = 20_000  # the nation has about 6,000 procedures

Numbered = tuple[int, dict[str, str]]


def read(path: Path) -> list[Numbered]:
    """Every row that is not blank, with its number in the file; refuses what is no table."""
    if not path.is_file():
        raise FileRefused("Không có tệp này.")
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused("Tệp lớn quá 20 MB.")
    rows = list(_from_xlsx(path) if path.suffix.lower() == ".xlsx" else _from_csv(path))
    if not rows:
        raise FileRefused("Tệp không có dòng dữ liệu nào.")
    return rows


def _from_xlsx(path: Path) -> Iterator[Numbered]:
    sheets = read_sheets(path, {SHEET: REQUIRED}, max_rows=MAX_ROWS, optional={SHEET: OPTIONAL})
    for _, row in sheets:
        yield row.number, {column: row.text(column) for column in row.values}


def _from_csv(path: Path) -> Iterator[Numbered]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            columns = _columns(next(reader, []))
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num, _row(columns, cells, reader.line_num)
                if reader.line_num > MAX_ROWS * 10:
                    raise FileRefused(f"Quá {MAX_ROWS} dòng.")
    except UnicodeDecodeError as error:
        raise FileRefused("Tệp CSV phải là văn bản UTF-8.") from error
    except csv.Error as error:
        raise FileRefused("Tệp CSV không đúng định dạng.") from error


def _columns(header: list[str]) -> list[str]:
    columns = [clean(name) for name in header]
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in REQUIRED and name not in OPTIONAL]
    if missing:
        raise FileRefused(f"Thiếu cột: {', '.join(missing)}.")
    if unknown:
        raise FileRefused(f"Cột lạ: {', '.join(name[:40] for name in unknown[:10])}.")
    if len(set(columns)) < len(columns):
        raise FileRefused("Một cột được ghi hai lần.")
    return columns


def _row(columns: list[str], cells: list[str], line: int) -> dict[str, str]:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise FileRefused(f"Dòng {line} có nhiều ô hơn số cột.")
    return {column: clean(cell) for column, cell in zip(columns, cells, strict=False)}
