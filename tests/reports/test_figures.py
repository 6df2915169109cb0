"""What a figure means: whose, from when to when, as of which moment."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Level
from reports import counts, errors, figures, questions
from reports.cells import COLUMNS
from reports.figures import Figures
from reports.questions import Question
from tests import make
from tests.reports import histories, world
from tests.reports.histories import History, Stretch

pytestmark = pytest.mark.django_db
LATER = make.at("2026-02-02 08:00")


def leg(
    first: str,
    accepted: str,
    ended: str = "",
    *,
    outcome: str = "on_time",
    version: int = 0,
    due: str = "2025-12-01",
    **fields: Any,
) -> History:
    since, until = make.at(accepted), make.at(ended) if ended else None
    values: dict[str, Any] = {"channel": "direct", "is_forwarded": False} | fields
    return History(
        first=first,
        version=version,
        accepted_at=since,
        ended_at=until,
        outcome=outcome if ended else "",
        stretches=(Stretch(since, until, make.at(due), False, False),),
        **values,
    )


def ask(here: world.World, name: str, period: str, now: datetime = LATER, **fields: Any) -> Figures:
    """Both ways, which must agree."""
    question = Question(here.agencies[name], period, **fields)
    found = figures.compute(question, now)
    natural = figures.answer(question, found.frame, from_counts=False)
    assert found.to_json() == natural.to_json()
    return found


@pytest.fixture
def here() -> world.World:
    return world.make()


def test_accepted_at_the_first_instant_of_a_period_is_received_in_it(here: world.World) -> None:
    histories.save(here, [leg("A", "2025-06-15 00:00"), leg("A", "2025-06-14 23:59")])
    assert ask(here, "A", "2025-Q2").total.c5 == 1
    following = ask(here, "P", "2025-Q3", below=True).total
    assert (following.c5, following.c6) == (1, 1)


def test_what_is_due_on_the_last_day_and_unfinished_is_overdue(here: world.World) -> None:
    histories.save(here, [leg("A", "2025-06-02 09:00", due="2025-06-15")])
    assert ask(here, "A", "2025-Q2").total.c13 == 1
    histories.save(here, [leg("A", "2025-06-02 09:00", due="2025-06-15 00:01")])
    assert ask(here, "A", "2025-Q2").total.c12 == 1


def test_as_of_tells_what_had_happened_by_the_end_of_that_day(here: world.World) -> None:
    histories.save(here, [leg("A", "2025-06-02 09:00", "2025-06-10 16:00", outcome="early")])
    before = ask(here, "A", "2025-Q2", as_of=date(2025, 6, 9))
    assert (before.total.c7, before.total.c11) == (0, 1)
    assert ask(here, "A", "2025-Q2", as_of=date(2025, 6, 10)).total.c8 == 1
    assert ask(here, "A", "2025-Q2", as_of=date(2025, 6, 1)).total.c3 == 0


def test_a_period_under_way_is_counted_until_now(here: world.World) -> None:
    histories.save(here, [leg("D", "2025-06-02 09:00", due="2025-06-03")])
    now = make.at("2025-06-02 15:00")
    found = ask(here, "D", "2025-Q2", now)
    assert found.frame.is_live
    assert found.frame.as_of == date(2025, 6, 2)
    assert (found.total.c12, found.total.c13) == (1, 0)
    assert ask(here, "D", "2025-Q2", now + timedelta(days=1)).total.c13 == 1


def test_what_is_posted_has_a_row_without_dossiers_too(here: world.World) -> None:
    histories.save(here, [leg("A", "2025-06-02 09:00", version=1)])
    fields = [(row.name, row.c3) for row in ask(here, "A", "2025-Q2", by="field").rows]
    assert fields == [("Lĩnh vực 0", 0), ("Lĩnh vực 1", 1), ("Lĩnh vực 2", 0)]
    blocks = [(row.name, row.c3) for row in ask(here, "A", "2025-Q2", by="block").rows]
    assert blocks == [("Khối X", 1), ("Khối Y", 0)]
    procedures = [row.key for row in ask(here, "A", "2025-Q2", by="procedure").rows]
    assert procedures == ["9.000000", "9.000001", "9.000002"]
    assert ask(here, "B", "2025-Q2", by="field").rows == []


def test_rows_by_channel_agency_and_level(here: world.World) -> None:
    legs = [leg("A", "2025-06-02 09:00", channel="online"), leg("O", "2025-06-02 09:00")]
    histories.save(here, [*legs, leg("D", "2025-06-02 09:00", channel="post")])
    rows = ask(here, "D", "2025-Q2", below=True, by="channel").rows
    assert [(row.key, row.c4, row.c5) for row in rows] == [
        ("direct", 0, 1),
        ("online", 1, 0),
        ("post", 0, 1),
    ]
    rows = ask(here, "D", "2025-Q2", below=True, by="agency").rows
    assert [(row.key, row.c3) for row in rows] == [("DEMO-A", 1), ("DEMO-D", 1), ("DEMO-O", 1)]
    rows = ask(here, "D", "2025-Q2", below=True, by="level").rows
    assert [(row.key, row.name, row.c3) for row in rows] == [
        ("district", "Cấp huyện", 1),
        ("commune", "Cấp xã", 2),
    ]


def test_a_committee_has_its_counters_legs_and_not_those_below(here: world.World) -> None:
    histories.save(here, [leg("O", "2025-06-02 09:00"), leg("D", "2025-06-02 09:00")])
    assert ask(here, "A", "2025-Q2").total.c3 == 1
    assert ask(here, "D", "2025-Q2").total.c3 == 1
    assert ask(here, "P", "2025-Q2", below=True).total.c3 == 2


def test_forwarded_legs_count_where_everything_received_is_counted(here: world.World) -> None:
    legs = [leg("A", "2025-06-02 09:00"), leg("A", "2025-06-02 09:00", is_forwarded=True)]
    histories.save(here, legs)
    assert ask(here, "A", "2025-Q2").total.c3 == 1
    assert ask(here, "A", "2025-Q2", interagency="as-received").total.c3 == 2


def test_over_a_merger_nothing_is_lost_and_the_heir_carries_in(here: world.World) -> None:
    legs = [leg("A", "2025-06-10 09:00"), leg("B", "2025-06-20 09:00")]
    histories.save(here, [*legs, leg("A", "2025-06-20 09:00", "2025-06-25 09:00")])
    assert ask(here, "A", "2025-Q3").total.values == dict.fromkeys(COLUMNS, 0) | {
        "c3": 1,
        "c5": 1,
        "c7": 1,
        "c9": 1,
    }
    heir = ask(here, "G", "2025-Q3")
    assert (heir.total.c3, heir.total.c5, heir.total.c6, heir.total.c11) == (2, 1, 1, 2)
    carried = next(check for check in heir.checks if check.rule == "carried_in")
    assert carried.ok
    assert "nhận bàn giao +1" in carried.detail
    whole = ask(here, "P", "2025-Q3", below=True)
    assert (whole.total.c3, whole.total.c6, whole.total.c7) == (3, 1, 1)
    assert all(check.ok is not False for check in whole.checks)


def test_a_gso_code_means_who_bore_it_on_the_periods_last_day() -> None:
    code = {"gso_code": "21115", "level": Level.COMMUNE}
    old = make.agency("Thị trấn Trà Xuân", valid_to=date(2025, 6, 30), **code)  # type: ignore[arg-type]
    new = make.agency("Xã Trà Bồng", valid_from=date(2025, 7, 1), **code)  # type: ignore[arg-type]
    assert questions.find_agency("21115", "2025-Q2") == old
    assert questions.find_agency("21115", "2025-Q3") == new
    assert questions.find_agency("21115", "2025-06", "civil") == old
    assert questions.find_agency(old.code, "2025-Q3") == old


@pytest.mark.parametrize("code", ["", "99999", "5", "0525", "x" * 500, "\uff15\uff12\uff15"])
def test_an_unknown_agency_is_refused(code: str) -> None:
    make.agency(level=Level.DISTRICT, gso_code="525")
    with pytest.raises(errors.AgencyUnknown):
        questions.find_agency(code, "2024-Q2")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"period": "2025-Q5"}, errors.PeriodUnknown),
        ({"period": "2027"}, errors.PeriodNotBegun),
        ({"calendar": "tet"}, errors.CalendarUnknown),
        ({"period": "2025-Q2", "as_of": date(2025, 6, 15)}, errors.AsOfOutside),
        ({"period": "2025-Q2", "as_of": date(2025, 3, 14)}, errors.AsOfOutside),
        ({"period": "2026-Q1", "as_of": date(2026, 2, 3)}, errors.AsOfOutside),
        ({"below": True, "interagency": "as-received"}, errors.BelowCountsOnce),
        ({"interagency": "twice"}, errors.ChoiceUnknown),
        ({"by": "weather"}, errors.ChoiceUnknown),
        ({"period": "2003"}, errors.AgencyUnknown),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    here: world.World, fields: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        figures.compute(Question(here.agencies["P"], **{"period": "2025"} | fields), LATER)


def test_an_agency_has_no_figures_outside_its_days(here: world.World) -> None:
    with pytest.raises(errors.AgencyUnknown):
        ask(here, "A", "2025-Q4")
    with pytest.raises(errors.AgencyUnknown):
        ask(here, "G", "2025-Q2")


def test_counts_answer_at_edges_and_live_and_legs_answer_the_rest(here: world.World) -> None:
    def can(period: str, now: datetime = LATER, **fields: Any) -> bool:
        question = Question(here.agencies["P"], period, **fields)
        return counts.can_answer(questions.frame(question, now))

    assert can("2025-Q2")
    assert can("2025", below=True, by="agency")
    assert can("2025-Q2", as_of=date(2025, 5, 31))
    assert not can("2025-Q2", as_of=date(2025, 5, 30))
    assert can("2025-Q2", make.at("2025-05-30 10:00"))
    assert not can("2025-Q2", by="field")
    assert not can("2025-Q2", by="procedure")


@pytest.mark.parametrize(("by", "many"), [(None, 2), ("block", 4), ("field", 8)])
def test_figures_cost_the_same_however_many_legs(
    here: world.World,
    django_assert_num_queries: DjangoAssertNumQueries,
    by: str | None,
    many: int,
) -> None:
    histories.save(here, [leg("A", "2025-06-02 09:00", version=n % 3) for n in range(25)])
    question = Question(here.agencies["A"], "2025-Q2", by=by)
    # who belongs to it; the counts; rows: what is posted, their names. From the legs: mergers
    # since (for now and for the period before), the legs, open before, inherited
    with django_assert_num_queries(many):
        figures.compute(question, LATER)


def test_json_has_exactly_the_agreed_keys(here: world.World) -> None:
    found = ask(here, "D", "2025-Q2", below=True, by="level").to_json()
    assert list(found) == [
        "agency",
        "period",
        "calendar",
        "from",
        "to",
        "as_of",
        "interagency",
        "below",
        "definition_version",
        "rows",
        "total",
        "rates",
        "checks",
    ]
    agency: Any = found["agency"]
    assert list(agency) == ["code", "gso", "name", "valid_from", "valid_to"]
    assert (found["from"], found["to"], found["as_of"]) == (
        "2025-03-15",
        "2025-06-14",
        "2025-06-14",
    )
    total: Any = found["total"]
    assert list(total) == list(COLUMNS)
    rows: Any = found["rows"]
    assert list(rows[0]) == ["key", "name", *COLUMNS]
    rates: Any = found["rates"]
    assert list(rates) == ["resolved", "received", "with_open"]
    assert rates["resolved"] == {"num": 0, "den": 0, "percent": None}


def test_names_of_agencies_do_not_matter(here: world.World) -> None:
    Agency.objects.update(name="Trùng tên", sort_key="x")
    histories.save(here, [leg("A", "2025-06-02 09:00"), leg("B", "2025-06-02 09:00")])
    rows = ask(here, "D", "2025-Q2", below=True, by="agency").rows
    assert [row.c3 for row in rows] == [1, 1]
