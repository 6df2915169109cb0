"""The invented histories behind Trà Bồng's quarter, before they meet the database."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from calendars.clock import ZONE
from calendars.loading import default_calendar, working_time
from demonstration import this_month, tra_bong
from demonstration.histories import Author, Office, Rows

pytestmark = pytest.mark.django_db

START = datetime(2024, 3, 15, tzinfo=ZONE)
END = datetime(2024, 6, 15, tzinfo=ZONE)


def _quarter() -> Rows:
    author = Author(2024, working_time(default_calendar()), tra_bong.LAST)
    communes = [Office(f"DEMO.{number}", f"xã {number}") for number in range(16)]
    return tra_bong.write(author, Office("DEMO.D", "huyện Trà Bồng"), communes)


def _at(event: dict[str, object]) -> datetime:
    at = event["at"]
    assert isinstance(at, datetime)
    return at


def test_the_quarter_has_the_published_number_of_dossiers() -> None:
    rows = _quarter()
    lodged = Counter(str(row["agency"]) == "DEMO.D" for row in rows.dossiers)
    assert lodged == {True: 627, False: 217}
    assert sum(row["channel"] == "online" for row in rows.dossiers) == 362


def test_every_dossier_is_accepted_in_the_quarter_and_in_working_time() -> None:
    calendar = working_time(default_calendar())
    for row in _quarter().dossiers:
        accepted_at = row["accepted_at"]
        assert isinstance(accepted_at, datetime)
        assert START <= accepted_at < END
        assert calendar.is_counter_open(accepted_at)


def test_sixty_five_and_twenty_five_are_not_done_in_the_quarter() -> None:
    rows = _quarter()
    done = {event["code"] for event in rows.events if event["act"] == "result" and _at(event) < END}
    assert len({row["code"] for row in rows.dossiers} - done) == 65 + 25


def test_the_same_seed_writes_the_same_histories() -> None:
    assert _quarter() == _quarter()


def test_invented_persons_carry_numbers_that_nobody_can_have() -> None:
    for row in _quarter().dossiers:
        assert str(row["citizen_id"]).startswith("000")
        assert "(minh họa)" in str(row["address"])


def test_the_last_weeks_end_before_today() -> None:
    today = date(2026, 11, 20)
    author = Author(2026, working_time(default_calendar()), today)
    rows = this_month.write(author, Office("DEMO.C", "xã Trà Bồng"), today)
    latest = max(_at(event) for event in rows.events)
    assert latest < datetime(2026, 11, 20, tzinfo=ZONE) + timedelta(days=1)
