"""The errors of a file as a file: JSON lines, or XLSX for whoever corrects the rows in Excel."""

import json
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook

from dossiers.importing.faults import Fault

_TITLES = ("Trang", "Dòng", "Cột", "Lỗi")


def write_errors(errors: Iterable[Fault], path: Path) -> None:
    if path.suffix.lower() == ".xlsx":
        _write_xlsx(errors, path)
        return
    with path.open("w", encoding="utf-8") as file:
        for error in errors:
            file.write(json.dumps(error.as_dict(), ensure_ascii=False) + "\n")


def _write_xlsx(errors: Iterable[Fault], path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("errors")
    sheet.append(_TITLES)
    for error in errors:
        sheet.append((error.sheet, error.row, error.column, error.message))
    book.save(path)
