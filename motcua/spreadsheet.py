"""How an XLSX file from outside is read: rows by column name in a stream, or a refusal."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from motcua.xlsx import BROKEN, Cell, SpreadsheetRefused, Workbook, cells, open_package

__all__ = ["Cell", "Row", "SpreadsheetRefused", "read_sheets"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the header: its number in the sheet and its cells by column name."""

    number: int
    values: dict[str, Cell]

    def text(self, column: str) -> str:
        """The cell as text; whole numbers without a decimal point, "" when empty."""
        value = self.values.get(column)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)


def read_sheets(
    path: str | Path,
    sheets: Mapping[str, Sequence[str]],
    *,
    max_rows: int = 200_000,
    optional: Mapping[str, Collection[str]] | None = None,
    optional_sheets: Collection[str] = (),
) -> Iterator[tuple[str, Row]]:
    """Stream (sheet, row), sheet by sheet in the given order; blank rows are left out.

    `sheets` names the columns that each sheet must have, in any order; `optional` the ones that
    it may have besides (their cells are None where the column is missing). Everything that can
    be wrong with the file as a whole (no XLSX, a missing sheet or column, an unknown column) is
    refused before the first row; formulas, error cells and too many rows when they are met.
    Texts are NFC and clean.
    """
    optional = optional or {}
    workbook = open_package(Path(path))
    try:
        streams = [
            (name, required, _columns(workbook, name, required, optional.get(name, ())))
            for name, required in sheets.items()
            if name in workbook.paths or name not in optional_sheets
        ]
        for name, required, columns in streams:
            blank = dict.fromkeys((*required, *optional.get(name, ())))
            for row in _rows(workbook, name, columns, blank, max_rows):
                yield name, row
    except BROKEN as error:
        raise SpreadsheetRefused("Tệp XLSX bị hỏng.") from error
    finally:
        workbook.archive.close()
        workbook.file.close()


def _columns(
    workbook: Workbook, sheet: str, required: Sequence[str], optional: Collection[str]
) -> dict[int, str]:
    """Where each column stands, from the header (the first row)."""
    if sheet not in workbook.paths:
        raise SpreadsheetRefused(f"Tệp không có trang “{sheet}”.")
    header = next(cells(workbook, sheet), (1, {}))[1]
    names = {index: str(value) for index, value in header.items() if value not in {None, ""}}
    found = list(names.values())
    missing = [name for name in required if name not in found]
    unknown = [name for name in found if name not in required and name not in optional]
    if missing:
        raise SpreadsheetRefused(f"Thiếu cột: {', '.join(missing)}.", sheet=sheet)
    if unknown:
        raise SpreadsheetRefused(f"Cột lạ: {', '.join(unknown[:10])}.", sheet=sheet)
    if len(set(found)) < len(found):
        raise SpreadsheetRefused("Một cột được ghi hai lần.", sheet=sheet)
    return names


def _rows(
    workbook: Workbook,
    sheet: str,
    columns: dict[int, str],
    blank: Mapping[str, Cell],
    max_rows: int,
) -> Iterator[Row]:
    seen = 0
    below = cells(workbook, sheet, columns)
    next(below, None)  # the header
    for number, found in below:
        stray = found.keys() - columns.keys()
        if stray and any(found[index] is not None for index in stray):
            raise SpreadsheetRefused("Có ô nằm ngoài các cột.", sheet=sheet, row=number)
        values = dict(blank) | {columns[i]: value for i, value in found.items() if i in columns}
        if all(value is None for value in values.values()):
            continue
        seen += 1
        if seen > max_rows:
            raise SpreadsheetRefused(f"Quá {max_rows} dòng.", sheet=sheet, row=number)
        yield Row(number, values)
