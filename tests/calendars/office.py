"""An office for tests without a database: the country's days off, the usual shifts."""

from datetime import date, datetime, time
from functools import cache

import holidays

from calendars.limits import Suspension
from calendars.resolution import Override, ShiftRule, resolve
from calendars.working_time import ZONE, WorkingTime

FIRST, LAST = date(2018, 1, 1), date(2030, 12, 31)
MORNING = ShiftRule(time(7), time(11, 30))
AFTERNOON = ShiftRule(time(13, 30), time(17))
SATURDAY_COUNTER = ShiftRule(
    time(7, 30),
    time(11),
    weekdays=frozenset({6}),
    on_make_up_days=False,
    counts_for_deadline=False,
)
WORKED = Override(is_working=True, why="Làm bù")
CLOSED = Override(is_working=False, why="Tạm ngừng làm việc: bão")


@cache
def national_days() -> dict[date, Override]:
    known = holidays.country_holidays("VN", years=range(FIRST.year, LAST.year + 1), language="vi")
    off = {on: Override(is_working=False, why=name) for on, name in known.items()}
    return (
        off
        | dict.fromkeys(known.weekend_workdays, WORKED)
        | {date(2026, 1, 2): CLOSED, date(2026, 1, 10): WORKED}
    )


def office(
    *extra: ShiftRule,
    overrides: dict[date, Override] | None = None,
    shifts: tuple[ShiftRule, ...] = (MORNING, AFTERNOON),
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5}),
    decided_until: date = date(2026, 12, 31),
) -> WorkingTime:
    days = resolve(
        FIRST,
        LAST,
        weekdays=weekdays,
        shifts=[*shifts, *extra],
        overrides=national_days() | (overrides or {}),
    )
    return WorkingTime.build(FIRST, days, decided_until=decided_until)


@cache
def usual_office() -> WorkingTime:
    return office(SATURDAY_COUNTER)


def at(text: str) -> datetime:
    """`2024-06-13 16:00`, or a date for its midnight."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def wait(span: str) -> Suspension:
    """`2024-06-05 10:00..2024-06-07`; without an end it is open."""
    starts, _, ends = span.partition("..")
    return Suspension(at(starts), at(ends) if ends else None)
