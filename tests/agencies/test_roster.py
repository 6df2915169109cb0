"""Rosters of a counter, and hours in which it is open while no deadline runs."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies import counter_hours, roster
from agencies.errors import DutyInvalid, NotCalendarKeeper, NotRosterKeeper, ShiftInvalid
from agencies.models import Agency, Appointment, Duty, Role, User
from agencies.scope import scope_of
from calendars.loading import working_time
from calendars.models import Calendar
from tests import make
from tests.pages import SIGNED_IN_BEFORE

pytestmark = pytest.mark.django_db

MONDAY = date(2024, 6, 3)
SATURDAY = "2024-06-08 09:00"


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def counter(commune: Agency) -> Agency:
    return make.agency(committee=commune)


@pytest.fixture
def clerk(counter: Agency) -> User:
    return make.staff(counter)


def put(counter: Agency, user: User, day: date = MONDAY, **fields: Any) -> Duty:
    values: dict[str, Any] = {"starts": time(7), "ends": time(11), "window": "1", "actor": user}
    return roster.add(counter, user, day=day, now=make.NOW, **values | fields)


def test_who_sits_there_now(counter: Agency, clerk: User) -> None:
    duty = put(counter, clerk)
    assert list(roster.on_duty(counter, make.NOW)) == [duty]
    assert not roster.on_duty(counter, make.at("2024-06-03 11:00"))
    assert not roster.on_duty(counter, make.at("2024-06-04 09:00"))


def test_nobody_sits_at_two_places_at_once(commune: Agency, counter: Agency, clerk: User) -> None:
    put(counter, clerk)
    with pytest.raises(DutyInvalid, match="ca trực khác"):
        put(counter, clerk, starts=time(10), ends=time(12))
    put(counter, clerk, starts=time(11), ends=time(12))
    with pytest.raises(IntegrityError, match="duty_at_one_place"), transaction.atomic():
        Duty.objects.create(agency=commune, user=clerk, day=MONDAY, starts=time(8), ends=time(9))


def test_a_duty_ends_after_it_starts(counter: Agency, clerk: User) -> None:
    with pytest.raises(DutyInvalid):
        put(counter, clerk, starts=time(9), ends=time(9))
    with pytest.raises(IntegrityError, match="duty_starts_first"), transaction.atomic():
        Duty.objects.create(agency=counter, user=clerk, day=MONDAY, starts=time(9), ends=time(8))


def test_only_staff_with_a_role_that_day(commune: Agency, counter: Agency, clerk: User) -> None:
    guest = make.staff(make.agency())
    with pytest.raises(DutyInvalid, match="không có vai trò"):
        put(counter, guest, actor=clerk)
    leaving = make.staff(commune, until=MONDAY)
    put(counter, leaving, actor=clerk)
    with pytest.raises(DutyInvalid, match="không có vai trò"):
        put(counter, leaving, MONDAY + timedelta(days=1), actor=clerk)


def test_last_week_is_copied_once_without_those_who_left(counter: Agency, clerk: User) -> None:
    leaving = make.staff(counter)
    put(counter, clerk)
    put(counter, leaving, actor=clerk, window="2")
    Appointment.objects.filter(user=leaving).update(valid_to=MONDAY)
    following = MONDAY + timedelta(days=7)
    for copied in (1, 0):
        assert roster.copy_last_week(counter, following, actor=clerk, now=make.NOW) == copied
    assert Duty.objects.get(day=following).user == clerk


def test_clerks_and_leaders_keep_their_own_counter(commune: Agency, counter: Agency) -> None:
    for role in roster.KEEPERS:
        scope = scope_of(make.staff(commune, role), MONDAY)
        assert list(roster.counters_of(scope, MONDAY)) == [counter]
    with pytest.raises(NotRosterKeeper):
        put(counter, make.staff(make.agency()))
    with pytest.raises(NotRosterKeeper):
        put(counter, make.staff(commune, Role.OFFICER))


def test_what_is_taken_on_a_saturday_has_its_first_day_on_monday(commune: Agency) -> None:
    keeper = make.staff(commune, Role.ADMINISTRATOR)
    commune.calendar = counter_hours.own_calendar(commune, actor=keeper, now=make.NOW)
    morning: dict[str, Any] = {"weekdays": [6], "starts": time(7, 30), "ends": time(11, 30)}
    counter_hours.open_on(commune, **morning, actor=keeper, now=make.NOW)
    calendar = Calendar.objects.get(pk=commune.calendar_id)
    office = working_time(calendar)
    assert office.is_counter_open(make.at(SATURDAY))
    assert not office.is_counter_open(make.at("2024-06-09 09:00"))
    version = make.version(posted_at=commune, limit_value=1)
    dossier = make.dossier(agency=commune, version=version, now=make.at(SATURDAY))
    assert dossier.due_at == make.at("2024-06-10 17:00")


def test_a_common_calendar_is_changed_for_nobody(commune: Agency) -> None:
    make.agency()
    keeper = make.staff(commune, Role.ADMINISTRATOR)
    morning: dict[str, Any] = {"weekdays": [6], "starts": time(7, 30), "ends": time(11, 30)}
    with pytest.raises(NotCalendarKeeper):
        counter_hours.open_on(commune, **morning, actor=keeper, now=make.NOW)
    made = counter_hours.own_calendar(commune, actor=keeper, now=make.NOW)
    assert counter_hours.own_calendar(commune, actor=keeper, now=make.NOW) == made
    shift = counter_hours.open_on(commune, **morning, actor=keeper, now=make.NOW)
    with pytest.raises(ShiftInvalid, match="Trùng"):
        counter_hours.open_on(commune, **morning, actor=keeper, now=make.NOW)
    with pytest.raises(ShiftInvalid):
        counter_hours.open_on(
            commune, weekdays=[], starts=time(7), ends=time(8), actor=keeper, now=make.NOW
        )
    counter_hours.close(commune, shift.pk, actor=keeper, now=make.NOW)
    assert not working_time(made.pk).is_counter_open(make.at(SATURDAY))
    assert working_time(made.pk).is_counter_open(make.NOW)
    stranger = make.staff(make.agency(), Role.ADMINISTRATOR)
    with pytest.raises(NotCalendarKeeper):
        counter_hours.own_calendar(commune, actor=stranger, now=make.NOW)


def test_the_week_on_its_page(
    client: Client,
    counter: Agency,
    clerk: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(clerk)
    week = {"quay": counter.code, "tuan": "2024-06-05"}
    typed = {"user": clerk.pk, "day": "2024-06-03", "starts": "07:30", "ends": "11:30"}
    assert client.post("/lich-truc/them/", week | typed).status_code == 302
    assert client.post("/lich-truc/them/", week | typed).status_code == 422
    with django_assert_num_queries(SIGNED_IN_BEFORE + 7):
        page = client.get("/lich-truc/", week)
    assert "07:30–11:30" in page.content.decode()
    duty = Duty.objects.get()
    for _ in range(2):
        assert client.post("/lich-truc/bo/", week | {"duty": duty.pk}).status_code == 302
    assert not Duty.objects.exists()
    assert client.post("/lich-truc/chep/", week).status_code == 302


def test_an_administrator_opens_the_counter_on_its_page(client: Client, commune: Agency) -> None:
    make.agency()
    client.force_login(make.staff(commune, Role.ADMINISTRATOR))
    asked = {"quay": commune.code}
    assert "Lập lịch riêng" in client.get("/lich-truc/ca/", asked).content.decode()
    client.post("/lich-truc/ca/sua/", asked | {"do": "own"})
    typed = asked | {"do": "open", "weekdays": ["6"], "starts": "07:30", "ends": "11:30"}
    assert client.post("/lich-truc/ca/sua/", typed).status_code == 302
    assert client.post("/lich-truc/ca/sua/", typed).status_code == 422
    assert "chỉ mở quầy" in client.get("/lich-truc/ca/", asked).content.decode()


def test_strangers_find_no_roster(client: Client, counter: Agency) -> None:
    client.force_login(make.staff(make.agency()))
    assert client.get("/lich-truc/", {"quay": counter.code}).status_code == 404
    assert client.post("/lich-truc/chep/", {"quay": counter.code}).status_code == 404
    assert client.get("/lich-truc/ca/", {"quay": counter.code}).status_code == 403
