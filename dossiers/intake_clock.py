"""The clock of an online dossier before its acceptance: answered within 8 working hours.

By the calendar of the counter that it came to; computed for each row, stored nowhere.
"""

from datetime import datetime

from calendars.loading import working_time
from dossiers.models import Dossier
from dossiers.time_left import TimeLeft

HOURS = 8
SOON = 2 * 3600
_SECOND = 1_000_000


def answer_due(dossier: Dossier) -> datetime | None:
    """Until when it must be accepted, supplemented or refused; None for what came otherwise."""
    if dossier.submitted_at is None:
        return None
    office = working_time(dossier.held_by.calendar)
    return office.when_worked(office.worked_before(dossier.submitted_at) + HOURS * 3600 * _SECOND)


def left_to_answer(dossier: Dossier, now: datetime) -> TimeLeft:
    due = answer_due(dossier)
    if due is None:
        return TimeLeft("still", "Chưa tiếp nhận")
    office = working_time(dossier.held_by.calendar)
    if due <= now:
        return TimeLeft("late", f"Chậm {_words(office.shift_seconds_between(due, now))}")
    seconds = office.shift_seconds_between(now, due)
    return TimeLeft("soon" if seconds <= SOON else "in-time", f"Còn {_words(seconds)}")


def _words(seconds: int) -> str:
    """Of shift time: nobody works at night."""
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours >= HOURS:
        days, hours = hours // HOURS, hours % HOURS
        return f"{days} ngày {hours} giờ làm việc" if hours else f"{days} ngày làm việc"
    return f"{hours} giờ {minutes:02} phút làm việc" if hours else f"{minutes} phút làm việc"
