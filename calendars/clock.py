"""When is it due (hạn trả kết quả)? The arithmetic of legal time limits, pure.

Bộ luật Dân sự 2015, Điều 147: the day of the event, here the receipt, is not counted; Điều 148:
a term that ends on a day off ends at the end of the next working day.

- `working_day` N: the Nth working day after the receipt date, at the end of its last shift.
- `day` N, `month` N: N days, or the same day N months later (or the month's last day), then once
  to a working day, at the end of its last shift.
- `working_hour` N: the earliest instant at which N hours of shift time have run.
- A suspension moves day-based limits by its days (working days for `working_day`), the day it
  begins included, the day it ends not, only days after the receipt date; hour-based ones by its
  shift time. With `restart` the whole limit runs anew from the suspension's end.
- A suspension that begins when the limit has lapsed changes nothing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from calendars import explanation
from calendars.errors import InvalidSuspension, OutOfCalendar
from calendars.limits import (
    DayNote,
    Due,
    Limit,
    Policy,
    SuspendedPart,
    Suspension,
    Unit,
    end_of_months,
)
from calendars.resolution import SECOND
from calendars.working_time import ZONE, WorkingTime, local

__all__ = [
    "ZONE",
    "DayNote",
    "Due",
    "Limit",
    "OutOfCalendar",
    "Policy",
    "SuspendedPart",
    "Suspension",
    "Unit",
    "WorkingTime",
    "due",
    "explain",
    "lapse_of",
]

HOUR = 3600 * SECOND
MINUTE = 60 * SECOND
_NEVER = datetime.max.replace(tzinfo=UTC)


def due(
    limit: Limit,
    start: datetime,
    working_time: WorkingTime,
    suspensions: Sequence[Suspension] = (),
    policy: Policy = Policy.PAUSE,
) -> Due:
    """The due date of a dossier received at `start`; refuses suspensions that overlap."""
    policy = Policy(policy)
    original = current = _reach(limit, start, 0, working_time)
    parts: list[SuspendedPart] = []
    moved, resumed_at = 0, None
    for suspension in _in_order(suspensions):
        # One that goes on where the last one stopped is the same wait, told in two parts.
        goes_on = suspension.starts_at == resumed_at
        if suspension.starts_at >= lapse_of(current, limit.unit) and not goes_on:
            parts.append(_part(limit.unit, suspension, 0, after_lapse=True))
            continue
        if suspension.ends_at is None:
            parts.append(SuspendedPart(suspension.starts_at, None))
            return Due(None, None, original, tuple(parts), start)
        amount = _measure(limit.unit, start, suspension.starts_at, suspension.ends_at, working_time)
        parts.append(_part(limit.unit, suspension, amount))
        resumed_at = suspension.ends_at
        if policy is Policy.RESTART:
            start = max(start, suspension.ends_at)
        else:
            moved += amount
        current = _reach(limit, start, moved, working_time)
    return Due(current, lapse_of(current, limit.unit), original, tuple(parts), start)


def explain(
    limit: Limit,
    start: datetime,
    working_time: WorkingTime,
    suspensions: Sequence[Suspension] = (),
    policy: Policy = Policy.PAUSE,
) -> list[DayNote]:
    """Each date from the receipt to the due date, or to an open suspension: counted or why not."""
    found = due(limit, start, working_time, suspensions, policy)
    return explanation.day_notes(limit, start, found, working_time)


def lapse_of(due_at: datetime, unit: Unit) -> datetime:
    """From when an unfinished dossier is overdue: the end of the due date, or the due instant."""
    if unit == Unit.WORKING_HOUR:
        return due_at
    day = local(due_at)
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(days=1)


def _reach(limit: Limit, start: datetime, moved: int, working_time: WorkingTime) -> datetime:
    """The end of a limit that began at `start` and was moved by suspended days or time."""
    if limit.unit == Unit.WORKING_HOUR:
        worked = working_time.worked_before(start) + limit.value * HOUR + moved
        return working_time.when_worked(worked)
    received_on = local(start).date()
    working_time.day(received_on)  # a receipt before the calendar's first year is refused
    if limit.unit == Unit.WORKING_DAY:
        on = working_time.nth_working_day(limit.value + moved, received_on)
    elif limit.unit == Unit.DAY:
        on = working_time.working_day_from(received_on.toordinal() + limit.value + moved)
    else:
        end = end_of_months(received_on, limit.value)
        on = working_time.working_day_from(end.toordinal() + moved)
    return working_time.end_of(on)


def _measure(
    unit: Unit, received_at: datetime, starts: datetime, ends: datetime, working_time: WorkingTime
) -> int:
    """What a suspension takes out of the limit: days, or microseconds of shift time."""
    if unit == Unit.WORKING_HOUR:
        starts = max(starts, received_at)
        if ends <= starts:
            return 0
        return working_time.worked_before(ends) - working_time.worked_before(starts)
    first = max(local(starts).date(), local(received_at).date() + timedelta(days=1))
    last = local(ends).date()
    if last <= first:
        return 0
    if unit == Unit.WORKING_DAY:
        return working_time.working_days_between(first, last)
    return (last - first).days


def _part(
    unit: Unit, suspension: Suspension, amount: int, *, after_lapse: bool = False
) -> SuspendedPart:
    days, minutes = (None, amount // MINUTE) if unit == Unit.WORKING_HOUR else (amount, None)
    return SuspendedPart(suspension.starts_at, suspension.ends_at, days, minutes, after_lapse)


def _in_order(suspensions: Sequence[Suspension]) -> Sequence[Suspension]:
    if len(suspensions) < 2:
        return suspensions
    ordered = sorted(suspensions, key=lambda one: (one.starts_at, one.ends_at or _NEVER))
    for one, following in pairwise(ordered):
        if one.ends_at is None or one.ends_at > following.starts_at:
            raise InvalidSuspension("Các khoảng tạm dừng chồng lên nhau.")
    return ordered
