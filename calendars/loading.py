"""The working time of a calendar, read from the database and kept in the process.

Kept under the calendar's version and time of change: a known id or code costs one query for
these, a `Calendar` row at hand costs none.
"""

from datetime import date, datetime, time
from functools import cache

import holidays
from django.db.models import F, Q

from calendars.errors import UnknownCalendar
from calendars.models import Calendar, Shift, SpecialDay
from calendars.resolution import Override, ShiftRule, resolve
from calendars.working_time import WorkingTime

FIRST = date(2010, 1, 1)
LAST = date(2040, 12, 31)
DEFAULT_CODE = "standard"
# Eight hours, Monday to Friday and make-up days, for a calendar that has no shifts of its own.
USUAL_SHIFTS = (ShiftRule(time(7), time(11, 30)), ShiftRule(time(13, 30), time(17)))

_kept: dict[int, tuple[tuple[int, datetime], WorkingTime]] = {}


def working_time(calendar: Calendar | int | str) -> WorkingTime:
    """By row, id or code; read again when its version moved (`versions.bump_version`)."""
    if not isinstance(calendar, Calendar):
        calendar = _find(calendar)
    stamp = (calendar.version, calendar.changed_at)
    kept = _kept.get(calendar.pk)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    loaded = _load(calendar)
    _kept[calendar.pk] = (stamp, loaded)
    return loaded


def default_calendar() -> Calendar:
    """The calendar of state offices, for agencies without one of their own."""
    return _find(DEFAULT_CODE)


def _find(key: int | str) -> Calendar:
    calendars = Calendar.objects.filter(**({"code": key} if isinstance(key, str) else {"pk": key}))
    calendar = calendars.first()
    if calendar is None:
        raise UnknownCalendar(f"Không có lịch làm việc “{key}”.")
    return calendar


def _load(calendar: Calendar) -> WorkingTime:
    own_last = SpecialDay.objects.filter(
        Q(calendar=None) | Q(calendar=calendar), date__range=(FIRST, LAST)
    ).order_by(F("calendar").asc(nulls_first=True))
    days = resolve(
        FIRST,
        LAST,
        weekdays=frozenset(calendar.weekdays),
        shifts=[_rule(shift) for shift in calendar.shifts.all()] or USUAL_SHIFTS,
        overrides=_library() | {special.date: _override(special) for special in own_last},
    )
    return WorkingTime.build(
        FIRST, days, decided_until=calendar.decided_until, version=calendar.version
    )


def _rule(shift: Shift) -> ShiftRule:
    return ShiftRule(
        starts=shift.starts,
        ends=shift.ends,
        weekdays=frozenset(shift.weekdays),
        on_make_up_days=shift.on_make_up_days,
        season=(shift.season_from, shift.season_to) if shift.season_from else None,
        counts_for_deadline=shift.counts_for_deadline,
        counter_open=shift.counter_open,
    )


def _override(special: SpecialDay) -> Override:
    name = f"{special.get_kind_display()}: {special.note}" if special.note else None
    why = f"{name or special.get_kind_display()} ({special.legal_basis})"
    return Override(special.is_working, why, (special.works_from, special.works_until))


@cache
def _library() -> dict[date, Override]:
    """What the `holidays` library knows: the law's days, and the swaps announced to its release."""
    known = holidays.country_holidays("VN", years=range(FIRST.year, LAST.year + 1), language="vi")
    off = {on: Override(is_working=False, why=f"Nghỉ lễ, tết: {known[on]}") for on in known}
    made_up = dict.fromkeys(known.weekend_workdays, Override(is_working=True, why="Làm bù"))
    return off | made_up
