"""When a counter is open although the day counts for no deadline (sáng thứ Bảy).

Such a shift opens the counter only: what is taken in then has its day 1 on the next working day.
A calendar that others use too is not changed for them: the counter gets one of its own.
"""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from agencies.errors import NotCalendarKeeper, ShiftInvalid
from agencies.models import Agency, Role, User
from agencies.scope import Scope, scope_of
from calendars.loading import USUAL_SHIFTS
from calendars.models import Calendar, Shift
from calendars.versions import bump_version


def agencies_kept(scope: Scope) -> set[int]:
    """The agencies that one administers, with their counters and offices."""
    own = scope.agencies_as(Role.ADMINISTRATOR)
    return set(Agency.objects.body_of_any(own).ids())


def is_own(calendar: Calendar, kept: set[int]) -> bool:
    """Whether nobody else uses the calendar."""
    return set(Agency.objects.filter(calendar=calendar).ids()) <= kept


def open_on(
    agency: Agency,
    *,
    weekdays: Sequence[int],
    starts: time,
    ends: time,
    actor: User,
    now: datetime,
) -> Shift:
    """Open the counter besides its working time; refuses hours that overlap what is there."""
    if starts >= ends or not weekdays:
        raise ShiftInvalid
    with transaction.atomic():
        calendar = _calendar_of(agency, actor, now)
        for shift in calendar.shifts.all():
            if set(shift.weekdays) & set(weekdays) and shift.starts < ends and starts < shift.ends:
                raise ShiftInvalid(f"Trùng với ca {shift} đã có.")
        _write_usual(calendar)
        made = Shift.objects.create(
            calendar=calendar,
            weekdays=sorted(weekdays),
            on_make_up_days=False,
            starts=starts,
            ends=ends,
            counts_for_deadline=False,
            counter_open=True,
        )
        bump_version(calendar)
    return made


def close(agency: Agency, shift_id: int, *, actor: User, now: datetime) -> None:
    """Only shifts that count for no deadline: the others are the calendar's (admin)."""
    with transaction.atomic():
        calendar = _calendar_of(agency, actor, now)
        gone, _ = calendar.shifts.filter(pk=shift_id, counts_for_deadline=False).delete()
        if gone:
            bump_version(calendar)


def own_calendar(agency: Agency, *, actor: User, now: datetime) -> Calendar:
    """A copy of its calendar for this counter alone; deadlines stay what they are."""
    with transaction.atomic():
        locked = Agency.objects.select_for_update().select_related(None).get(pk=agency.pk)
        kept = _require_keeper(locked, actor, now)
        common = Calendar.objects.get(pk=locked.calendar_id)
        if is_own(common, kept):
            return common
        made = Calendar.objects.create(
            code=f"quay-{locked.pk}",
            name=f"Lịch của {locked.name}"[:200],
            weekdays=common.weekdays,
            decided_until=common.decided_until,
        )
        for rows in (common.shifts.all(), common.special_days.all()):
            copies: list[Any] = list(rows)
            for row in copies:
                row.pk, row.calendar, row._state.adding = None, made, True
            manager: Any = rows.model._default_manager
            manager.bulk_create(copies)
        locked.calendar = made
        locked.save(update_fields=["calendar"])
        bump_version(made)
    return made


def _write_usual(calendar: Calendar) -> None:
    """Without shifts a calendar has the usual hours; beside another one they must be written."""
    if not calendar.shifts.filter(counts_for_deadline=True).exists():
        Shift.objects.bulk_create(
            Shift(
                calendar=calendar, weekdays=calendar.weekdays, starts=usual.starts, ends=usual.ends
            )
            for usual in USUAL_SHIFTS
        )


def _calendar_of(agency: Agency, actor: User, now: datetime) -> Calendar:
    kept = _require_keeper(agency, actor, now)
    calendar = Calendar.objects.select_for_update().get(agency=agency.pk)
    if not is_own(calendar, kept):
        raise NotCalendarKeeper
    return calendar


def _require_keeper(agency: Agency, actor: User, now: datetime) -> set[int]:
    kept = agencies_kept(scope_of(actor, timezone.localdate(now)))
    if agency.pk not in kept:
        raise NotCalendarKeeper
    return kept
