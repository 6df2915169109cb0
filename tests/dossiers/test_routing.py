"""Commune → district → province and back, land registry ↔ tax: next step, office, officer, time.

Shifts are 07:00–11:30 and 13:30–17:00; 3/6/2024 is a Monday.
"""

from itertools import pairwise
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Kind, Level, Role, User
from dossiers import routing, step_clock
from dossiers.models import Dossier, StepRun
from dossiers.step_clock import StepLine
from procedures.models import Step
from tests import make
from tests.dossiers.acts import Office

pytestmark = pytest.mark.django_db
COUNTER = {"office_kind": Kind.COUNTER, "role": Role.CLERK, "level": Level.COMMUNE}
THREE_LEVELS = (
    {**COUNTER, "name": "Tiếp nhận", "working_hours": 2},
    {"level": Level.DISTRICT, "office_kind": Kind.DEPARTMENT, "working_hours": 16},
    {"level": Level.PROVINCE, "office_kind": Kind.DEPARTMENT, "working_hours": 8},
    {**COUNTER, "name": "Trả kết quả", "working_hours": 2},
)


class Country:
    """A province, its district and its commune, each with an office, and their people."""

    def __init__(self, steps: tuple[Any, ...] = THREE_LEVELS, **version: Any) -> None:
        self.province = make.agency(level=Level.PROVINCE)
        self.district = make.agency(level=Level.DISTRICT, parent=self.province)
        self.commune = make.agency(parent=self.district)
        self.counter = make.agency(committee=self.commune)
        self.bureau = self.department(self.district)
        self.service = self.department(self.province)
        self.version = make.version(
            posted_at=self.bureau, steps=steps, interagency="cross_level", **version
        )
        clerk = make.staff(self.counter, Role.CLERK, Role.LEADER)
        self.office = Office(self.counter, clerk, self.version)
        self.officer = make.staff(self.bureau, Role.OFFICER)
        self.expert = make.staff(self.service, Role.OFFICER)

    def department(self, committee: Agency, kind: str = Kind.DEPARTMENT) -> Agency:
        return make.agency(kind=kind, committee=committee, level=committee.level)

    def goes_on(self, dossier: Dossier, sent: str, taken: str, to: User, by: User) -> Dossier:
        """As the page proposes it: the next step, its office."""
        step = _next_step(dossier)
        assert step is not None
        office = routing.office_of(step, dossier)
        assert office is not None
        dossier = self.office.do(
            "send", dossier, make.at(sent), actor=by, to_agency=office, step=step
        )
        return self.office.do("acknowledge", dossier, make.at(taken), actor=to)


def lines(dossier: Dossier, now: str) -> list[StepLine]:
    dossier = Dossier.objects.get(pk=dossier.pk)
    waits = list(dossier.suspensions.all())
    return step_clock.lines_of(dossier, routing.read(dossier), waits, make.at(now))


def test_from_the_commune_to_the_province_and_back_each_with_its_own_hours() -> None:
    land = Country()
    clerk = land.office.leader
    dossier = land.office.dossier(make.at("2024-06-03 09:00"))
    assert routing.read(dossier).current == land.version.steps.get(position=1)
    dossier = land.goes_on(dossier, "2024-06-03 10:30", "2024-06-03 14:00", land.officer, clerk)
    assert dossier.held_by == land.bureau
    dossier = land.goes_on(
        dossier, "2024-06-05 14:00", "2024-06-06 07:00", land.expert, land.officer
    )
    assert dossier.held_by == land.service
    dossier = land.goes_on(dossier, "2024-06-07 08:01", "2024-06-07 08:30", clerk, land.expert)
    assert dossier.held_by == land.counter
    assert _next_step(dossier) is None
    told = [(line.used, line.allotted, line.outcome) for line in lines(dossier, "2024-06-07 09:00")]
    assert told == [
        # 09:00 to 10:30.
        (90, 120, "early"),
        # Monday 14:00 to Wednesday 14:00: three hours, eight, four and a half, half an hour.
        (16 * 60, 16 * 60, "on_time"),
        # All of Thursday, and Friday 07:00 to 08:01.
        (8 * 60 + 61, 8 * 60, "overdue"),
        # Under way.
        (30, 120, ""),
    ]
    # The control slip says the same of each passage.
    runs = routing.read(dossier).runs
    words = [step_clock.outcome_of(run, []) for run in runs]
    assert words == ["Đúng hạn", "Quá hạn", ""]


def test_the_first_step_is_the_counters_until_it_is_sent() -> None:
    land = Country()
    dossier = land.office.dossier(make.at("2024-06-03 09:00"))
    [line] = lines(dossier, "2024-06-03 14:00")
    assert (line.title, line.agency, line.is_current) == ("Tiếp nhận", land.counter, True)
    assert (line.used, line.due_at) == (180, make.at("2024-06-03 11:00"))
    assert line.is_late
    assert [step.position for step in routing.read(dossier).planned()] == [2, 3, 4]


def test_waiting_for_the_citizen_is_nobodys_time() -> None:
    land = Country()
    dossier = land.office.dossier(make.at("2024-06-03 09:00"))
    dossier = land.goes_on(
        dossier, "2024-06-03 10:00", "2024-06-03 14:00", land.officer, land.office.leader
    )
    assert StepRun.objects.get().due_at == make.at("2024-06-05 14:00")
    dossier = land.office.do("supplement", dossier, make.at("2024-06-04 07:00"), actor=land.officer)
    line = lines(dossier, "2024-06-04 16:00")[-1]
    assert (line.used, line.due_at) == (180, None)
    dossier = land.office.do(
        "supplemented", dossier, make.at("2024-06-06 08:00"), actor=land.officer
    )
    # Tuesday, Wednesday and an hour of Thursday were lost: from Wednesday 14:00 to Friday 15:00.
    assert lines(dossier, "2024-06-06 09:00")[-1].used == 240
    assert lines(dossier, "2024-06-06 09:00")[-1].due_at == make.at("2024-06-07 15:00")
    assert StepRun.objects.get().due_at == make.at("2024-06-07 15:00")


def test_land_registry_and_tax_office_pass_it_to_one_another() -> None:
    steps = (
        {"office_kind": Kind.LAND_REGISTRY},
        {"office_kind": Kind.VERTICAL},
        {"office_kind": Kind.LAND_REGISTRY},
    )
    district = make.agency(level=Level.DISTRICT)
    branch = make.agency(kind=Kind.LAND_REGISTRY, committee=district, level=Level.DISTRICT)
    tax = make.agency(kind=Kind.VERTICAL, committee=district, level=Level.DISTRICT)
    counter = make.agency(committee=district, level=Level.DISTRICT)
    version = make.version(posted_at=branch, steps=steps)
    place = Office(counter, make.staff(counter), version)
    registrar, taxman = make.staff(branch, Role.OFFICER), make.staff(tax, Role.OFFICER)
    dossier, went = place.dossier(), []
    hands = (place.leader, registrar, taxman, registrar)
    for day, (by, to) in enumerate(pairwise(hands), start=4):
        step = _next_step(dossier)
        assert step is not None
        office = routing.office_of(step, dossier)
        assert office is not None
        went.append(office)
        moment = make.at(f"2024-06-0{day} 08:00")
        dossier = place.do("send", dossier, moment, actor=by, to_agency=office, step=step)
        dossier = place.do("acknowledge", dossier, moment, actor=to)
    assert went == [branch, tax, branch]
    # One body has it all the while: no leg beside the lodged one.
    assert dossier.legs.count() == 1


def test_of_several_vertical_offices_the_one_that_did_it_last_time_is_taken() -> None:
    land = Country(steps=({"office_kind": Kind.VERTICAL},))
    tax, _treasury = (land.department(land.district, Kind.VERTICAL) for _ in range(2))
    step = land.version.steps.get()
    first = land.office.dossier()
    assert routing.office_of(step, first) is None
    land.office.do("send", first, make.NOW, to_agency=tax, step=step)
    assert routing.office_of(step, land.office.dossier()) == tax


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "bureau"),
        ({"role": Role.CLERK}, "counter"),
        ({"level": Level.PROVINCE}, "province"),
        ({"level": Level.DISTRICT}, "bureau"),
        ({"level": Level.COMMUNE}, "commune"),
        ({"level": Level.PROVINCE, "office_kind": Kind.DEPARTMENT}, "service"),
        ({"office_kind": Kind.DEPARTMENT}, "bureau"),
        ({"office_kind": Kind.COUNTER}, "counter"),
        ({"office_kind": Kind.LAND_REGISTRY}, ""),
    ],
)
def test_the_office_of_a_step_follows_from_the_dossier(fields: dict[str, str], name: str) -> None:
    land = Country(steps=(fields,))
    found = routing.office_of(land.version.steps.get(), land.office.dossier())
    assert found == (getattr(land, name) if name else None)


def test_a_closed_office_is_proposed_to_nobody() -> None:
    land = Country()
    dossier = land.office.dossier()
    Agency.objects.filter(pk=land.bureau.pk).update(valid_to=make.NOW.date())
    with time_machine.travel(make.at("2024-06-04 08:00"), tick=False):
        assert routing.office_of(land.version.steps.get(position=2), dossier) is None


def test_the_officer_who_knows_it_or_the_least_loaded() -> None:
    land = Country()
    other = make.staff(land.bureau, Role.OFFICER)
    make.staff(land.bureau, Role.LEADER)
    gone = make.staff(land.bureau, Role.OFFICER, until=make.SINCE)
    busy = land.office.dossier()
    Dossier.objects.filter(pk=busy.pk).update(officer=land.officer)
    dossier = land.office.dossier()
    step = land.version.steps.get(position=2)
    passage = routing.read(dossier)
    assert routing.officer_for(step, land.bureau, passage, make.NOW) == other
    dossier = land.goes_on(
        dossier, "2024-06-03 10:00", "2024-06-03 14:00", land.officer, land.office.leader
    )
    passage = routing.read(dossier)
    assert routing.officer_for(step, land.bureau, passage, make.NOW) == land.officer
    assert gone != other


@pytest.mark.parametrize(
    ("taken", "channel", "by"),
    [
        ("2024-06-03 14:59", "direct", "2024-06-03 17:00"),
        ("2024-06-03 15:00", "direct", "2024-06-03 17:00"),
        ("2024-06-03 15:01", "direct", "2024-06-04 07:00"),
        ("2024-06-03 15:01", "post", "2024-06-04 07:00"),
        # Friday, Saturday, and the eve of Quốc khánh (off from 31/8 to 3/9).
        ("2024-06-07 15:01", "direct", "2024-06-10 07:00"),
        ("2024-06-08 08:00", "direct", "2024-06-10 07:00"),
        ("2024-08-30 15:01", "direct", "2024-09-04 07:00"),
        ("2024-08-30 14:59", "direct", "2024-08-30 17:00"),
        ("2024-06-03 15:01", "online", "2024-06-03 15:01"),
    ],
)
def test_passed_on_the_same_day_or_the_next_working_morning(
    taken: str, channel: str, by: str
) -> None:
    land = Country()
    land.office.dossier(make.at(taken), channel=channel)
    assert routing.pass_on_by(Dossier.objects.get()) == make.at(by)


def test_passing_on_late_is_seen_before_and_after() -> None:
    land = Country()
    land.office.dossier(make.at("2024-06-03 15:30"))
    dossier = Dossier.objects.get()
    passage = routing.read(dossier)
    for moment, is_late in (("2024-06-04 07:00", False), ("2024-06-04 07:01", True)):
        seen = routing.passing(dossier, passage, make.at(moment))
        assert seen is not None
        assert (seen.sent_at, seen.is_late) == (None, is_late)
    dossier = land.goes_on(
        dossier, "2024-06-04 09:00", "2024-06-04 10:00", land.officer, land.office.leader
    )
    seen = routing.passing(dossier, routing.read(dossier), make.at("2024-06-10 09:00"))
    assert seen is not None
    assert (seen.sent_at, seen.is_late) == (make.at("2024-06-04 09:00"), True)
    own = Dossier.objects.get(pk=make.dossier().pk)
    assert routing.passing(own, routing.read(own), make.at("2024-06-10 09:00")) is None


def test_a_version_without_steps_proposes_nothing() -> None:
    dossier = make.dossier()
    assert _next_step(dossier) is None
    assert lines(dossier, "2024-06-04 09:00") == []


def test_a_recalled_passage_is_no_step(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    land = Country()
    dossier = land.office.dossier()
    step = _next_step(dossier)
    dossier = land.office.do("send", dossier, make.NOW, to_agency=land.bureau, step=step)
    dossier = land.office.do("recall", dossier, make.NOW)
    with django_assert_num_queries(2):
        passage = routing.read(dossier)
    assert passage.following == [step]
    assert [(one.title, one.is_recalled) for one in lines(dossier, "2024-06-03 10:00")] == [
        ("Tiếp nhận", False),
        ("Bước 2", True),
    ]


def test_a_step_leads_where_its_version_says() -> None:
    steps = ({"leads_to": [3, 2]}, {"leads_to": [1]}, {"working_hours": 4})
    land = Country(steps=steps)
    dossier = land.office.dossier()
    first, second, third = land.version.steps.all()
    officer, clerk = land.officer, land.office.leader
    assert routing.read(dossier).following == [first]
    dossier = land.goes_on(dossier, "2024-06-03 10:00", "2024-06-03 10:30", officer, clerk)
    assert routing.read(dossier).following == [third, second]
    assert routing.read(dossier).planned() == [third]
    assert routing.following(second, [first, second, third]) == [first]
    assert routing.following(third, [first, second, third]) == []


def test_a_result_goes_back_to_where_the_citizen_fetches_it() -> None:
    land = Country()
    dossier = land.office.dossier()
    dossier = land.goes_on(
        dossier, "2024-06-03 10:00", "2024-06-03 14:00", land.officer, land.office.leader
    )
    dossier = land.office.do("finish", dossier, make.at("2024-06-04 09:00"), actor=land.officer)
    passage = routing.read(dossier)
    assert routing.step_back(dossier, passage) == land.version.steps.get(position=4)
    dossier = land.office.do(
        "send",
        dossier,
        make.at("2024-06-04 09:00"),
        actor=land.officer,
        to_agency=land.counter,
        step=land.version.steps.get(position=4),
    )
    dossier = land.office.do("acknowledge", dossier, make.at("2024-06-04 10:00"))
    assert routing.step_back(dossier, routing.read(dossier)) is None


def _next_step(dossier: Dossier) -> Step | None:
    return next(iter(routing.read(dossier).following), None)
