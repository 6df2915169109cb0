"""The clock of the law, walked day by day and minute by minute: slow, and written apart."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from calendars.limits import Limit, Policy, Suspension, Unit
from calendars.working_time import ZONE
from tests.calendars.office import national_days

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MORNING_AND_AFTERNOON = [(time(7), time(11, 30)), (time(13, 30), time(17))]


def is_working(on: date) -> bool:
    special = national_days().get(on)
    return special.is_working if special else on.isoweekday() <= 5


def reference_due(
    limit: Limit, start: datetime, suspensions: Sequence[Suspension], policy: Policy
) -> datetime | None:
    """Takes the suspensions one after the other, each against the due date before it."""
    taken: list[Suspension] = []
    current = _walk(limit, start, taken)
    for suspension in sorted(suspensions, key=lambda one: one.starts_at):
        goes_on = bool(taken) and taken[-1].ends_at == suspension.starts_at
        if suspension.starts_at >= reference_lapse(current, limit.unit) and not goes_on:
            continue
        if suspension.ends_at is None:
            return None
        if policy is Policy.RESTART:
            start = max(start, suspension.ends_at)
        else:
            taken.append(suspension)
        current = _walk(limit, start, taken)
    return current


def reference_lapse(due_at: datetime, unit: Unit) -> datetime:
    if unit is Unit.WORKING_HOUR:
        return due_at
    return datetime.combine(due_at.date() + DAY, time(0), ZONE)


def _walk(limit: Limit, start: datetime, suspensions: Sequence[Suspension]) -> datetime:
    if limit.unit is Unit.WORKING_HOUR:
        return _walk_minutes(limit.value * 60, start, suspensions)
    if limit.unit is Unit.WORKING_DAY:
        on = _walk_working_days(limit.value, start.date(), suspensions)
    else:
        on = _walk_calendar(limit, start.date())
        day = start.date()
        while any(one.ends_at and one.ends_at.date() > day for one in suspensions):
            day += DAY
            on += DAY * _suspended(day, suspensions)
        while not is_working(on):
            on += DAY
    return datetime.combine(on, time(17), ZONE)


def _walk_working_days(left: int, on: date, suspensions: Sequence[Suspension]) -> date:
    while left:
        on += DAY
        left -= is_working(on) and not _suspended(on, suspensions)
    return on


def _walk_calendar(limit: Limit, received_on: date) -> date:
    on = received_on
    for _ in range(limit.value):
        whole_month = monthrange(on.year, on.month)[1] - on.day + 1  # to the next one's first
        on += timedelta(days=whole_month if limit.unit is Unit.MONTH else 1)
    if limit.unit is Unit.MONTH:
        on = on.replace(day=min(received_on.day, monthrange(on.year, on.month)[1]))
    return on


def _suspended(on: date, suspensions: Sequence[Suspension]) -> bool:
    return any(
        one.starts_at.date() <= on and (one.ends_at is None or on < one.ends_at.date())
        for one in suspensions
    )


def _walk_minutes(left: int, minute: datetime, suspensions: Sequence[Suspension]) -> datetime:
    while left:
        waits = any(
            one.starts_at <= minute and (one.ends_at is None or minute < one.ends_at)
            for one in suspensions
        )
        left -= in_shift(minute) and not waits
        minute += MINUTE
    return minute


def in_shift(minute: datetime) -> bool:
    return is_working(minute.date()) and any(
        starts <= minute.time() < ends for starts, ends in MORNING_AND_AFTERNOON
    )
