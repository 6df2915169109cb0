"""The pure ledger: spans of a leg's clock and its outcome, by hand-computed cases."""

from datetime import datetime

import pytest

from calendars.clock import Limit, Policy, Suspension, Unit
from dossiers.ledger import Span, outcome, timeline
from dossiers.models.leg import Outcome
from tests.calendars.office import at, usual_office, wait

RECEIVED = at("2024-06-03 09:00")  # a Monday
FIVE_DAYS = Limit(5, Unit.WORKING_DAY)  # due Monday 10/6 17:00
DUE = at("2024-06-10 17:00")


def spans_of(*, limit: Limit = FIVE_DAYS, **history: object) -> list[Span]:
    return timeline(limit, RECEIVED, usual_office(), **history)  # type: ignore[arg-type]


def judge(
    ended: str, *, limit: Limit = FIVE_DAYS, negative: bool = False, **history: object
) -> str:
    ended_at = at(ended)
    spans = spans_of(limit=limit, ended_at=ended_at, **history)
    return outcome(spans, ended_at, limit.unit, negative=negative)


def test_an_untouched_leg_has_one_open_span() -> None:
    [span] = spans_of()
    assert (span.starts_at, span.ends_at, span.due_at) == (RECEIVED, None, DUE)
    assert span.lapses_at == at("2024-06-11")


def test_a_supplement_stops_the_clock_and_moves_the_due_moment() -> None:
    waited = wait("2024-06-05 10:00..2024-06-07 08:00")
    before, during, after = spans_of(suspensions=[waited])
    assert (before.ends_at, during.starts_at) == (waited.starts_at, waited.starts_at)
    assert during.is_suspended
    assert during.due_at is None
    assert after.due_at == at("2024-06-12 17:00")
    assert [span.reason for span in (before, during, after)] == ["accepted", "suspended", "resumed"]


def test_restart_gives_the_whole_limit_anew() -> None:
    waited = wait("2024-06-05 10:00..2024-06-07 08:00")
    assert spans_of(suspensions=[waited], policy=Policy.RESTART)[-1].due_at == at(
        "2024-06-14 17:00"
    )


def test_a_suspension_after_the_lapse_changes_nothing() -> None:
    waited = wait("2024-06-11 00:00..2024-06-13")
    spans = spans_of(suspensions=[waited])
    assert [(one.due_at, one.lapsed_before, one.is_suspended) for one in spans] == [
        (DUE, False, False),
        (DUE, True, True),
        (DUE, True, False),
    ]
    assert judge("2024-06-14 08:00", suspensions=[waited]) == Outcome.OVERDUE


def test_an_extension_moves_the_due_moment_only_before_the_lapse() -> None:
    later = at("2024-06-14 17:00")
    assert spans_of(extensions=[(at("2024-06-07"), later)])[-1].due_at == later
    assert judge("2024-06-14 08:00", extensions=[(at("2024-06-07"), later)]) == Outcome.ON_TIME
    assert judge("2024-06-12 08:00", extensions=[(at("2024-06-11"), later)]) == Outcome.OVERDUE


def test_a_suspension_after_an_extension_moves_the_extended_due_moment() -> None:
    later = at("2024-06-14 17:00")
    spans = spans_of(
        extensions=[(at("2024-06-07"), later)], suspensions=[wait("2024-06-10 08:00..2024-06-12")]
    )
    assert spans[-1].due_at == at("2024-06-18 17:00")


def test_a_given_due_moment_replaces_the_computed_one() -> None:
    given = at("2024-06-20 11:00")
    assert spans_of(due_at=given)[0].due_at == given
    moved = spans_of(due_at=given, suspensions=[wait("2024-06-10 08:00..2024-06-12")])
    assert moved[-1].due_at == at("2024-06-24 17:00")


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ("2024-06-07 23:00", Outcome.EARLY),
        ("2024-06-09 10:00", Outcome.EARLY),
        ("2024-06-10 07:00", Outcome.ON_TIME),
        ("2024-06-10 23:59", Outcome.ON_TIME),
        ("2024-06-11 00:00", Outcome.OVERDUE),
    ],
)
def test_day_limits_are_judged_by_date(ended: str, expected: str) -> None:
    assert judge(ended) == expected


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ("2024-06-03 13:29", Outcome.ON_TIME),
        ("2024-06-03 14:00", Outcome.ON_TIME),
        ("2024-06-03 14:01", Outcome.OVERDUE),
    ],
)
def test_hour_limits_are_judged_by_the_instant(ended: str, expected: str) -> None:
    # 09:00 to 11:30 is two hours and a half, the third hour ends at 14:00.
    assert judge(ended, limit=Limit(3, Unit.WORKING_HOUR)) == expected


def test_withdrawn_or_stopped_is_never_early() -> None:
    assert judge("2024-06-04 08:00", negative=True) == Outcome.ON_TIME
    assert judge("2024-06-11 08:00", negative=True) == Outcome.OVERDUE


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        ("2024-06-14 08:00", Outcome.EARLY),
        ("2024-06-04 10:00", Outcome.EARLY),
    ],
)
def test_ended_while_suspended_is_judged_as_if_resumed_right_then(
    ended: str, expected: str
) -> None:
    assert judge(ended, suspensions=[Suspension(at("2024-06-04 09:00"))]) == expected


def test_ended_on_the_due_day_of_a_late_suspension_is_on_time() -> None:
    assert judge("2024-06-12 08:00", suspensions=[Suspension(at("2024-06-10 09:00"))]) == "on_time"


def test_taken_in_and_given_back_at_once_has_an_outcome() -> None:
    assert judge("2024-06-03 09:00") == Outcome.EARLY
    [span] = spans_of(ended_at=RECEIVED)
    assert span.starts_at == span.ends_at


@pytest.mark.parametrize("moment", ["2024-06-05 10:00", "2024-06-03 09:00"])
def test_spans_tile_the_life_of_the_leg(moment: str) -> None:
    ended_at = at("2024-06-20 10:00")
    spans = spans_of(
        suspensions=[Suspension(at(moment), at("2024-06-07 08:00"))],
        extensions=[(at("2024-06-07 08:00"), at("2024-06-24 17:00"))],
        ended_at=ended_at,
    )
    edges: list[datetime | None] = [one.starts_at for one in spans]
    assert edges[0] == RECEIVED
    assert [one.ends_at for one in spans] == [*edges[1:], ended_at]
    assert edges == sorted(set(edges))  # type: ignore[type-var]
