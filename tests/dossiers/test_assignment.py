"""Who works on it inside the office that has it: by whom, of whom, and what is kept of it."""

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from agencies.models import Role
from dossiers import assignment, errors
from dossiers.models import Dossier, DossierEvent, StepRun
from tests import make
from tests.dossiers.acts import office

pytestmark = pytest.mark.django_db
LATER = make.at("2024-06-03 10:00")


def test_a_leader_gives_it_to_an_officer_and_the_event_tells_from_whom() -> None:
    place = office()
    officer = make.staff(place.agency, Role.OFFICER)
    dossier = place.do("assign", place.dossier(), LATER, officer=officer)
    assert Dossier.objects.get().officer == officer
    event = DossierEvent.objects.get(act="assign")
    assert event.detail == {"officer": [place.leader.pk, officer.pk]}
    assert (event.from_status, event.to_status) == (2, 2)
    assert dossier.officer == officer


def test_an_officer_passes_on_his_own_and_takes_what_nobody_has() -> None:
    place = office()
    first, second = (make.staff(place.agency, Role.OFFICER) for _ in range(2))
    dossier = place.do("assign", place.dossier(), LATER, officer=first)
    with pytest.raises(errors.OutOfScope):
        place.do("assign", dossier, LATER, actor=second, officer=second)
    dossier = place.do("assign", dossier, LATER, actor=first, officer=second)
    assert dossier.officer == second
    Dossier.objects.update(officer=None)
    dossier = Dossier.objects.get()
    with pytest.raises(errors.OutOfScope):
        place.do("assign", dossier, LATER, actor=first, officer=second)
    assert place.do("assign", dossier, LATER, actor=first, officer=first).officer == first


def test_only_somebody_of_the_office_and_another_one() -> None:
    place = office()
    dossier = place.dossier()
    elsewhere = make.staff(make.agency(), Role.OFFICER)
    gone = make.staff(place.agency, Role.OFFICER, until=make.NOW.date().replace(day=1))
    reporter = make.staff(place.agency, Role.REPORTER)
    inactive = make.staff(place.agency, Role.OFFICER)
    inactive.is_active = False
    for officer in (elsewhere, gone, reporter, inactive, place.leader):
        with pytest.raises(errors.AssignmentInvalid):
            place.do("assign", dossier, LATER, officer=officer)
    stranger = make.staff(make.agency(), Role.LEADER)
    with pytest.raises(errors.OutOfScope):
        place.do("assign", dossier, LATER, actor=stranger, officer=place.leader)
    assert DossierEvent.objects.count() == 1


def test_what_has_ended_is_given_to_nobody() -> None:
    place = office()
    officer = make.staff(place.agency, Role.OFFICER)
    dossier = place.do("withdraw", place.dossier(), LATER)
    with pytest.raises(errors.MoveNotAllowed):
        place.do("assign", dossier, LATER, officer=officer)


def test_the_step_under_way_goes_to_the_same_officer() -> None:
    place = office(steps=(8,))
    room = make.agency(committee=place.agency)
    place.leader.appointments.create(agency=room, role=Role.LEADER, valid_from=make.SINCE)
    officer = make.staff(room, Role.OFFICER)
    dossier = place.history(
        ("send", "2024-06-03 10:00", {"to_agency": room}), ("acknowledge", "2024-06-03 10:00")
    )
    place.do("assign", dossier, make.at("2024-06-03 11:00"), officer=officer)
    assert StepRun.objects.get().officer == officer


def test_a_second_click_gives_it_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    place, key = office(), uuid4()
    officer = make.staff(place.agency, Role.OFFICER)
    dossier = place.dossier()
    # Savepoint and its release, lock, repetition, two permissions, run, row, event.
    with django_assert_num_queries(9):
        assignment.assign(dossier, actor=place.leader, now=LATER, request_id=key, officer=officer)
    place.do("assign", dossier, LATER, officer=officer, request_id=key)
    assert DossierEvent.objects.filter(act="assign").count() == 1
