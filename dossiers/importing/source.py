"""Somebody else's file read as ours (ghép cột): which sheet, header and word is which of ours. Pure
but for the file.

A mapping is plain data, remembered for the next file of the same source:

    {"dossiers": {"sheet", "columns": {ours: {"from": header} or {"constant": text}}},
     "events": {"sheet" ("" when it has none), "columns": {…}},
     "values": {"dossiers.channel": {folded word of theirs: word of ours}, …},
     "dates": a key of DATES}

A file without a sheet of events may still say when a dossier was finished and handed over: the
columns in `TIMES` become events.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from dossiers.importing.faults import DOSSIERS, EVENTS, Fault
from dossiers.importing.labels import LABELS
from dossiers.importing.rows import COLUMNS
from dossiers.importing.sheets import Sheet, reading
from dossiers.importing.staging import MOST_ROWS, Reader
from motcua.spreadsheet import Cell, Row, SpreadsheetRefused
from motcua.text import fold

Mapped = Mapping[str, Any]
# Columns of the dossiers' sheet that say when something happened, and what.
TIMES = {"result_at": "result", "handover_at": "handover"}
# What is one of a few words, and may be called otherwise in their file.
WORDS = {
    DOSSIERS: ("channel", "holder_kind", "agency", "competent_agency"),
    EVENTS: ("act", "agency"),
}
MOMENTS = {"submitted_at", "accepted_at", "due_at", "at", "new_date", *TIMES}
DATES = {
    "": "26/04/2024 hoặc 2024-04-26 (kèm giờ phút nếu có)",
    "%d-%m-%Y": "26-04-2024",
    "%d.%m.%Y": "26.04.2024",
    "%m/%d/%Y": "04/26/2024 (tháng trước ngày)",
    "%d%m%Y": "26042024",
    "%Y%m%d": "20240426",
}
_CLOCKS = ("", " %H:%M", " %H:%M:%S")
_MONEY = re.compile(r"(\d{1,3}(?:[.,\s]\d{3})+|\d+)\s*(?:đ|đồng|vnd|vnđ)?", re.IGNORECASE)


def reader(mapping: Mapped) -> Reader:
    """What `staging` reads the file with."""
    return partial(_rows, mapping=mapping)


def told(fault: Fault, mapping: Mapped) -> Fault:
    """The fault in the words of their file: its sheet, its header."""
    part = mapping.get(fault.sheet)
    if not part:
        return fault
    spec = part["columns"].get(fault.column, {})
    if fault.sheet == EVENTS and not part["sheet"]:
        part = mapping[DOSSIERS]
        spec = part["columns"].get("handover_at") or part["columns"].get("result_at") or {}
    ours = LABELS.get(fault.sheet, {}).get(fault.column, fault.column)
    return Fault(part["sheet"], fault.row, spec.get("from") or ours, fault.message)


def _rows(path: Path, mapping: Mapped) -> Iterator[tuple[str, Row]]:
    with reading(path) as sheets:
        for ours in (DOSSIERS, EVENTS):
            name = mapping[ours]["sheet"]
            if not name:
                continue
            if name not in sheets:
                raise SpreadsheetRefused(f"Tệp không có trang “{name}”.")
            yield from _of_sheet(ours, sheets[name], mapping)


def _of_sheet(ours: str, sheet: Sheet, mapping: Mapped) -> Iterator[tuple[str, Row]]:
    columns = mapping[ours]["columns"]
    wanted = [spec["from"] for spec in columns.values() if spec.get("from")]
    missing = [header for header in wanted if header not in sheet.headers]
    if missing:
        raise SpreadsheetRefused(f"Thiếu cột: {', '.join(missing[:10])}.", sheet=sheet.name)
    for seen, (number, values) in enumerate(sheet.rows(wanted)):
        if seen >= MOST_ROWS:
            raise SpreadsheetRefused(f"Quá {MOST_ROWS} dòng.", sheet=sheet.name, row=number)
        cells = {
            column: _cell(ours, column, columns.get(column, {}), values, mapping)
            for column in (*COLUMNS[ours], *TIMES)
        }
        yield ours, Row(number, {column: cells[column] for column in COLUMNS[ours]})
        if ours == DOSSIERS and not mapping[EVENTS]["sheet"]:
            yield from _events(number, cells)


def _events(number: int, cells: Mapping[str, Cell]) -> Iterator[tuple[str, Row]]:
    for column, act in TIMES.items():
        if cells[column] is not None:
            event = dict.fromkeys(COLUMNS[EVENTS]) | {"code": cells["code"], "act": act}
            yield EVENTS, Row(number, {**event, "at": cells[column]})


def _cell(
    ours: str, column: str, spec: Mapped, values: Mapping[str, Cell], mapping: Mapped
) -> Cell:
    cell = spec["constant"] if "constant" in spec else values.get(spec.get("from", ""))
    if isinstance(cell, str):
        if column in MOMENTS:
            return _moment(cell, mapping["dates"])
        if column == "fee_vnd":
            return _money(cell)
        if column in WORDS[ours]:
            words = mapping["values"].get(f"{ours}.{column}", {})
            return str(words.get(fold(cell), cell))
    return cell


def _moment(text: str, pattern: str) -> Cell:
    """A moment in the pattern of the file; as it stands when it is none (told as wrong later)."""
    for clock in _CLOCKS if pattern else ():
        try:
            return datetime.strptime(text, pattern + clock)  # noqa: DTZ007 - local time of a cell
        except ValueError:
            continue
    return text


def _money(text: str) -> Cell:
    """8.000 đ is 8000: sums are whole, a dot or comma before three digits parts thousands."""
    found = _MONEY.fullmatch(text)
    return int(re.sub(r"\D", "", found[1])) if found else text
