"""Over random histories every way to a figure says the same: by hand, natural, counts, list."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers import holders, tally
from dossiers.ledger import Span
from dossiers.models import Leg
from reports import counts, drill, errors, fold, natural, questions, recount
from reports.cells import COLUMNS, Cells
from reports.questions import By, Frame, Question
from tests.reports import histories, world
from tests.reports.histories import History
from tests.reports.world import World

pytestmark = pytest.mark.django_db
NOW = histories.LAST + timedelta(days=3)
PERIODS = [
    *(f"2025-{month:02}" for month in range(6, 11)),
    *("2025-Q2", "2025-Q3", "2025-Q4", "2025-H1", "2025-H2", "2025-9M", "2025"),
]
many_histories = st.lists(histories.histories(), min_size=1, max_size=12)
slow = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def here() -> World:
    return world.make()


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@st.composite
def asked(draw: st.DrawFn) -> dict[str, object]:
    below = draw(st.booleans())
    return {
        "period": draw(st.sampled_from(PERIODS)),
        "calendar": draw(st.sampled_from(["nd09", "civil"])),
        "below": below,
        "interagency": "counted-once"
        if below
        else draw(st.sampled_from(["counted-once", "as-received"])),
        # Some day of the period, or none: its end.
        "day": draw(st.one_of(st.none(), st.integers(0, 365))),
    }


def frames(here: World, name: str, choice: dict[str, object]) -> Iterator[Frame]:
    """The question by nothing and by everything; none when the agency did not exist."""
    fields = {key: value for key, value in choice.items() if key != "day"}
    for by in (None, *By):
        question = Question(here.agencies[name], by=by, **fields)  # type: ignore[arg-type]
        try:
            frame = questions.frame(question, NOW)
            if choice["day"] is not None:
                days = (frame.as_of - frame.period.starts_on).days + 1
                as_of = frame.period.starts_on + timedelta(days=int(choice["day"]) % days)  # type: ignore[call-overload]
                question = Question(**{**question.__dict__, "as_of": as_of})
                frame = questions.frame(question, NOW)
        except errors.AgencyUnknown:
            return
        yield frame


def by_hand(
    here: World, many: list[History], frame: Frame
) -> dict[natural.Group, dict[str, set[int]]]:
    """Group → column → the positions of the histories counted."""
    found: dict[natural.Group, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for number, one in enumerate(many):
        holder = here.agencies[one.holder(frame.moment)]
        if holder.pk not in frame.agency_ids or (one.is_forwarded and not frame.forwarded_too):
            continue
        version = here.versions[one.version]
        groups: dict[By | None, natural.Group] = {
            None: None,
            By.BLOCK: version.field.block_id,
            By.FIELD: version.field_id,
            By.PROCEDURE: version.procedure_id,
            By.AGENCY: holder.pk,
            By.LEVEL: holder.pk,
            By.CHANNEL: one.channel,
        }
        for column in one.columns(frame.starts_at, frame.moment):
            found[groups[frame.by]][column].add(number)
    return found


def numbers(found: dict[natural.Group, dict[str, set[int]]]) -> dict[natural.Group, Cells]:
    return {
        group: Cells(**{name: len(of[name]) for name in COLUMNS}) for group, of in found.items()
    }


def nonzero(found: dict[natural.Group, Cells]) -> dict[natural.Group, Cells]:
    return {group: cells for group, cells in found.items() if cells != Cells()}


@slow
@given(
    many=many_histories,
    name=st.sampled_from(["A", "O", "B", "H", "G", "D", "P"]),
    choice=asked(),
    taken=st.integers(0, 20),
)
def test_every_way_to_a_figure_says_the_same(
    here: World, many: list[History], name: str, choice: dict[str, object], taken: int
) -> None:
    with rolled_back():
        legs = histories.save(here, many)
        fold.fold(taken)
        for frame in frames(here, name, choice):
            expected = by_hand(here, many, frame)
            assert natural.count(frame) == numbers(expected)
            if counts.can_answer(frame):
                counted, opening, inherited = counts.count(frame)
                assert nonzero(counted) == numbers(expected)
                assert (opening, inherited) == natural.carried_over(frame)
            if frame.by is None:
                _check_lists(frame, expected[None], [leg.pk for leg in legs])


def _check_lists(frame: Frame, expected: dict[str, set[int]], pks: list[int]) -> None:
    for column in COLUMNS:
        listed = drill.legs(frame, column).values_list("pk", flat=True)
        assert sorted(listed) == sorted(pks[number] for number in expected[column])


@slow
@given(many=many_histories, taken=st.integers(0, 20))
def test_folded_and_unfolded_equal_the_recount(
    here: World, many: list[History], taken: int
) -> None:
    with rolled_back():
        histories.save(here, many)
        fold.fold(taken)
        assert recount.compare().differences == []
        fold.fold_all(3)
        assert recount.compare().differences == []


@slow
@given(many=many_histories, moment=st.one_of(histories.instants, st.just(NOW)))
def test_live_counts_are_the_natural_ones(
    here: World, many: list[History], moment: datetime
) -> None:
    """At a live moment nothing has happened after it: what is open lapses by its leg's row."""
    past = [one for one in many if all(_is_past(at, moment) for at in _times(one))]
    with rolled_back():
        histories.save(here, past)
        for by in (None, By.AGENCY, By.BLOCK, By.CHANNEL):
            question = Question(here.agencies["P"], period="2025", below=True, by=by)
            frame = questions.frame(question, moment)
            assert frame.is_live
            assert counts.can_answer(frame)
            counted, opening, inherited = counts.count(frame)
            assert nonzero(counted) == natural.count(frame) == numbers(by_hand(here, past, frame))
            assert (opening, inherited) == natural.carried_over(frame)


@slow
@given(one=histories.histories())
def test_the_acts_book_what_these_histories_say(one: History) -> None:
    leg = Leg(accepted_at=one.accepted_at, ended_at=one.ended_at, outcome=one.outcome)
    spans = [
        Span(
            each.lower, each.upper, None, each.lapses_at, each.is_suspended, each.lapsed_before, ""
        )
        for each in one.stretches
    ]
    numbered = {name: number for number, name in enumerate("ABDGHOP")}
    chain = [(at, numbered[given_], numbered[taken]) for at, given_, taken in one.handed]
    held = holders.spread(tally.contributions(leg, spans), chain, numbered[one.last])
    expected: Counter[tuple[int, int, str]] = Counter()
    for agency, bucket, measure, amount in one.booked():
        expected[numbered[agency], bucket, measure] += amount
    assert held == {key: amount for key, amount in expected.items() if amount}


def _times(one: History) -> list[datetime]:
    ended = [one.ended_at] if one.ended_at else []
    return [one.accepted_at, *ended, *(stretch.lower for stretch in one.stretches)] + [
        at for at, _, _ in one.handed
    ]


def _is_past(at: datetime, moment: datetime) -> bool:
    return at < moment
