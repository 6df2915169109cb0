"""Lịch trực: a week of a counter; and the hours in which it is open besides its working time."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from agencies import counter_hours, roster
from agencies.models import Agency, Role
from agencies.roster_forms import WEEKDAYS, DutyForm, ShiftForm
from agencies.staff import StaffRequest, scope, staff_required
from motcua.errors import DomainError


@staff_required(*roster.KEEPERS)
@require_safe
def week(request: StaffRequest) -> HttpResponse:
    """One counter's week (`?quay=` its code, `?tuan=` any day of the week)."""
    return _week(request)


@staff_required(*roster.KEEPERS)
@require_POST
def add(request: StaffRequest) -> HttpResponse:
    agency, days = _counter(request), _days(request)
    form = DutyForm(agency, days, request.POST)
    if form.is_valid():
        try:
            roster.add(agency, **form.cleaned_data, actor=request.user, now=timezone.now())
            return _back(agency, days)
        except DomainError as error:
            for name, message in (error.fields or {"user": error.message}).items():
                form.add_error(name, message)
    return _week(request, form)


@staff_required(*roster.KEEPERS)
@require_POST
def copy(request: StaffRequest) -> HttpResponse:
    agency, days = _counter(request), _days(request)
    roster.copy_last_week(agency, days[0], actor=request.user, now=timezone.now())
    return _back(agency, days)


@staff_required(*roster.KEEPERS)
@require_POST
def remove(request: StaffRequest) -> HttpResponse:
    """Removed already (a second click, a colleague): nothing is left to do."""
    agency, days = _counter(request), _days(request)
    asked = request.POST.get("duty", "")
    duties = roster.duties_in(agency, days).select_related("agency")
    duty = duties.filter(pk=asked).first() if asked.isdecimal() else None
    if duty is not None:
        roster.remove(duty, actor=request.user, now=timezone.now())
    return _back(agency, days)


@staff_required(Role.ADMINISTRATOR)
@require_safe
def hours(request: StaffRequest) -> HttpResponse:
    """When the counter is open, and which of these hours count for deadlines."""
    return _hours(request, _counter(request))


@staff_required(Role.ADMINISTRATOR)
@require_POST
def change_hours(request: StaffRequest) -> HttpResponse:
    """`do`: own (a calendar for this counter alone), open, close."""
    agency, form = _counter(request), ShiftForm(request.POST)
    do, user, now = request.POST.get("do"), request.user, timezone.now()
    if do == "open" and not form.is_valid():
        return _hours(request, agency, form)
    acts: dict[str | None, Callable[[], Any]] = {
        "own": lambda: counter_hours.own_calendar(agency, actor=user, now=now),
        "open": lambda: counter_hours.open_on(agency, **form.cleaned_data, actor=user, now=now),
        "close": lambda: counter_hours.close(agency, _shift(request), actor=user, now=now),
    }
    try:
        acts.get(do, lambda: None)()
    except DomainError as error:
        form.add_error(None, error.message)
        return _hours(request, agency, form)
    return redirect(f"{reverse('agencies:hours')}?{urlencode({'quay': agency.code})}")


def _week(request: StaffRequest, form: DutyForm | None = None) -> HttpResponse:
    agency, days = _counter(request), _days(request)
    duties = list(roster.duties_in(agency, days))
    names = dict(WEEKDAYS)
    context = {
        "agency": agency,
        "counters": _counters(request),
        "form": form or DutyForm(agency, days),
        "monday": days[0],
        "sunday": days[-1],
        "before": date.fromordinal(days[0].toordinal() - 7),
        "after": date.fromordinal(days[0].toordinal() + 7),
        "today": timezone.localdate(),
        "days": [
            (names[day.isoweekday()], day, [each for each in duties if each.day == day])
            for day in days
        ],
        "on_duty": list(roster.on_duty(agency, timezone.now())),
        "is_administrator": bool(scope(request).agencies_as(Role.ADMINISTRATOR)),
    }
    return render(request, "agencies/week.html", context, status=422 if form else 200)


def _hours(request: StaffRequest, agency: Agency, form: ShiftForm | None = None) -> HttpResponse:
    kept = counter_hours.agencies_kept(scope(request))
    if agency.pk not in kept:
        raise Http404
    names = dict(WEEKDAYS)
    context = {
        "agency": agency,
        "counters": [each for each in _counters(request) if each.pk in kept],
        "form": form or ShiftForm(),
        "is_own": counter_hours.is_own(agency.calendar, kept),
        "shifts": [
            (shift, ", ".join(names[day] for day in shift.weekdays))
            for shift in agency.calendar.shifts.all()
        ],
    }
    return render(request, "agencies/hours.html", context, status=422 if form else 200)


def _counters(request: StaffRequest) -> list[Agency]:
    known: list[Agency] | None = getattr(request, "_counters", None)
    if known is None:
        counters = roster.counters_of(scope(request), timezone.localdate())
        known = list(counters.select_related("calendar"))
        request._counters = known  # type: ignore[attr-defined]
    return known


def _counter(request: StaffRequest) -> Agency:
    """The one asked for, else the first; others are not to be found."""
    asked = request.GET.get("quay") or request.POST.get("quay")
    counters = [each for each in _counters(request) if asked in {None, each.code}]
    if not counters:
        raise Http404
    return counters[0]


def _days(request: StaffRequest) -> list[date]:
    asked = request.GET.get("tuan") or request.POST.get("tuan") or ""
    try:
        return roster.week_of(date.fromisoformat(asked))
    except (ValueError, OverflowError):
        return roster.week_of(timezone.localdate())


def _shift(request: StaffRequest) -> int:
    asked = request.POST.get("shift", "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0


def _back(agency: Agency, days: list[date]) -> HttpResponse:
    query = urlencode({"quay": agency.code, "tuan": days[0].isoformat()})
    return redirect(f"{reverse('agencies:week')}?{query}")
