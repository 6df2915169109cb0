"""What a day is: shifts, seasons, half days, counters."""

from datetime import date, time

import pytest

from calendars.clock import due, explain
from calendars.errors import OutOfCalendar
from calendars.limits import Limit, Policy, Unit
from calendars.resolution import Override, ShiftRule
from tests.calendars.office import (
    AFTERNOON,
    CLOSED,
    MORNING,
    SATURDAY_COUNTER,
    WORKED,
    at,
    office,
    usual_office,
    wait,
)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2024-06-07 06:59:59", False),
        ("2024-06-07 07:00", True),
        ("2024-06-07 11:30", False),
        ("2024-06-07 13:30", True),
        ("2024-06-07 17:00", False),
        ("2024-06-08 07:30", True),  # Saturday morning
        ("2024-06-08 11:00", False),
        ("2024-06-09 08:00", False),
        ("2024-05-04 15:00", True),  # make-up Saturday: the usual shifts
        ("2024-02-10 08:00", False),  # a Saturday of Tết
    ],
)
def test_counter_is_open_in_its_shifts(moment: str, is_open: bool) -> None:
    assert usual_office().is_counter_open(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2024-06-07 10:00", "2024-06-07 10:00"),
        ("2024-06-07 12:00", "2024-06-07 13:30"),
        ("2024-06-07 17:00", "2024-06-08 07:30"),
        ("2024-06-08 11:00", "2024-06-10 07:00"),
        ("2024-02-07 17:00", "2024-02-15 07:00"),  # Tết, its Saturday closed as well
    ],
)
def test_counter_opens_next(moment: str, opens: str) -> None:
    assert usual_office().next_open(at(moment)) == at(opens)


def test_saturday_counter_counts_for_no_deadline() -> None:
    saturday = date(2024, 6, 8)
    assert usual_office().day(saturday).counter
    assert not usual_office().is_working_day(saturday)


def test_half_day_counts_and_ends_early() -> None:
    half = {date(2024, 6, 4): Override(is_working=True, why="Nửa ngày", hours=(None, time(11)))}
    morning = office(overrides=half)
    assert due(Limit(1, Unit.WORKING_DAY), at("2024-06-03 09:00"), morning).due_at == at(
        "2024-06-04 11:00"
    )
    assert due(Limit(8, Unit.WORKING_HOUR), at("2024-06-04 07:00"), morning).due_at == at(
        "2024-06-05 11:00"
    )
    assert not morning.is_counter_open(at("2024-06-04 11:00"))


def test_half_day_in_the_afternoon_begins_late() -> None:
    half = {date(2024, 6, 4): Override(is_working=True, why="Nửa ngày", hours=(time(14), None))}
    afternoon = office(overrides=half)
    assert due(Limit(1, Unit.WORKING_HOUR), at("2024-06-04 07:00"), afternoon).due_at == at(
        "2024-06-04 15:00"
    )


def test_working_day_without_shifts_is_skipped_and_says_so() -> None:
    no_friday = office(shifts=(ShiftRule(time(8), time(16), weekdays=frozenset({1, 2, 3, 4})),))
    found = due(Limit(1, Unit.WORKING_DAY), at("2024-06-06 09:00"), no_friday)
    assert found.due_at == at("2024-06-10 16:00")
    assert no_friday.day(date(2024, 6, 7)).why == "Thứ Sáu, ngày làm việc, không có ca làm việc"


def test_shifts_follow_the_season_over_the_new_year() -> None:
    summer = ShiftRule(time(7), time(16), season=("04-16", "10-15"))
    winter = ShiftRule(time(8), time(17), season=("10-16", "04-15"))
    seasonal = office(shifts=(summer, winter))
    limit = Limit(1, Unit.WORKING_DAY)
    for start, expected in [
        ("2024-04-12 09:00", "2024-04-15 17:00"),
        ("2024-04-15 09:00", "2024-04-16 16:00"),
        ("2024-10-14 09:00", "2024-10-15 16:00"),
        ("2024-10-15 09:00", "2024-10-16 17:00"),
        ("2024-01-01 09:00", "2024-01-02 17:00"),
    ]:
        assert due(limit, at(start), seasonal).due_at == at(expected)


def test_overlapping_shifts_count_each_minute_once() -> None:
    overlapping = office(shifts=(MORNING, AFTERNOON, ShiftRule(time(11), time(14))))
    assert overlapping.shift_seconds_between(at("2024-06-03"), at("2024-06-04")) == 10 * 3600
    assert overlapping.day(date(2024, 6, 3)).shifts == overlapping.day(date(2024, 6, 3)).counter
    assert len(overlapping.day(date(2024, 6, 3)).shifts) == 1


def test_saturday_worked_every_week_counts() -> None:
    six_days = office(
        ShiftRule(time(7), time(11), weekdays=frozenset({6})),
        weekdays=frozenset({1, 2, 3, 4, 5, 6}),
    )
    found = due(Limit(1, Unit.WORKING_DAY), at("2024-06-07 09:00"), six_days)
    assert found.due_at == at("2024-06-08 11:00")


def test_closed_day_closes_the_counter_too() -> None:
    storm = office(SATURDAY_COUNTER, overrides={date(2024, 6, 8): CLOSED})
    assert storm.next_open(at("2024-06-07 17:00")) == at("2024-06-10 07:00")


def test_make_up_sunday_has_the_make_up_shifts() -> None:
    sunday = office(overrides={date(2024, 6, 9): WORKED})
    assert due(Limit(1, Unit.WORKING_DAY), at("2024-06-07 09:00"), sunday).due_at == at(
        "2024-06-09 17:00"
    )


def test_days_after_the_announced_years_are_estimates() -> None:
    assert not usual_office().is_estimate(date(2026, 12, 31))
    assert usual_office().is_estimate(date(2027, 1, 1))
    notes = explain(Limit(1, Unit.WORKING_DAY), at("2026-12-31 09:00"), usual_office())
    assert [note.date.day for note in notes if note.why.endswith("(lịch nghỉ dự kiến)")] == [
        1, 2, 3, 4,
    ]  # fmt: skip


def test_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(OutOfCalendar):
        usual_office().day(date(2031, 1, 1))
    with pytest.raises(OutOfCalendar):
        usual_office().next_open(at("2030-12-31 17:00"))
    with pytest.raises(OutOfCalendar):
        usual_office().shift_seconds_between(at("2017-12-31"), at("2018-01-05"))


def test_explanation_tells_every_day_of_a_limit() -> None:
    limit, start = Limit(3, Unit.WORKING_DAY), at("2024-05-03 09:00")
    notes = explain(limit, start, usual_office(), [wait("2024-05-06 09:00..2024-05-08 09:00")])
    assert [(note.date.day, note.counts, note.why) for note in notes] == [
        (3, False, "Ngày tiếp nhận, không tính"),
        (4, True, "Làm bù (ngày thứ 1/3)"),
        (5, False, "Chủ nhật, ngày nghỉ hằng tuần"),
        (6, False, "Tạm dừng"),
        (7, False, "Tạm dừng"),
        (8, True, "Thứ Tư, ngày làm việc (ngày thứ 2/3)"),
        (9, True, "Thứ Năm, ngày làm việc (ngày thứ 3/3)"),
    ]


def test_explanation_tells_the_roll_to_a_working_day() -> None:
    notes = explain(Limit(2, Unit.DAY), at("2024-06-06 09:00"), usual_office())
    assert [note.counts for note in notes] == [False, True, True, False, False]
    assert "chuyển sang ngày làm việc kế tiếp" in notes[3].why
    assert notes[4].why.endswith("hạn trả")


def test_explanation_tells_the_hours_of_each_day() -> None:
    spans = [wait("2024-06-14 08:00..2024-06-17 08:00")]
    notes = explain(Limit(8, Unit.WORKING_HOUR), at("2024-06-13 16:00"), usual_office(), spans)
    assert [(note.counts, note.why) for note in notes] == [
        (True, "Tính 1 giờ 00 phút"),
        (True, "Tính 1 giờ 00 phút"),
        (False, "Tạm dừng"),
        (False, "Tạm dừng"),
        (True, "Tính 6 giờ 00 phút"),
    ]


def test_explanation_of_a_restart_and_of_an_open_wait() -> None:
    limit, start = Limit(2, Unit.WORKING_DAY), at("2024-06-03 09:00")
    anew = explain(
        limit, start, usual_office(), [wait("2024-06-04..2024-06-05 09:00")], Policy.RESTART
    )
    assert [note.counts for note in anew] == [False, False, False, True, True]
    assert anew[2].why == "Ngày nhận đủ bổ sung, không tính"
    waiting = explain(limit, start, usual_office(), [wait("2024-06-04 09:00..")])
    assert [(note.date.day, note.why) for note in waiting] == [
        (3, "Ngày tiếp nhận, không tính"),
        (4, "Tạm dừng"),
    ]
