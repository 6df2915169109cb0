"""Due dates worked out by hand, one line for each rule and each odd case."""

from datetime import UTC, date, datetime, timedelta

import pytest

from calendars.clock import due, lapse_of
from calendars.errors import InvalidLimit, InvalidSuspension, OutOfCalendar
from calendars.limits import Limit, Policy, Suspension, Unit
from tests.calendars.office import CLOSED, WORKED, at, office, usual_office, wait

WD, DAY, HOUR, MONTH = Unit.WORKING_DAY, Unit.DAY, Unit.WORKING_HOUR, Unit.MONTH


@pytest.mark.parametrize(
    ("value", "unit", "start", "expected"),
    [
        # Off: Sat 27/4, Sun 28/4, 29/4 (swap), 30/4, 1/5; worked: Sat 4/5.
        (5, WD, "2024-04-26 09:00", "2024-05-07 17:00"),
        (7, WD, "2024-04-26 09:00", "2024-05-09 17:00"),
        (1, WD, "2024-05-03 09:00", "2024-05-04 17:00"),
        (1, WD, "2024-06-07 16:59", "2024-06-10 17:00"),  # Friday to Monday
        (1, WD, "2024-06-08 08:00", "2024-06-10 17:00"),  # received at a Saturday counter
        (1, WD, "2024-04-30 10:00", "2024-05-02 17:00"),  # received on a holiday
        (1, WD, "2024-05-04 10:00", "2024-05-06 17:00"),  # received on a make-up Saturday
        (1, WD, "2024-06-03 00:00", "2024-06-04 17:00"),  # the receipt date never counts
        (1, WD, "2024-06-03 23:59:59", "2024-06-04 17:00"),
        (3, WD, "2024-02-07 15:00", "2024-02-19 17:00"),  # over Tết
        (1, WD, "2025-12-31 09:00", "2026-01-05 17:00"),  # 1/1 and the swapped 2/1
        (5, WD, "2026-01-05 09:00", "2026-01-10 17:00"),  # which is worked on Saturday 10/1
        (15, DAY, "2024-06-03 09:00", "2024-06-18 17:00"),
        (10, DAY, "2024-05-29 09:00", "2024-06-10 17:00"),  # Saturday 8/6 rolls
        (3, DAY, "2024-04-26 09:00", "2024-05-02 17:00"),  # 29/4 rolls over 30/4 and 1/5
        (1, DAY, "2024-05-03 09:00", "2024-05-04 17:00"),  # a make-up Saturday is no day off
        (1, MONTH, "2024-01-31 09:00", "2024-02-29 17:00"),
        (1, MONTH, "2023-01-31 09:00", "2023-02-28 17:00"),
        (12, MONTH, "2024-02-29 09:00", "2025-02-28 17:00"),
        (1, MONTH, "2024-05-31 09:00", "2024-07-01 17:00"),  # Sunday 30/6 rolls
        (2, MONTH, "2024-12-15 09:00", "2025-02-17 17:00"),  # over the year, Saturday rolls
        (8, HOUR, "2024-06-13 16:00", "2024-06-14 16:00"),
        (1, HOUR, "2024-06-13 16:00", "2024-06-13 17:00"),  # the earliest instant
        (1, HOUR, "2024-06-13 11:00", "2024-06-13 14:00"),  # lunch is no time
        (1, HOUR, "2024-06-13 12:00", "2024-06-13 14:30"),
        (9, HOUR, "2024-06-13 05:00", "2024-06-14 08:00"),
        (1, HOUR, "2024-06-13 17:00", "2024-06-14 08:00"),
        (1, HOUR, "2024-06-08 09:00", "2024-06-10 08:00"),  # a Saturday counter counts nothing
        (8, HOUR, "2024-05-03 16:00", "2024-05-04 16:00"),  # a make-up Saturday counts
        (1, HOUR, "2024-06-13 10:00:30.5", "2024-06-13 11:00:30.5"),
    ],
)
def test_due_without_suspension(value: int, unit: Unit, start: str, expected: str) -> None:
    found = due(Limit(value, unit), at(start), usual_office())
    assert found.due_at == found.original_due_at == at(expected)
    assert found.suspended == ()


@pytest.mark.parametrize(
    ("value", "unit", "start", "spans", "expected", "taken"),
    [
        # 5 working days from Monday 3/6: Monday 10/6.
        (5, WD, "2024-06-03 09:00", ["2024-06-05 10:00..2024-06-07 15:00"], "2024-06-12", [2]),
        (5, WD, "2024-06-03 09:00", ["2024-06-06..2024-06-10"], "2024-06-12", [2]),  # weekend
        (5, WD, "2024-06-03 09:00", ["2024-06-08..2024-06-09 12:00"], "2024-06-10", [0]),
        (5, WD, "2024-06-03 09:00", ["2024-06-05 08:00..2024-06-05 16:00"], "2024-06-10", [0]),
        (5, WD, "2024-06-03 09:00", ["2024-06-05..2024-06-05"], "2024-06-10", [0]),
        # Only days after the receipt date count.
        (5, WD, "2024-06-03 09:00", ["2024-06-03 10:00..2024-06-05 08:00"], "2024-06-11", [1]),
        (5, WD, "2024-06-03 09:00", ["2024-05-31 10:00..2024-06-05 08:00"], "2024-06-11", [1]),
        (5, WD, "2024-06-03 09:00", ["2024-05-29..2024-05-31"], "2024-06-10", [0]),
        (
            5,
            WD,
            "2024-06-03 09:00",
            ["2024-06-06..2024-06-07", "2024-06-04..2024-06-05"],  # in any order
            "2024-06-12",
            [1, 1],
        ),
        # On the due date, even after office hours, it has not lapsed yet.
        (5, WD, "2024-06-03 09:00", ["2024-06-10 16:00..2024-06-12"], "2024-06-12", [2]),
        (5, WD, "2024-06-03 09:00", ["2024-06-10 20:00..2024-06-12"], "2024-06-12", [2]),
        (5, WD, "2024-04-26 09:00", ["2024-04-29..2024-05-06 09:00"], "2024-05-10", [3]),
        (10, DAY, "2024-06-03 09:00", ["2024-06-05..2024-06-10"], "2024-06-18", [5]),
        (3, DAY, "2024-06-03 09:00", ["2024-06-04..2024-06-06"], "2024-06-10", [2]),  # rolls last
        (10, DAY, "2024-06-03 09:00", ["2024-06-03 10:00..2024-06-05"], "2024-06-14", [1]),
        (1, MONTH, "2024-06-03 09:00", ["2024-06-05..2024-06-08"], "2024-07-08", [3]),
        # The receipt date bounds a month's suspension as well.
        (1, MONTH, "2024-06-03 09:00", ["2024-06-03 10:00..2024-06-05"], "2024-07-04", [1]),
    ],
)
def test_suspended_days_move_the_due_date(
    value: int, unit: Unit, start: str, spans: list[str], expected: str, taken: list[int]
) -> None:
    found = due(Limit(value, unit), at(start), usual_office(), [wait(span) for span in spans])
    assert found.due_at == at(f"{expected} 17:00")
    assert [part.days for part in found.suspended] == taken
    assert all(part.minutes is None for part in found.suspended)


@pytest.mark.parametrize(
    ("spans", "expected", "minutes"),
    [
        # 8 hours from Thursday 13/6 16:00: Friday 16:00.
        (["2024-06-14 08:00..2024-06-17 08:00"], "2024-06-17 16:00", [480]),
        (["2024-06-14 11:30..2024-06-14 13:30"], "2024-06-14 16:00", [0]),  # over lunch
        (["2024-06-13 10:00..2024-06-13 16:30"], "2024-06-14 16:30", [30]),  # before the receipt
        (["2024-06-13 08:00..2024-06-13 16:00"], "2024-06-14 16:00", [0]),
        (
            ["2024-06-14 08:00..2024-06-14 09:00", "2024-06-14 10:00..2024-06-14 10:15"],
            "2024-06-17 07:15",
            [60, 15],
        ),
    ],
)
def test_suspended_shift_time_moves_an_hourly_limit(
    spans: list[str], expected: str, minutes: list[int]
) -> None:
    suspensions = [wait(span) for span in spans]
    found = due(Limit(8, HOUR), at("2024-06-13 16:00"), usual_office(), suspensions)
    assert found.due_at == at(expected)
    assert [part.minutes for part in found.suspended] == minutes
    assert all(part.days is None for part in found.suspended)


@pytest.mark.parametrize(
    ("value", "unit", "start", "spans", "expected"),
    [
        (5, WD, "2024-06-03 09:00", ["2024-06-05..2024-06-07 15:00"], "2024-06-14 17:00"),
        (
            5,
            WD,
            "2024-06-03 09:00",
            ["2024-06-05..2024-06-07 15:00", "2024-06-11 08:00..2024-06-12 10:00"],
            "2024-06-19 17:00",
        ),
        # The complete supplement came on a Saturday, the new receipt date.
        (1, WD, "2024-06-03 09:00", ["2024-06-04..2024-06-08 09:00"], "2024-06-10 17:00"),
        (1, MONTH, "2024-06-03 09:00", ["2024-06-05..2024-06-20 09:00"], "2024-07-22 17:00"),
        (8, HOUR, "2024-06-13 16:00", ["2024-06-14 08:00..2024-06-17 09:00"], "2024-06-18 09:00"),
        # One that ended before the receipt restarts nothing.
        (5, WD, "2024-06-03 09:00", ["2024-05-29..2024-05-31"], "2024-06-10 17:00"),
    ],
)
def test_restart_runs_the_whole_limit_anew(
    value: int, unit: Unit, start: str, spans: list[str], expected: str
) -> None:
    suspensions = [wait(span) for span in spans]
    found = due(Limit(value, unit), at(start), usual_office(), suspensions, Policy.RESTART)
    assert found.due_at == at(expected)


def test_open_suspension_leaves_the_due_date_unknown() -> None:
    for policy in Policy:
        found = due(
            Limit(5, WD), at("2024-06-03 09:00"), usual_office(), [wait("2024-06-05..")], policy
        )
        assert (found.due_at, found.lapses_at) == (None, None)
        assert found.original_due_at == at("2024-06-10 17:00")
        assert [(part.ends_at, part.days) for part in found.suspended] == [(None, None)]


@pytest.mark.parametrize("policy", list(Policy))
@pytest.mark.parametrize("span", ["2024-06-11..2024-06-13", "2024-06-12.."])
def test_suspension_after_the_lapse_leaves_the_dossier_overdue(policy: Policy, span: str) -> None:
    found = due(Limit(5, WD), at("2024-06-03 09:00"), usual_office(), [wait(span)], policy)
    assert found.due_at == at("2024-06-10 17:00")
    assert [(part.after_lapse, part.days) for part in found.suspended] == [(True, 0)]


def test_suspension_at_the_due_instant_of_an_hourly_limit_is_too_late() -> None:
    limit, start = Limit(8, HOUR), at("2024-06-13 16:00")
    late = due(limit, start, usual_office(), [wait("2024-06-14 16:00..2024-06-17 08:00")])
    assert late.due_at == at("2024-06-14 16:00")
    just = due(limit, start, usual_office(), [wait("2024-06-14 15:59..2024-06-17 08:00")])
    assert just.due_at == at("2024-06-17 08:01")


def test_lapse_is_midnight_after_a_due_date_and_the_instant_of_an_hourly_one() -> None:
    daily = due(Limit(5, WD), at("2024-06-03 09:00"), usual_office())
    assert daily.lapses_at == at("2024-06-11") == lapse_of(at("2024-06-10 17:00"), MONTH)
    hourly = due(Limit(8, HOUR), at("2024-06-13 16:00"), usual_office())
    assert hourly.lapses_at == at("2024-06-14 16:00")


def test_utc_instants_mean_their_local_date() -> None:
    start = datetime(2024, 6, 9, 17, 30, tzinfo=UTC)  # 00:30 on Monday 10/6
    assert due(Limit(1, WD), start, usual_office()).due_at == at("2024-06-11 17:00")


def test_local_override_moves_the_due_date() -> None:
    storm = office(overrides={date(2024, 6, 4): CLOSED, date(2024, 6, 8): WORKED})
    assert due(Limit(1, WD), at("2024-06-03 09:00"), storm).due_at == at("2024-06-05 17:00")
    assert due(Limit(4, WD), at("2024-06-03 09:00"), storm).due_at == at("2024-06-08 17:00")


@pytest.mark.parametrize(
    "spans",
    [
        ["2024-06-05..2024-06-07", "2024-06-06..2024-06-08"],
        ["2024-06-05..", "2024-06-06..2024-06-08"],
        ["2024-06-05..", "2024-06-06.."],
        ["2024-06-05..2024-06-07", "2024-06-06.."],
    ],
)
def test_refuses_overlapping_suspensions(spans: list[str]) -> None:
    with pytest.raises(InvalidSuspension):
        due(Limit(5, WD), at("2024-06-03"), usual_office(), [wait(span) for span in spans])


def test_suspensions_may_touch() -> None:
    spans = [wait("2024-06-07..2024-06-10"), wait("2024-06-05..2024-06-07")]
    found = due(Limit(5, WD), at("2024-06-03 09:00"), usual_office(), spans)
    assert found.due_at == at("2024-06-13 17:00")


def test_refuses_a_suspension_that_ends_before_it_begins() -> None:
    with pytest.raises(InvalidSuspension):
        Suspension(at("2024-06-07"), at("2024-06-06"))


@pytest.mark.parametrize(("value", "unit"), [(0, "day"), (-1, "day"), (1.5, "day"), (1, "week")])
def test_refuses_a_limit_that_is_none(value: int, unit: Unit) -> None:
    with pytest.raises(InvalidLimit):
        Limit(value, unit)


@pytest.mark.parametrize("unit", list(Unit))
def test_refuses_dates_outside_the_calendar(unit: Unit) -> None:
    for start in ("2017-12-31 09:00", "2031-01-01", "2030-12-31 16:59"):
        with pytest.raises(OutOfCalendar):
            due(Limit(1, unit), at(start), usual_office())
    with pytest.raises(OutOfCalendar):
        due(Limit(10**9, unit), at("2024-06-03"), usual_office())


def test_naive_instants_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        due(Limit(1, WD), at("2024-06-03").replace(tzinfo=None), usual_office())


def test_units_may_come_as_stored_words() -> None:
    limit = Limit(1, "working_hour")  # type: ignore[arg-type]
    found = due(limit, at("2024-06-03 09:00"), usual_office(), [], "restart")  # type: ignore[arg-type]
    assert found.due_at == at("2024-06-03 09:00") + timedelta(hours=1)
