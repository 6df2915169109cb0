"""Dates and times of a file's cells: real dates or text, local time (giờ Việt Nam). Pure."""

import re
from datetime import date, datetime, time

from calendars.clock import ZONE
from dossiers.importing.faults import Wrong
from motcua.spreadsheet import Cell

_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_VIETNAMESE = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")
_TIME = re.compile(r"(?:T|\s+)(\d\d?):(\d\d)(?::(\d\d))?")
_EARLIEST = 2010  # calendars begin there (calendars.loading.FIRST)
_LATEST = 2040


def moment(column: str, value: Cell) -> datetime | None:
    """The instant that a cell names; a bare date is its 00:00. None for an empty cell."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = _from_text(column, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime) or value.tzinfo is not None:
        raise Wrong(column, "Phải là ngày giờ Việt Nam, ví dụ 2024-04-26 09:00.")
    if not _EARLIEST <= value.year <= _LATEST:
        raise Wrong(column, f"Năm phải từ {_EARLIEST} đến {_LATEST}.")
    return value.replace(microsecond=0, tzinfo=ZONE)


def _from_text(column: str, text: str) -> datetime:
    wrong = Wrong(
        column,
        "Ngày giờ viết sai; viết 2024-04-26 09:00 hoặc 26/04/2024 09:00, không kèm múi giờ.",
    )
    if found := _ISO.match(text):
        year, month, day = map(int, found.groups())
    elif found := _VIETNAMESE.match(text):
        day, month, year = map(int, found.groups())
    else:
        raise wrong
    clock = (0, 0, 0)
    if rest := text[found.end() :]:
        hours = _TIME.fullmatch(rest)
        if hours is None:
            raise wrong
        clock = (int(hours[1]), int(hours[2]), int(hours[3] or 0))
    try:
        return datetime(year, month, day, *clock)  # noqa: DTZ001 - the caller adds the zone
    except ValueError:
        raise wrong from None
