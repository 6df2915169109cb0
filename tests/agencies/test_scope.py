"""Whose dossiers a user may see: own agency, those below for some roles, predecessors."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from agencies.models import Agency, Appointment, Level, Role, Succession
from agencies.scope import Scope, scope_of
from tests import make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 15)
LAST_DAY, NEXT = date(2025, 6, 30), date(2025, 7, 1)


def _scope(at: Agency, role: str = Role.CLERK, on: date = TODAY) -> Scope:
    return scope_of(make.user(at=at, role=role), on)


def _went_over(old: Agency, new: Agency, share: str = "1") -> None:
    Succession.objects.create(
        predecessor=old, successor=new, kind="merge", effective_on=NEXT, share=Decimal(share)
    )


class Province:
    """A province with one commune; a stranger beside it."""

    def __init__(self) -> None:
        self.top = make.agency(level=Level.PROVINCE)
        self.commune = make.agency(parent=self.top)
        self.counter = make.agency(committee=self.commune)
        self.department = make.agency(committee=self.top, kind="department")
        self.stranger = make.agency()


@pytest.fixture
def province() -> Province:
    return Province()


def test_whoever_works_at_a_committee_sees_its_body(province: Province) -> None:
    assert _scope(province.commune).agency_ids == {province.commune.pk, province.counter.pk}


def test_whoever_works_at_a_counter_sees_the_counter(province: Province) -> None:
    assert _scope(province.counter).agency_ids == {province.counter.pk}


@pytest.mark.parametrize("role", [Role.LEADER, Role.REPORTER, Role.CONTROLLER, Role.INSPECTOR])
def test_these_roles_see_the_agencies_below(province: Province, role: str) -> None:
    seen = _scope(province.top, role).agency_ids

    below = (province.top, province.commune, province.counter, province.department)
    assert seen == {agency.pk for agency in below}


@pytest.mark.parametrize("role", [Role.CLERK, Role.OFFICER, Role.ADMINISTRATOR])
def test_the_others_do_not(province: Province, role: str) -> None:
    seen = _scope(province.top, role).agency_ids

    assert seen == {province.top.pk, province.department.pk}


def test_nobody_without_a_role_sees_anything(province: Province) -> None:
    closed = make.user(at=province.top, role=Role.LEADER, is_active=False)

    assert scope_of(make.user(), TODAY).agency_ids == frozenset()
    assert scope_of(closed, TODAY).agency_ids == frozenset()
    assert scope_of(AnonymousUser(), TODAY).agency_ids == frozenset()  # type: ignore[arg-type]


def test_a_role_counts_from_its_first_to_its_last_day(province: Province) -> None:
    user = make.user()
    Appointment.objects.create(
        user=user, agency=province.commune, role=Role.CLERK, valid_from=NEXT, valid_to=TODAY
    )

    days = (LAST_DAY, NEXT, TODAY, date(2026, 1, 16))
    assert [bool(scope_of(user, day).agency_ids) for day in days] == [False, True, True, False]


def test_what_was_taken_over_wholly_is_seen_through_a_chain(province: Province) -> None:
    middle, first = make.agency(valid_to=LAST_DAY), make.agency(valid_to=LAST_DAY)
    old_counter = make.agency(committee=first, valid_to=LAST_DAY)
    _went_over(first, middle)
    _went_over(middle, province.commune)

    seen = _scope(province.commune).agency_ids

    assert {first.pk, middle.pk, old_counter.pk} <= seen


def test_an_heir_of_a_part_does_not_see_the_whole(province: Province) -> None:
    divided = make.agency(valid_to=LAST_DAY)
    _went_over(divided, province.commune, "0.6")
    _went_over(divided, province.stranger, "0.4")

    assert divided.pk not in _scope(province.commune).agency_ids


def test_the_province_sees_the_dissolved_districts_of_the_old_ones(province: Province) -> None:
    old_province = make.agency(level=Level.PROVINCE, valid_to=LAST_DAY)
    district = make.agency(level=Level.DISTRICT, parent=old_province, valid_to=LAST_DAY)
    _went_over(old_province, province.top)
    _went_over(district, province.commune, "0.6")

    assert district.pk in _scope(province.top, Role.INSPECTOR).agency_ids
    assert district.pk not in _scope(province.top, Role.OFFICER).agency_ids
    assert district.pk not in _scope(province.commune, Role.LEADER).agency_ids


def test_roles_are_asked_by_agency(province: Province) -> None:
    scope = _scope(province.commune, Role.LEADER)

    assert scope.has_role(province.commune.pk, Role.LEADER, Role.CLERK)
    assert not scope.has_role(province.counter.pk, Role.LEADER)
    assert scope.agencies_as(Role.LEADER) == {province.commune.pk}
    assert scope.agencies_as(Role.CLERK) == frozenset()


def test_the_number_of_statements_is_fixed(
    province: Province, django_assert_num_queries: Any
) -> None:
    for _ in range(20):
        _went_over(make.agency(parent=province.top, valid_to=LAST_DAY), province.commune)
    clerk = make.user(at=province.commune)
    leader = make.user(at=province.top, role=Role.LEADER)
    citizen = make.user()

    with django_assert_num_queries(3):
        scope_of(clerk, TODAY)
    with django_assert_num_queries(4):
        scope_of(leader, TODAY)
    with django_assert_num_queries(1):
        scope_of(citizen, TODAY)


@pytest.mark.parametrize(
    "fields",
    [
        {"level": "county"},
        {"kind": "ministry"},
        {"valid_from": NEXT, "valid_to": LAST_DAY},
        {"kind": "department"},
    ],
)
def test_refuses_an_agency_that_cannot_be(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make.agency(**fields)


def test_refuses_two_committees_of_one_gso_code_on_one_day() -> None:
    make.agency(gso_code="21115", valid_to=LAST_DAY)
    make.agency(gso_code="21115", valid_from=NEXT)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.agency(gso_code="21115", valid_from=LAST_DAY, valid_to=LAST_DAY)


def test_refuses_the_same_role_twice_at_a_time(province: Province) -> None:
    user = make.user(at=province.commune)

    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            user=user, agency=province.commune, role=Role.CLERK, valid_from=TODAY
        )


def test_refuses_successions_that_cannot_be(province: Province) -> None:
    _went_over(province.stranger, province.commune)

    for old, new, share in (
        (province.stranger, province.commune, "1"),
        (province.commune, province.commune, "1"),
        (province.commune, province.top, "0"),
        (province.commune, province.top, "1.1"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            _went_over(old, new, share)
