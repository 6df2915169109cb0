"""A first look into somebody else's file: sheets, headers, first values; and the words it uses."""

import re
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from dossiers.importing.faults import DOSSIERS, EVENTS
from dossiers.importing.sheets import reading
from dossiers.importing.source import WORDS, Mapped
from dossiers.secrets import mask
from motcua.spreadsheet import Cell, SpreadsheetRefused
from motcua.text import fold
from procedures.models import Channel

SAMPLES = 3
# Words are gathered from so many rows; what comes later is told as an error of its row.
_ROWS, _WORDS = 5_000, 60
_DIGITS = re.compile(r"\d{9,}")
PREVIEWED = 10
_PRIVATE = ("citizen_id", "phone")


def glance(path: Path) -> list[dict[str, Any]]:
    """[{"sheet", "headers": [{"name", "samples": […]}]}]; refuses a file without a table."""
    found = []
    with reading(path) as sheets:
        for sheet in sheets.values():
            first = [values for _, values in islice(sheet.rows(sheet.headers), SAMPLES)]
            headers = [
                {"name": header, "samples": [shown(row[header]) for row in first if row[header]]}
                for header in sheet.headers
            ]
            found.append({"sheet": sheet.name, "headers": headers})
    if not found:
        raise SpreadsheetRefused("Không có trang nào có dòng tiêu đề cột.")
    return found


def words(path: Path, mapping: Mapped) -> dict[str, list[str]]:
    """{"dossiers.channel": [their words]} of the mapped columns that take one of a few words."""
    found: dict[str, dict[str, str]] = {}
    with reading(path) as sheets:
        for ours in (DOSSIERS, EVENTS):
            part = mapping[ours]
            headers = {
                column: spec["from"]
                for column, spec in part["columns"].items()
                if column in WORDS[ours] and spec.get("from")
            }
            if part["sheet"] not in sheets or not headers:
                continue
            for _, values in islice(sheets[part["sheet"]].rows(headers.values()), _ROWS):
                for column, header in headers.items():
                    known = found.setdefault(f"{ours}.{column}", {})
                    text = str(values.get(header) or "")
                    if text and len(known) < _WORDS:
                        known.setdefault(fold(text), text[:100])
    return {key: sorted(known.values()) for key, known in found.items()}


def preview(rows: list[dict[str, Cell]]) -> list[dict[str, str]]:
    """The first dossiers as they will be written; numbers and phones masked."""
    return [{column: _previewed(column, cell) for column, cell in row.items()} for row in rows]


def _previewed(column: str, cell: Cell) -> str:
    if column in _PRIVATE and cell:
        return mask(str(cell))
    if column == "channel" and cell in Channel.values:
        return str(Channel(str(cell)).label)
    return shown(cell)


def shown(cell: Cell) -> str:
    """A cell as text, at most 60 characters; long numbers (papers, phones) masked."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    text = _DIGITS.sub(lambda found: mask(found[0]), str(cell))
    return text if len(text) <= 60 else f"{text[:59]}…"
