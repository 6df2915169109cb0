"""The clock against a walking reference, and the laws that any clock must obey."""

from datetime import datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calendars.clock import due, explain
from calendars.limits import Limit, Policy, Suspension, Unit
from calendars.working_time import ZONE
from tests.calendars.office import WORKED, at, office, usual_office
from tests.calendars.reference import in_shift, is_working, reference_due, reference_lapse

MINUTE = timedelta(minutes=1)
LARGEST = {Unit.WORKING_DAY: 40, Unit.DAY: 60, Unit.WORKING_HOUR: 40, Unit.MONTH: 14}

instants = st.datetimes(datetime(2019, 1, 1), datetime(2027, 10, 1)).map(  # noqa: DTZ001
    lambda naive: naive.replace(second=0, microsecond=0, tzinfo=ZONE)
)
policies = st.sampled_from(Policy)
limits = st.sampled_from(Unit).flatmap(
    lambda unit: st.builds(Limit, st.integers(1, LARGEST[unit]), st.just(unit))
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Limit, datetime, list[Suspension]]:
    """A limit, a receipt, and waits that begin around it, in order, the last perhaps open."""
    limit, start = draw(limits), draw(instants)
    moment = start - timedelta(days=2)
    suspensions = []
    for _ in range(draw(st.integers(0, 3))):
        starts = moment + MINUTE * draw(st.integers(0, 12 * 1440))
        moment = starts + MINUTE * draw(st.one_of(st.just(0), st.integers(0, 10 * 1440)))
        suspensions.append(Suspension(starts, moment))
    if suspensions and draw(st.integers(0, 4)) == 0:
        suspensions[-1] = Suspension(suspensions[-1].starts_at, None)
    return limit, start, suspensions


@settings(max_examples=150, deadline=None)
@given(cases(), policies)
def test_due_is_what_walking_finds(
    case: tuple[Limit, datetime, list[Suspension]], policy: Policy
) -> None:
    limit, start, suspensions = case
    found = due(limit, start, usual_office(), suspensions, policy)
    expected = reference_due(limit, start, suspensions, policy)
    assert found.due_at == expected
    assert found.lapses_at == (expected and reference_lapse(expected, limit.unit))
    assert found.original_due_at == reference_due(limit, start, [], policy)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_explanation_counts_the_whole_limit(
    case: tuple[Limit, datetime, list[Suspension]],
) -> None:
    limit, start, suspensions = case
    found = due(limit, start, usual_office(), suspensions)
    notes = explain(limit, start, usual_office(), suspensions)
    assert notes[0].date == start.date()
    first = start.date()
    assert [note.date for note in notes] == [
        first + timedelta(days=number) for number in range(len(notes))
    ]
    assert all(note.why for note in notes)
    if found.due_at is None:
        return
    assert notes[-1].date == found.due_at.date()
    counted = sum(note.counts for note in notes)
    if limit.unit in (Unit.WORKING_DAY, Unit.DAY):
        assert counted == limit.value


@settings(max_examples=150, deadline=None)
@given(cases(), policies, st.integers(0, 20 * 1440))
def test_later_receipt_is_never_due_earlier(
    case: tuple[Limit, datetime, list[Suspension]], policy: Policy, minutes: int
) -> None:
    limit, start, suspensions = case
    closed = [one for one in suspensions if one.ends_at]
    early = due(limit, start, usual_office(), closed, policy).due_at
    late = due(limit, start + MINUTE * minutes, usual_office(), closed, policy).due_at
    assert early is not None
    assert late is not None
    assert early <= late


@settings(max_examples=150, deadline=None)
@given(cases(), policies, st.integers(1, 10))
def test_longer_limit_is_never_due_earlier(
    case: tuple[Limit, datetime, list[Suspension]], policy: Policy, more: int
) -> None:
    limit, start, suspensions = case
    closed = [one for one in suspensions if one.ends_at]
    longer = Limit(limit.value + more, limit.unit)
    early = due(limit, start, usual_office(), closed, policy).due_at
    late = due(longer, start, usual_office(), closed, policy).due_at
    assert early is not None
    assert late is not None
    assert early <= late


@settings(max_examples=150, deadline=None)
@given(limits, instants, st.integers(0, 30 * 1440), st.integers(0, 20 * 1440), st.integers(0, 100))
def test_one_wait_in_two_parts_takes_the_same(
    limit: Limit, start: datetime, after: int, length: int, cut: int
) -> None:
    starts = start + MINUTE * after
    ends = starts + MINUTE * length
    middle = starts + MINUTE * (length * cut // 100)
    whole = due(limit, start, usual_office(), [Suspension(starts, ends)])
    parts = due(
        limit, start, usual_office(), [Suspension(starts, middle), Suspension(middle, ends)]
    )
    assert whole.due_at == parts.due_at


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(0, 2000))
def test_longer_wait_is_never_due_earlier(
    case: tuple[Limit, datetime, list[Suspension]], minutes: int
) -> None:
    limit, start, suspensions = case
    closed = [one for one in suspensions if one.ends_at]
    assume(closed)
    *before, last = closed
    assert last.ends_at is not None
    longer = [*before, Suspension(last.starts_at, last.ends_at + MINUTE * minutes)]
    early = due(limit, start, usual_office(), closed).due_at
    late = due(limit, start, usual_office(), longer).due_at
    assert early is not None
    assert late is not None
    assert early <= late


@settings(max_examples=50, deadline=None)
@given(cases(), policies)
def test_override_that_says_what_was_so_changes_nothing(
    case: tuple[Limit, datetime, list[Suspension]], policy: Policy
) -> None:
    limit, start, suspensions = case
    plain = due(limit, start, usual_office(), suspensions, policy)
    repeated = due(limit, start, OFFICE_SAID_TWICE, suspensions, policy)
    assert plain == repeated


@settings(max_examples=150, deadline=None)
@given(instants, st.integers(0, 6 * 1440))
def test_shift_time_is_the_minutes_walked(start: datetime, minutes: int) -> None:
    end = start + MINUTE * minutes
    walked = sum(in_shift(start + MINUTE * minute) for minute in range(minutes))
    assert usual_office().shift_seconds_between(start, end) == walked * 60
    assert usual_office().shift_seconds_between(end, start) == -walked * 60


@settings(max_examples=150, deadline=None)
@given(instants, st.integers(0, 200))
def test_working_days_are_the_days_walked(start: datetime, days: int) -> None:
    first = start.date()
    walked = sum(is_working(first + timedelta(days=number)) for number in range(days))
    last = first + timedelta(days=days)
    assert usual_office().working_days_between(first, last) == walked


OFFICE_SAID_TWICE = office(
    overrides={
        on: WORKED
        for on in (at("2019-01-02").date() + timedelta(days=number) for number in range(3200))
        if is_working(on)
    }
)
