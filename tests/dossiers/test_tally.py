"""Buckets and contributions, without a database."""

from collections import Counter
from datetime import timedelta

import pytest

from calendars.clock import Limit, Unit
from dossiers import tally
from dossiers.ledger import outcome, timeline
from dossiers.models import Leg
from tests.calendars.office import at, usual_office

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        ("2024-01-01 00:00", "2024-01-01"),
        ("2024-01-14 23:59", "2024-01-01"),
        ("2024-01-15 00:00", "2024-01-15"),
        ("2024-12-31 23:59", "2024-12-15"),
    ],
)
def test_a_bucket_is_half_a_month(moment: str, start: str) -> None:
    assert tally.bucket_start(tally.bucket_of(at(moment))) == at(start)


def contributions(received: str, ended: str | None = None) -> Counter[tuple[str, str]]:
    limit, accepted_at = Limit(5, Unit.WORKING_DAY), at(received)
    ended_at = at(ended) if ended else None
    spans = timeline(limit, accepted_at, usual_office(), ended_at=ended_at)
    leg = Leg(accepted_at=accepted_at, ended_at=ended_at)
    if ended_at:
        leg.outcome = outcome(spans, ended_at, limit.unit, negative=False)
    counted = tally.contributions(leg, spans)
    return Counter(
        {(f"{tally.bucket_start(b):%m-%d}", str(measure)): n for (b, measure), n in counted.items()}
    )


def test_a_lapse_to_come_is_booked_ahead() -> None:
    assert contributions("2024-06-12 09:00") == {
        ("06-01", "received"): 1,
        ("06-15", "lapsed"): 1,
    }


def test_a_leg_that_ends_in_time_takes_its_lapse_back() -> None:
    assert contributions("2024-06-12 09:00", "2024-06-14 09:00") == {
        ("06-01", "received"): 1,
        ("06-01", "early"): 1,
    }


def test_due_on_the_last_day_of_a_half_is_overdue_at_its_end() -> None:
    # Received Friday 7/6, due Friday 14/6, ended in the next half: open and overdue at 15/6 00:00.
    assert contributions("2024-06-07 09:00", "2024-06-15 00:00") == {
        ("06-01", "received"): 1,
        ("06-01", "lapsed"): 1,
        ("06-15", "lapsed"): -1,
        ("06-15", "overdue"): 1,
    }


def test_lapsed_and_ended_in_one_half_was_never_open_and_overdue_at_an_edge() -> None:
    assert contributions("2024-06-03 09:00", "2024-06-12 08:00") == {
        ("06-01", "received"): 1,
        ("06-01", "overdue"): 1,
    }
