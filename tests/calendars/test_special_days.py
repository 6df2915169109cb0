"""Special days in the database: guarded, seeded, edited, and loaded once per version."""

from collections.abc import Callable
from datetime import date, time
from importlib import import_module
from typing import Any

import holidays
import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import RequestFactory

from calendars import loading
from calendars.admin import SpecialDayAdmin, SpecialDayForm
from calendars.errors import UnknownCalendar
from calendars.models import Calendar, Shift, SpecialDay
from calendars.versions import bump_version
from tests.calendars.office import at

pytestmark = pytest.mark.django_db
SEED = import_module("calendars.migrations.0002_seed_special_days")
MONDAY = date(2024, 6, 3)


def special(on: date = MONDAY, **fields: Any) -> SpecialDay:
    values: dict[str, Any] = {
        "date": on,
        "kind": SpecialDay.Kind.CLOSURE,
        "is_working": False,
        "legal_basis": "Công điện 01/CĐ-UBND",
    }
    return SpecialDay.objects.create(**(values | fields))


def other_calendar(code: str = "le-son", **fields: Any) -> Calendar:
    return Calendar.objects.create(code=code, name="Lịch riêng", **fields)


def refused(create: Callable[[], object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        create()


# The seed


def test_seed_is_the_library_and_the_known_gap() -> None:
    known = holidays.country_holidays("VN", years=range(2019, 2028), language="vi")
    expected = {on: False for on in known if on.year >= 2019}
    expected |= {on: True for on in known.weekend_workdays if on.year >= 2019}
    expected |= {date(2026, 1, 2): False, date(2026, 1, 10): True}
    seeded = {row.date: row.is_working for row in SpecialDay.objects.filter(calendar=None)}
    assert seeded == expected
    assert len(SEED.SPECIAL_DAYS) == len(expected)
    assert not SpecialDay.objects.filter(legal_basis="").exists()


def test_seeded_years_have_the_known_number_of_working_days() -> None:
    loaded = loading.working_time(loading.default_calendar())
    totals = [
        loaded.working_days_between(date(year, 1, 1), date(year + 1, 1, 1))
        for year in range(2019, 2028)
    ]
    assert totals == [252, 252, 250, 249, 249, 251, 250, 249, 249]


def test_default_calendar_works_eight_hours_on_weekdays_and_make_up_days() -> None:
    loaded = loading.working_time(loading.DEFAULT_CODE)
    for day in (MONDAY, date(2024, 5, 4), date(2026, 1, 10)):
        next_day = date.fromordinal(day.toordinal() + 1)
        assert loaded.shift_seconds_between(at(str(day)), at(str(next_day))) == 8 * 3600
    assert not loaded.is_working_day(date(2026, 1, 2))


# Constraints


def test_special_day_is_unique_in_its_scope() -> None:
    special()
    special(calendar=other_calendar())
    refused(special, "special_day_once_per_scope")


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"is_working": True}, "special_day_works_by_kind"),
        ({"kind": "make_up"}, "special_day_works_by_kind"),
        ({"kind": "party"}, "special_day_works_by_kind"),
        ({"kind": "half_day", "is_working": True}, "special_day_half_day_has_hours"),
        ({"works_until": time(11)}, "special_day_half_day_has_hours"),
        ({"legal_basis": ""}, "special_day_has_legal_basis"),
    ],
)
def test_special_day_must_be_coherent(fields: dict[str, Any], constraint: str) -> None:
    refused(lambda: special(**fields), constraint)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"ends": time(7)}, "shift_starts_before_it_ends"),
        ({"weekdays": [0]}, "shift_weekdays_are_iso"),
        ({"season_from": "04-16"}, "shift_season_is_whole"),
        ({"season_from": "04-16", "season_to": "13-01"}, "shift_season_is_whole"),
        ({"counts_for_deadline": False, "counter_open": False}, "shift_serves_something"),
    ],
)
def test_shift_must_be_coherent(fields: dict[str, Any], constraint: str) -> None:
    values = {"calendar": loading.default_calendar(), "starts": time(7), "ends": time(11)} | fields
    refused(lambda: Shift.objects.create(**values), constraint)


@pytest.mark.parametrize("weekdays", [[], [8]])
def test_calendar_weekdays_must_be_days_of_the_week(weekdays: list[int]) -> None:
    refused(lambda: other_calendar(weekdays=weekdays), "calendar_weekdays_are_iso")


# Loading


def test_own_day_beats_the_country_and_the_country_beats_the_library() -> None:
    # 30/6/2030 is a Sunday, and 2/9/2030 is the library's National Day.
    mine = other_calendar()
    special(date(2030, 9, 2), kind="make_up", is_working=True)
    special(date(2030, 9, 2), calendar=mine, kind="holiday", note="Nghỉ lễ")
    special(MONDAY, calendar=mine)
    bump_version(None)
    assert loading.working_time("standard").is_working_day(date(2030, 9, 2))
    assert loading.working_time("standard").is_working_day(MONDAY)
    own = loading.working_time("le-son")
    assert not own.is_working_day(date(2030, 9, 2))
    assert own.day(date(2030, 9, 2)).why == "Nghỉ lễ, tết: Nghỉ lễ (Công điện 01/CĐ-UBND)"
    assert own.day(MONDAY).why == "Tạm ngừng làm việc (Công điện 01/CĐ-UBND)"
    assert not own.is_working_day(date(2030, 9, 3))  # the library's, where no row says otherwise


def test_loaded_calendar_costs_one_query_by_key_and_none_by_row(
    django_assert_num_queries: Any,
) -> None:
    row = loading.default_calendar()
    first = loading.working_time(row)
    with django_assert_num_queries(1):
        assert loading.working_time(row.pk) is first
    with django_assert_num_queries(1):
        assert loading.working_time(row.code) is first
    with django_assert_num_queries(0):
        assert loading.working_time(row) is first
    bump_version(row)
    with django_assert_num_queries(3):
        assert loading.working_time(row.pk) is not first


def test_rolled_back_edit_leaves_nothing_in_the_process() -> None:
    before = loading.working_time("standard").is_working_day(MONDAY)
    with transaction.atomic():
        special()
        bump_version(None)
        assert not loading.working_time("standard").is_working_day(MONDAY)
        transaction.set_rollback(True)
    special(date(2024, 6, 4))
    bump_version(None)  # takes the version number that was rolled back
    again = loading.working_time("standard")
    assert again.is_working_day(MONDAY) == before
    assert not again.is_working_day(date(2024, 6, 4))


def test_calendar_without_shifts_has_the_usual_ones() -> None:
    calendar = other_calendar()
    assert loading.working_time(calendar).end_of(MONDAY) == at("2024-06-03 17:00")
    Shift.objects.create(calendar=calendar, starts=time(8), ends=time(12))
    bump_version(calendar)
    assert loading.working_time("le-son").end_of(MONDAY) == at("2024-06-03 12:00")


def test_unknown_calendar_is_refused() -> None:
    with pytest.raises(UnknownCalendar):
        loading.working_time("không có")


# The admin


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "calendar": "",
        "date": "2024-06-03",
        "kind": "closure",
        "legal_basis": "Công điện 01/CĐ-UBND",
    } | fields


def save(form: SpecialDayForm, *, change: bool = False) -> SpecialDay:
    assert form.is_valid(), form.errors
    row = form.save(commit=False)
    _admin().save_model(_request(), row, form, change)
    return row


def _admin() -> SpecialDayAdmin:
    return SpecialDayAdmin(SpecialDay, admin.site)


def _request() -> HttpRequest:
    return RequestFactory().post("/")


def versions() -> dict[str, int]:
    return dict(Calendar.objects.values_list("code", "version"))


def test_admin_saves_a_national_day_and_moves_every_calendar() -> None:
    other_calendar()
    row = save(SpecialDayForm(typed(kind="half_day", works_until="11:00")))
    assert row.is_working
    assert versions() == {"standard": 2, "le-son": 2}


def test_admin_moves_both_calendars_when_the_scope_moves() -> None:
    mine, theirs = other_calendar(), other_calendar("tra-bong")
    row = save(SpecialDayForm(typed(calendar=mine.pk)))
    assert versions() == {"standard": 1, "le-son": 2, "tra-bong": 1}
    save(SpecialDayForm(typed(calendar=theirs.pk), instance=row), change=True)
    assert versions() == {"standard": 1, "le-son": 3, "tra-bong": 2}


def test_admin_moves_versions_when_days_are_deleted() -> None:
    mine = other_calendar()
    _admin().delete_model(_request(), special(calendar=mine))
    assert versions() == {"standard": 1, "le-son": 2}
    special()
    special(date(2024, 6, 4))
    _admin().delete_queryset(_request(), SpecialDay.objects.filter(date__month=6, date__year=2024))
    assert versions() == {"standard": 2, "le-son": 3}


@pytest.mark.parametrize(
    "fields",
    [
        {"legal_basis": ""},
        {"kind": "half_day"},
        {"works_from": "08:00"},
        {"date": "2024-05-01"},  # the country has this day already
        {"kind": ""},
    ],
)
def test_admin_refuses_incoherent_days(fields: dict[str, Any]) -> None:
    assert not SpecialDayForm(typed(**fields)).is_valid()


def test_admin_pages_show_the_days(admin_client: Any) -> None:
    for path in ("specialday/", "specialday/add/", "calendar/"):
        page = admin_client.get(f"/admin/calendars/{path}")
        assert page.status_code == 200
    assert (
        "Cả nước (mọi lịch)"
        in admin_client.get("/admin/calendars/specialday/add/").content.decode()
    )


def test_admin_edit_of_a_shift_moves_its_calendar(admin_client: Any) -> None:
    calendar = loading.default_calendar()
    shifts = list(calendar.shifts.all())
    data = {
        "code": calendar.code,
        "name": calendar.name,
        "weekdays": "1,2,3,4,5",
        "decided_until": "2026-12-31",
        "shifts-TOTAL_FORMS": len(shifts),
        "shifts-INITIAL_FORMS": len(shifts),
    }
    for number, shift in enumerate(shifts):
        data |= {
            f"shifts-{number}-id": shift.pk,
            f"shifts-{number}-calendar": calendar.pk,
            f"shifts-{number}-weekdays": "1,2,3,4,5",
            f"shifts-{number}-on_make_up_days": "on",
            f"shifts-{number}-counts_for_deadline": "on",
            f"shifts-{number}-counter_open": "on",
            f"shifts-{number}-starts": f"{shift.starts}",
            f"shifts-{number}-ends": "16:30" if shift.ends == time(17) else f"{shift.ends}",
        }
    page = admin_client.post(f"/admin/calendars/calendar/{calendar.pk}/change/", data)
    assert page.status_code == 302
    assert versions()["standard"] == 2
    assert loading.working_time("standard").end_of(MONDAY) == at("2024-06-03 16:30")
