"""One due date after the calendar is loaded: microseconds, and the ratio to walking over days.

    .venv/bin/python bench/due.py

Needs the migrated database. Fails when a due date costs 50 µs or more.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

from calendars import loading  # noqa: E402
from calendars.clock import due, explain, lapse_of  # noqa: E402
from calendars.limits import DayNote, Due, Limit, Suspension, Unit  # noqa: E402
from calendars.working_time import ZONE, WorkingTime  # noqa: E402

MUST_REACH = 50.0  # µs
RECEIPTS = [
    datetime(2024, 1, 2, 7, 30, tzinfo=ZONE) + timedelta(hours=37 * number) for number in range(300)
]
DAY = timedelta(days=1)
LIMITS = [
    Limit(15, Unit.WORKING_DAY),
    Limit(60, Unit.WORKING_DAY),
    Limit(250, Unit.WORKING_DAY),
    Limit(30, Unit.DAY),
    Limit(6, Unit.MONTH),
    Limit(40, Unit.WORKING_HOUR),
]


def main() -> int:
    began = time.perf_counter()
    working_time = loading.working_time(loading.default_calendar())
    print(f"calendar loaded in {1000 * (time.perf_counter() - began):.0f} ms")
    working = {
        date.fromordinal(ordinal)
        for ordinal in range(date(2023, 1, 1).toordinal(), date(2028, 1, 1).toordinal())
        if working_time.is_working_day(date.fromordinal(ordinal))
    }
    print(f"{'limit':>16} {'due µs':>8} {'suspended µs':>13} {'walking µs':>11} {'ratio':>7}")
    worst = 0.0
    for limit in LIMITS:
        plain = _microseconds(partial(_due, limit, working_time))
        waiting = _microseconds(partial(_due_after_a_week, limit, working_time))
        name = f"{limit.value} {limit.unit}"
        line = f"{name:>16} {plain:8.1f} {waiting:13.1f}"
        if limit.unit == Unit.WORKING_DAY:
            walked = _microseconds(partial(_walk, limit.value, working_time, working))
            line += f" {walked:11.1f} {plain / walked:7.2f}"
        print(line)
        worst = max(worst, plain, waiting)
    print(f"query for the version: {_microseconds(_version_query):.0f} µs")
    print(
        f"explanation of 15 working days: {_microseconds(partial(_explain, working_time)):.0f} µs"
    )
    print(f"worst {worst:.1f} µs, must reach < {MUST_REACH:.0f} µs")
    return 0 if worst < MUST_REACH else 1


def _microseconds(one: Callable[[datetime], object], rounds: int = 5) -> float:
    """The best round's mean."""
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        for receipt in RECEIPTS:
            one(receipt)
        best = min(best, time.perf_counter() - began)
    return best / len(RECEIPTS) * 1_000_000


def _due(limit: Limit, working_time: WorkingTime, at: datetime) -> Due:
    return due(limit, at, working_time)


def _due_after_a_week(limit: Limit, working_time: WorkingTime, at: datetime) -> Due:
    return due(limit, at, working_time, [Suspension(at + DAY, at + 8 * DAY)])


def _walk(days: int, working_time: WorkingTime, working: set[date], at: datetime) -> Due:
    """The same answer the usual way: day after day, with the working days at hand in a set."""
    on = at.astimezone(ZONE).date()
    while days:
        on += DAY
        days -= on in working
    due_at = working_time.end_of(on)
    return Due(due_at, lapse_of(due_at, Unit.WORKING_DAY), due_at, (), at)


def _version_query(_: datetime) -> WorkingTime:
    return loading.working_time(loading.DEFAULT_CODE)


def _explain(working_time: WorkingTime, at: datetime) -> list[DayNote]:
    return explain(LIMITS[0], at, working_time)


if __name__ == "__main__":
    sys.exit(main())
