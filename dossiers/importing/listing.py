"""The errors of a file as a file: JSON lines, or XLSX for whoever corrects the rows in Excel."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from dossiers.importing.faults import Fault

_TITLES = ("Trang", "Dòng", "Cột", "Lỗi")


def write_errors(errors: Iterable[Fault], path: Path) -> None:
    if path.suffix.lower() == ".xlsx":
        with path.open("wb") as book:
            write_xlsx(errors, book)
        return
    with path.open("w", encoding="utf-8") as file:
        for error in errors:
            file.write(json.dumps(error.as_dict(), ensure_ascii=False) + "\n")


def write_xlsx(errors: Iterable[Fault], file: BinaryIO) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("errors")
    sheet.append(_TITLES)
    for error in errors:
        texts = (error.sheet, error.row, error.column, error.message)
        sheet.append([_as_text(WriteOnlyCell(sheet, value=each)) for each in texts])
    book.save(file)


def _as_text(cell: Any) -> Any:
    """Their headers stand here: one that begins with = is no formula of ours."""
    if isinstance(cell.value, str):
        cell.data_type = "s"
    return cell
