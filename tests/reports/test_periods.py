"""Reporting periods in both calendars, by hand-written dates."""

from datetime import date, datetime, timedelta

import pytest

from calendars.working_time import ZONE
from dossiers import tally
from reports import periods
from reports.errors import CalendarUnknown, PeriodUnknown


@pytest.mark.parametrize(
    ("text", "calendar", "first", "last"),
    [
        ("2024-05", "nd09", date(2024, 4, 15), date(2024, 5, 14)),
        ("2024-01", "nd09", date(2023, 12, 15), date(2024, 1, 14)),
        ("2024-Q1", "nd09", date(2023, 12, 15), date(2024, 3, 14)),
        ("2024-Q2", "nd09", date(2024, 3, 15), date(2024, 6, 14)),
        ("2024-Q4", "nd09", date(2024, 9, 15), date(2024, 12, 14)),
        ("2024-H1", "nd09", date(2023, 12, 15), date(2024, 6, 14)),
        ("2024-H2", "nd09", date(2024, 6, 15), date(2024, 12, 14)),
        ("2024-9M", "nd09", date(2023, 12, 15), date(2024, 9, 14)),
        ("2024", "nd09", date(2023, 12, 15), date(2024, 12, 14)),
        ("2024-02", "civil", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", "civil", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-Q2", "civil", date(2024, 4, 1), date(2024, 6, 30)),
        ("2024-H2", "civil", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-9M", "civil", date(2024, 1, 1), date(2024, 9, 30)),
        ("2024", "civil", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(
    text: str, calendar: str, first: date, last: date
) -> None:
    period = periods.parse(text, calendar)
    assert (period.starts_on, period.ends_on) == (first, last)
    assert period.starts_at == datetime(first.year, first.month, first.day, tzinfo=ZONE)
    following = last + timedelta(days=1)
    assert period.ends_at == datetime(following.year, following.month, following.day, tzinfo=ZONE)


@pytest.mark.parametrize("calendar", ["nd09", "civil"])
def test_quarters_halves_and_months_tile_the_year(calendar: str) -> None:
    year = periods.parse("2024", calendar).buckets
    for names in (
        [f"2024-{month:02}" for month in range(1, 13)],
        [f"2024-Q{number}" for number in range(1, 5)],
        ["2024-H1", "2024-H2"],
        ["2024-9M", "2024-Q4"],
    ):
        tiles = [periods.parse(name, calendar).buckets for name in names]
        assert [bucket for tile in tiles for bucket in tile] == list(year)


@pytest.mark.parametrize("calendar", ["nd09", "civil"])
@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2024-05", "2024-04"),
        ("2024-01", "2023-12"),
        ("2024-Q1", "2023-Q4"),
        ("2024-Q3", "2024-Q2"),
        ("2024-H1", "2023-H2"),
        ("2024-H2", "2024-H1"),
        ("2024-9M", "2023-Q4"),
        ("2024", "2023"),
    ],
)
def test_the_period_before_ends_where_this_one_begins(
    text: str, before: str, calendar: str
) -> None:
    period = periods.parse(text, calendar)
    assert period.before == periods.parse(before, calendar)
    assert period.before.ends_at == period.starts_at


@pytest.mark.parametrize(
    "text",
    [
        *("", "2024-13", "2024-00", "2024-5", "2024-Q5", "2024-Q0", "2024-H3", "2024-6M", "24"),
        *("x", "2024 ", "2024\n", "2024-q2", "0000", "1949", "2100", "2024-05-01"),
        "\uff12\uff10\uff12\uff14",  # digits of full width
    ],
)
def test_a_period_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(PeriodUnknown):
        periods.parse(text)


def test_an_unknown_calendar_is_refused() -> None:
    with pytest.raises(CalendarUnknown):
        periods.parse("2024", "lunar")


def test_a_reporting_year_is_one_row_of_yearly_counts() -> None:
    from reports.tallies import first_bucket, year_of

    buckets = periods.parse("2024").buckets
    assert buckets == range(first_bucket(2024), first_bucket(2025))
    assert {year_of(bucket) for bucket in buckets} == {2024}
    assert tally.bucket_start(first_bucket(2024)) == datetime(2023, 12, 15, tzinfo=ZONE)
