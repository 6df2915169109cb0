"""Each list of the work, against a plain definition of it, dossier by dossier."""

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Role, User
from agencies.scope import scope_of
from calendars.loading import working_time
from dossiers import forwarding, result, submission, supplement, work_lists
from dossiers.intake_clock import answer_due, left_to_answer
from dossiers.models import (
    Apology,
    Dossier,
    LatenessCause,
    Opinion,
    RiskMark,
    StepRun,
)
from motcua import keyset
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.at("2024-06-13 10:00")  # a Thursday


@pytest.fixture
def world() -> Any:
    """A commune with its counter and every kind of dossier; the same of a neighbour."""
    place = SimpleNamespace(commune=make.agency(), other=make.agency())
    place.counter = make.agency(committee=place.commune)
    place.officer = make.user(at=place.commune, role=Role.OFFICER)
    for agency in (place.commune, place.other):
        _fill(agency, place.officer if agency == place.commune else make.user(at=agency))
    _between(place)
    return place


def _fill(agency: Agency, user: User) -> None:
    for limit in (1, 3, 8, 9, 10, 11, 20):
        version = make.version(posted_at=agency, limit_value=limit)
        make.dossier(agency=agency, version=version, officer=user)
        mine = make.dossier(agency=agency, version=version, officer=user)
        Dossier.objects.filter(pk=mine.pk).update(officer=user)
    version = make.version(posted_at=agency, limit_value=4)
    ended, waiting, marked, sorry = (
        make.dossier(agency=agency, version=version, officer=user) for _ in range(4)
    )
    for each, days in ((ended, 2), (make.dossier(agency=agency, version=version), 5)):
        at = make.NOW + timedelta(days=days)
        result.finish(each, actor=make.staff(agency), now=at, request_id=uuid4())
    Dossier.objects.filter(pk=ended.pk).update(
        accepted_at=make.at("2024-04-01"), ended_at=make.at("2024-05-02")
    )
    supplement.request(
        waiting,
        actor=make.staff(agency),
        now=make.NOW,
        request_id=uuid4(),
        items=["Bản sao"],
        reason="Thiếu",
    )
    RiskMark.objects.create(dossier=marked, expected_at=NOW, reason="Chậm", since=NOW)
    cause, _ = LatenessCause.objects.get_or_create(
        code="staff-x", defaults={"name": "Nhân lực", "position": 99}
    )
    Apology.objects.create(
        dossier=sorry,
        cause=cause,
        due_at=NOW,
        promised_at=NOW + timedelta(days=3),
        drafted_at=NOW,
        signed_at=NOW,
        signed_by=user,
    )
    online = make.request(agency, version, channel="online")
    submission.submit(online, actor=user, now=NOW - timedelta(hours=2))


def _between(place: Any) -> None:
    """One on its way to the commune, one on its way away; a question to the counter."""
    for sender, receiver in ((place.other, place.commune), (place.commune, place.counter)):
        dossier = Dossier.objects.open().filter(held_by=sender, status=2).order_by("-pk")[0]
        forwarding.send(
            dossier, actor=make.staff(sender), now=NOW, request_id=uuid4(), to_agency=receiver
        )
    asked = Dossier.objects.open().filter(held_by=place.other).order_by("pk")[0]
    Opinion.objects.create(
        dossier=asked,
        asked_from=place.other,
        asked_by=place.officer,
        asked_of=place.commune,
        asked_at=NOW,
        question="Ý kiến?",
        due_at=NOW + timedelta(days=2),
    )
    Dossier.objects.filter(pk=asked.pk).update(agency_ids=[place.other.pk, place.commune.pk])


def plainly(place: Any, dossier: Dossier) -> set[str]:
    """The lists of the office in which it stands, said in plain words."""
    ours = {place.commune.pk, place.counter.pk}
    held, is_open = dossier.held_by_id in ours, dossier.status in {2, 4, 5, 6}
    late = is_open and dossier.lapses_at is not None and dossier.lapses_at <= NOW
    run = StepRun.objects.filter(dossier=dossier, done_at=None, acknowledged_at=None).first()
    signed = dossier.apologies.filter(signed_at__isnull=False).exists()
    at_counter = dossier.status == 9 and (held or dossier.lodged_at_id in ours)
    truths = {
        "intake": held and dossier.status == 1,
        "incoming": run is not None and run.agency_id in ours,
        "opinions": dossier.opinions.filter(asked_of__in=ours, answered_at=None).exists(),
        "own": is_open and dossier.officer_id == place.officer.pk,
        "office": held and is_open,
        "waiting": held and dossier.status in {5, 6},
        "overdue": held and late,
        "apology": held and late and not signed,
        "risk": held and is_open and RiskMark.objects.filter(dossier=dossier).exists(),
        "results": at_counter,
        "unclaimed": at_counter and (dossier.ended_at or NOW) < NOW - timedelta(days=30),
        **_by_days(dossier, counts=held and is_open and not late),
    }
    return {name for name, is_true in truths.items() if is_true}


def _by_days(dossier: Dossier, *, counts: bool) -> dict[str, bool]:
    if not counts or dossier.due_at is None:
        return {}
    calendar = working_time(dossier.held_by.calendar)
    today, due = timezone.localdate(NOW), timezone.localdate(dossier.due_at)
    left = sum(
        calendar.is_working_day(today + timedelta(days=number))
        for number in range(1, (due - today).days + 1)
    )
    return {"today": left == 0, "d1": left == 1, "d2": left == 2, "d3": left == 3}


def desk(user: User, whose: str = "") -> work_lists.Desk:
    return work_lists.desk(user, scope_of(user, NOW.date()), NOW, whose)


def test_every_list_holds_what_it_says(world: Any) -> None:
    everything = list(Dossier.objects.all())
    at = desk(world.officer)
    counts = work_lists.counts(at)
    for each in work_lists.ALL:
        expected = {one.pk for one in everything if each.slug in plainly(world, one)}
        found = [one.pk for one in work_lists.rows(each, at)]
        assert (each.slug, set(found)) == (each.slug, expected)
        assert len(found) == len(expected)  # none twice
        assert counts[each.slug] == len(expected)
        assert expected, each.slug  # the world has one of each


def test_a_stranger_has_nothing_in_any_list(world: Any) -> None:
    elsewhere = make.user(at=make.agency(), role=Role.LEADER)
    for whose in ("", "own", "all"):
        at = desk(elsewhere, whose)
        assert not any(work_lists.rows(each, at).exists() for each in work_lists.ALL)
    assert set(work_lists.counts(desk(make.user())).values()) == {0}


def test_the_whole_scope_holds_the_offices_and_ones_own(world: Any) -> None:
    for each in work_lists.ALL:
        office = set(work_lists.rows(each, desk(world.officer)))
        assert office <= set(work_lists.rows(each, desk(world.officer, "all")))
        if each.slug in {"overdue", "today", "office"}:
            own = {one for one in office if one.officer_id == world.officer.pk}
            assert set(work_lists.rows(each, desk(world.officer, "own"))) == own


def test_counts_cost_one_statement_and_are_bounded(
    world: Any, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk(world.officer)
    monkeypatch.setattr(work_lists, "MOST_COUNTED", 2)
    with django_assert_num_queries(1):
        counts = work_lists.counts(at)
    assert counts["office"] == 3
    assert work_lists.shown(3) == "2+"


def test_each_desk_has_its_own_counts(world: Any) -> None:
    """Desks share the statement, never its values; a wide scope has one of its own."""
    neighbour = make.user(at=world.other, role=Role.OFFICER)
    here, there = desk(world.officer), desk(neighbour)
    many = replace(here.scope, agency_ids=here.scope.agency_ids | set(range(10**6, 10**6 + 30)))
    for at in (here, there, replace(there, now=NOW + timedelta(days=9)), replace(here, scope=many)):
        found = {each.slug: work_lists.rows(each, at).count() for each in work_lists.ALL}
        assert work_lists.counts(at) == found
    assert work_lists.counts(here) != work_lists.counts(there)


def test_whoever_only_works_on_dossiers_begins_with_his_own() -> None:
    commune = make.agency()
    for roles, slug in (((Role.OFFICER,), "own"), ((Role.OFFICER, Role.LEADER), "office")):
        scope = scope_of(make.staff(commune, *roles), NOW.date())
        assert work_lists.usual(scope).slug == slug


@pytest.mark.parametrize(
    ("submitted", "due", "at", "words"),
    [
        ("2024-06-03 07:00", "2024-06-03 17:00", "2024-06-03 16:00", "Còn 1 giờ 00 phút"),
        ("2024-06-07 16:00", "2024-06-10 16:00", "2024-06-10 15:30", "Còn 30 phút"),
        ("2024-06-08 09:00", "2024-06-10 17:00", "2024-06-08 10:00", "Còn 1 ngày"),
        ("2024-06-03 07:00", "2024-06-03 17:00", "2024-06-04 09:00", "Chậm 2 giờ 00 phút"),
    ],
)
def test_an_online_dossier_is_answered_within_eight_working_hours(
    submitted: str, due: str, at: str, words: str
) -> None:
    dossier = Dossier(submitted_at=make.at(submitted), held_by=make.agency())
    assert answer_due(dossier) == make.at(due)
    assert left_to_answer(dossier, make.at(at)).words == f"{words} làm việc"


def test_counters_are_parts_that_keep_no_session_alive(client: Client) -> None:
    client.force_login(make.user(at=make.agency()))
    assert "count-overdue" not in client.get("/viec/dem/").content.decode()
    there = {"HX-Current-URL": "http://testserver/viec/?list=own"}
    answer = client.get("/viec/dem/", headers=there).content.decode()
    assert re.search(r'id="count-overdue"\s+hx-swap-oob="true">0<', answer)
    assert "worked_at" not in client.session


@pytest.mark.parametrize("order", ["lapses_at", "-accepted_at", "holder_fold", "code"])
def test_every_order_pages_without_gaps(world: Any, order: str) -> None:
    """Those without a due date, a code or an acceptance stand somewhere too."""
    rows = Dossier.objects.all()
    seen: list[int] = []
    page = keyset.page(rows, order, "", 7)
    while True:
        seen += [one.pk for one in page.rows]
        if not page.after:
            break
        page = keyset.page(rows, order, page.after, 7)
    sign = "-" if order.startswith("-") else ""
    assert seen == list(rows.order_by(order, f"{sign}pk").values_list("pk", flat=True))
