"""Random histories through the acts: the rows agree with the pure ledger and with brute force."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.models import Agency, Level, Role, User
from calendars import clock
from calendars.clock import Policy, Unit
from calendars.working_time import local
from dossiers import tally
from dossiers.forwarding import waiting
from dossiers.ledger import Span
from dossiers.models import Dossier, DossierEvent, Leg, Opinion, TallyDelta
from motcua.errors import DomainError
from tests import make
from tests.dossiers import reference
from tests.dossiers.acts import Office, office, spans_of, timeline_of

pytestmark = pytest.mark.django_db

ACTS = (
    "start",
    "supplement",
    "supplemented",
    "charge",
    "settle",
    "extend",
    "send",
    "acknowledge",
    "recall",
    "assign",
    "ask",
    "answer",
    "finish",
    "withdraw",
    "stop",
    "reopen",
    "hand_over",
    "take_back",
)
steps = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        # Minutes since the act before; often the same instant, often at a border of days.
        st.one_of(
            st.just(0), st.integers(1, 600), st.integers(600, 9_000), st.sampled_from([900, 1440])
        ),
        st.integers(1, 20),
    ),
    max_size=12,
)
worlds = st.fixed_dictionaries(
    {
        "limit_unit": st.sampled_from([unit.value for unit in Unit]),
        "limit_value": st.integers(1, 12),
        "clock_policy": st.sampled_from([policy.value for policy in Policy]),
    }
)


class World:
    """A commune and a district; a leader of both who tries one act after the other."""

    def __init__(self, fields: dict[str, object]) -> None:
        self.office: Office = office(**fields, steps=(6, 20))
        self.district: Agency = make.agency(level=Level.DISTRICT)
        self.leader: User = self.office.leader
        self.colleague: User = make.staff(self.office.agency, Role.OFFICER)
        for role in (Role.CLERK, Role.LEADER):
            self.leader.appointments.create(agency=self.district, role=role, valid_from=make.SINCE)

    def live(self, received: datetime, acts: list[tuple[str, int, int]]) -> Dossier:
        """What is refused does not happen; the rest does."""
        dossier, now = self.office.dossier(received), received
        for act, minutes, number in acts:
            now += timedelta(minutes=minutes)
            before = DossierEvent.objects.count()
            try:
                with transaction.atomic():
                    dossier = self.office.do(act, dossier, now, **self.given(act, dossier, number))
            except DomainError:
                assert DossierEvent.objects.count() == before
        return Dossier.objects.get(pk=dossier.pk)

    def given(self, act: str, dossier: Dossier, number: int) -> dict[str, Any]:
        if act == "extend":
            return {"new_due_at": (dossier.due_at or make.NOW) + timedelta(days=number)}
        if act == "send":
            here = dossier.held_by_id == self.office.agency.pk
            step = list(dossier.version.steps.all())[number % 2] if number % 3 else None
            return {"to_agency": self.district if here else self.office.agency, "step": step}
        if act == "assign":
            return {"officer": self.colleague if number % 2 else self.leader}
        if act == "ask":
            return {"of": self.district, "question": "Có ý kiến gì không?"}
        if act == "answer":
            asked = dossier.opinions.order_by("pk").last() or Opinion()
            return {"opinion": asked, "conclusion": "agreed"}
        return {}


received = st.datetimes(datetime(2024, 1, 20), datetime(2024, 12, 20)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=clock.ZONE)
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(fields=worlds, at=received, acts=steps)
def test_rows_agree_with_the_ledger_and_with_brute_force(
    fields: dict[str, object], at: datetime, acts: list[tuple[str, int, int]]
) -> None:
    sid = transaction.savepoint()
    try:
        dossier = World(fields).live(at, acts)
        legs = list(dossier.legs.select_related("agency__calendar", "dossier__version"))
        for leg in legs:
            check_spans(leg)
            check_outcome(leg)
        check_dossier(dossier, legs)
        check_counts(legs)
    finally:
        transaction.savepoint_rollback(sid)


def check_spans(leg: Leg) -> None:
    rows = [span for span in spans_of(leg) if span.reason != "reopened"]
    reopened = len(rows) != len(spans_of(leg))
    if not reopened:
        pure = [span for span in timeline_of(leg) if span.starts_at != span.ends_at]
        assert [waiting_alike(span) for span in rows] == [waiting_alike(span) for span in pure]
    for before, after in pairwise(spans_of(leg)):
        assert before.ends_at == after.starts_at
        assert not before.lapsed_before or after.lapsed_before
    if leg.ended_at is None:
        last = spans_of(leg)[-1]
        assert (last.due_at, last.lapses_at, last.ends_at) == (leg.due_at, leg.lapses_at, None)


def waiting_alike(span: Span) -> Span:
    """Resumed and ended at the same instant is the same as ended while suspended."""
    if span.is_suspended and not span.lapsed_before:
        return replace(span, due_at=None, lapses_at=None)
    return span


def check_outcome(leg: Leg) -> None:
    """From the suspensions and extensions alone, without spans."""
    if leg.ended_at is None:
        assert not leg.outcome
        return
    due_at, has_lapsed = reference.due_at_the_end(leg)
    unit = Unit(leg.limit_unit)
    if has_lapsed or not in_time(leg.ended_at, due_at, unit):
        expected = "overdue"
    elif ended_negatively(leg) or local(leg.ended_at).date() >= local(due_at).date():
        expected = "on_time"
    else:
        expected = "early"
    assert leg.outcome == expected


def in_time(ended_at: datetime, due_at: datetime, unit: Unit) -> bool:
    if unit == Unit.WORKING_HOUR:
        return ended_at <= due_at
    return ended_at < clock.lapse_of(due_at, unit)


def ended_negatively(leg: Leg) -> bool:
    return leg.dossier.ended_at == leg.ended_at and leg.dossier.status in {7, 8}


def check_dossier(dossier: Dossier, legs: list[Leg]) -> None:
    [lodged] = [leg for leg in legs if not leg.is_forwarded]
    assert (dossier.due_at, dossier.lapses_at, dossier.ended_at) == (
        lodged.due_at,
        lodged.lapses_at,
        lodged.ended_at,
    )
    if dossier.ended_at is not None:
        assert all(leg.ended_at is not None for leg in legs)
    assert {leg.agency_id for leg in legs} <= set(dossier.agency_ids)
    assert waiting(dossier) is None or dossier.status in {2, 4, 5, 6, 9}
    returned = dossier.handovers.filter(taken_back_at__isnull=True).count()
    assert returned == (dossier.status == 10)
    for run in dossier.step_runs.filter(done_at__isnull=True, acknowledged_at__isnull=False):
        assert run.agency_id == dossier.held_by_id
    check_opinions(dossier)


def check_opinions(dossier: Dossier) -> None:
    for opinion in dossier.opinions.all():
        assert opinion.asked_of_id in dossier.agency_ids
        events = dossier.events.filter(act="answer_opinion", detail__opinion=opinion.pk)
        assert [one.detail["late"] for one in events] == (
            [opinion.answered_at > opinion.due_at] if opinion.answered_at else []
        )


def check_counts(legs: list[Leg]) -> None:
    """Summed deltas before each edge of a half-month are what the legs say at that moment."""
    booked: Counter[tuple[int, int, bool, str]] = Counter()
    for row in TallyDelta.objects.all():
        booked[row.bucket, row.agency_id, row.is_forwarded, row.measure] += row.amount
    first = tally.bucket_of(min(leg.accepted_at for leg in legs))
    for bucket in range(first, first + 12):
        moment = tally.bucket_start(bucket)
        summed: Counter[tuple[int, bool, str]] = Counter()
        for (b, agency, forwarded, measure), amount in booked.items():
            if b < bucket:
                summed[agency, forwarded, measure] += amount
        assert {k: n for k, n in summed.items() if n} == brute_force(legs, moment)


def brute_force(legs: list[Leg], moment: datetime) -> Counter[tuple[int, bool, str]]:
    counted: Counter[tuple[int, bool, str]] = Counter()
    for leg in legs:
        key = leg.agency_id, leg.is_forwarded
        if leg.accepted_at >= moment:
            continue
        counted[*key, "received"] += 1
        if leg.ended_at is not None and leg.ended_at < moment:
            counted[*key, leg.outcome] += 1
            continue
        for span in spans_of(leg):
            if span.starts_at < moment and (span.ends_at is None or moment <= span.ends_at):
                lapsed = span.lapses_at is not None and span.lapses_at <= moment
                if span.lapsed_before or (lapsed and not span.is_suspended):
                    counted[*key, "lapsed"] += 1
    return counted
