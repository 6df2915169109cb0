"""Who will be late at the present pace: by numbers worked out by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from agencies.models import Kind
from calendars.loading import default_calendar, working_time
from dossiers import pace, risk
from dossiers.models import Dossier, RiskMark, StepRun
from dossiers.pace import LEG, STEP
from procedures.models import ProcedureVersion
from tests import make
from tests.dossiers.acts import Office, office

pytestmark = pytest.mark.django_db
# Monday morning, eight hours of work a day: 07:00-11:30 and 13:30-17:00.
NOW = make.at("2024-06-03 07:00")
LAST_WEEK = ("2024-05-27", "2024-05-28", "2024-05-29", "2024-05-30", "2024-05-31")


def finished(place: Office, days: Sequence[str] = LAST_WEEK, end: str = "15:00") -> None:
    """One each day from 07:00; until 15:00 that is six hours of work."""
    for day in days:
        dossier = place.dossier(make.at(f"{day} 07:00"))
        place.do("finish", dossier, make.at(f"{day} {end}"))


def running(place: Office, due: str, version: ProcedureVersion | None = None) -> Dossier:
    agency, leader = place.agency, place.leader
    accepted = make.at("2024-05-31 16:00")
    dossier = make.dossier(
        agency=agency, version=version or place.version, officer=leader, now=accepted
    )
    lapses_at = make.at(due) + timedelta(days=1)
    values = {"due_at": make.at(f"{due} 17:00"), "lapses_at": lapses_at}
    Dossier.objects.filter(pk=dossier.pk).update(**values)
    dossier.refresh_from_db()
    return dossier


def marks() -> dict[int, tuple[datetime, str]]:
    rows = RiskMark.objects.values_list("dossier", "expected_at", "reason")
    return {pk: (at, reason) for pk, at, reason in rows}


def test_the_fifth_in_a_queue_of_six_hours_each_is_done_on_thursday() -> None:
    place = office(limit_value=30)
    finished(place)
    queue = [running(place, "2024-06-05") for _ in range(5)]
    # 4 before it and its own: 5 x 6 = 30 hours, 8 a day: Thursday, after 6 of its 8 hours.
    assert risk.mark_all(NOW) == 1
    ((pk, (at, reason)),) = marks().items()
    assert (pk, at) == (queue[-1].pk, make.at("2024-06-06 15:00"))
    assert reason == (
        f"{place.agency.name}: còn 4 hồ sơ trước, mỗi hồ sơ trung vị 6 giờ làm việc; "
        "dự kiến xong 6/6, sau hạn 5/6."
    )


def test_a_mark_stays_while_it_is_true_and_goes_when_it_is_not() -> None:
    place = office(limit_value=30)
    finished(place)
    queue = [running(place, "2024-06-05") for _ in range(5)]
    risk.mark_all(NOW)
    later = NOW + timedelta(hours=1)
    assert risk.mark_all(later) == 2  # the fourth would be done at eight on Thursday
    mark = RiskMark.objects.get(dossier=queue[4])
    assert (mark.since, mark.expected_at) == (NOW, make.at("2024-06-06 16:00"))
    place.do("finish", queue[0], later)
    place.do("finish", queue[1], later)
    assert risk.mark_all(later) == 0
    assert marks() == {}


def test_who_works_on_two_at_once_is_twice_as_quick() -> None:
    place = office(limit_value=30)
    for _ in range(2):
        finished(place, end="17:00")  # 10 x 8 hours in the 40 of a week: two at once
    known = pace.read({place.agency.pk: working_time(place.agency.calendar)}, NOW)
    assert known.parallel == {(place.agency.pk, LEG): 2.0}
    queue = [running(place, "2024-06-04") for _ in range(5)]
    # 5 x 8 / 2 = 20 hours: Wednesday 11:00. The fourth: 4 x 8 / 2 = 16: in time.
    risk.mark_all(NOW)
    found = marks()
    assert set(found) == {queue[4].pk}
    assert found[queue[4].pk][0] == make.at("2024-06-05 11:00")
    assert "làm song song 2 hồ sơ" in found[queue[4].pk][1]


def test_with_four_samples_nothing_is_known_of_the_office() -> None:
    place = office(limit_value=30)
    finished(place, LAST_WEEK[:4])
    for _ in range(20):
        running(place, "2024-06-05")
    assert risk.mark_all(NOW) == 0


def test_without_samples_the_version_says_how_long_its_steps_take() -> None:
    place = office(limit_value=30, steps=(10, 10))
    running(place, "2024-06-05")  # 20 hours from Friday 16:00: Wednesday 10:00
    late = running(place, "2024-06-04")
    assert risk.mark_all(NOW) == 1
    assert marks()[late.pk][0] == make.at("2024-06-05 10:00")
    assert ": quy trình nội bộ cần 20 giờ làm việc; dự kiến" in marks()[late.pk][1]


def test_a_known_step_has_its_own_pace_and_those_that_follow_their_allotted_hours() -> None:
    place = office(limit_value=30, steps=(40, 12))
    step = place.version.steps.get(position=1)
    for day in LAST_WEEK:
        dossier = place.dossier(make.at(f"{day} 07:00"))
        _run(dossier, step.pk, make.at(f"{day} 07:00"), make.at(f"{day} 09:00"))
    late, early = running(place, "2024-06-04"), running(place, "2024-06-05")
    Dossier.objects.exclude(pk__in=[late.pk, early.pk]).update(lapses_at=None)
    for one in (late, early):
        _run(one, step.pk, make.at("2024-05-31 16:30"), None)
    # 2 + 12 hours: Tuesday 15:00. The second: 2 + 2 + 12 = 16: Tuesday 17:00.
    assert risk.mark_all(NOW) == 0
    Dossier.objects.filter(pk=early.pk).update(lapses_at=make.at("2024-06-04 16:59"))
    Dossier.objects.filter(pk=late.pk).update(lapses_at=make.at("2024-06-04 15:00"))
    assert risk.mark_all(NOW) == 1
    assert marks()[early.pk][0] == make.at("2024-06-04 17:00")
    known = pace.read({place.agency.pk: working_time(place.agency.calendar)}, NOW)
    assert known.hours[place.agency.pk, STEP, step.pk] == 2


def _run(dossier: Dossier, step: int, sent_at: datetime, done_at: datetime | None) -> None:
    StepRun.objects.create(
        dossier=dossier,
        leg=dossier.legs.get(),
        step_id=step,
        agency=dossier.held_by,
        sent_at=sent_at,
        acknowledged_at=sent_at,
        done_at=done_at,
    )


def test_what_takes_its_usual_time_is_not_at_risk_however_early_its_turn_comes() -> None:
    place = office(limit_value=30)
    finished(place, end="17:00")
    late = running(place, "2024-06-03")
    Dossier.objects.filter(pk=late.pk).update(accepted_at=make.at("2024-05-31 17:00"))
    assert risk.mark_all(NOW) == 0  # eight hours since Friday evening: today at 17:00
    Dossier.objects.filter(pk=late.pk).update(lapses_at=make.at("2024-06-03 16:59"))
    assert risk.mark_all(NOW) == 1


def test_each_office_has_its_own_queue() -> None:
    place = office(limit_value=30)
    finished(place)
    desk = make.agency(committee=place.agency, kind=Kind.OFFICE)
    for number in range(8):
        dossier = running(place, "2024-06-05")
        if number % 2:
            Dossier.objects.filter(pk=dossier.pk).update(held_by=desk)
    assert risk.mark_all(NOW) == 0


def test_suspended_and_overdue_dossiers_are_not_at_risk() -> None:
    place = office(limit_value=30, steps=(80,))
    waiting = running(place, "2024-06-04")
    place.do("supplement", waiting, NOW)
    overdue = running(place, "2024-05-31")
    assert risk.mark_all(NOW) == 0
    assert not RiskMark.objects.filter(dossier__in=[waiting, overdue]).exists()


def test_an_endless_queue_is_cut_at_a_year_s_work() -> None:
    place = office(limit_value=30, steps=(3000,))
    dossier = running(place, "2024-06-05")
    risk.mark_all(NOW)
    clock = working_time(default_calendar())
    hours = clock.shift_seconds_between(NOW, marks()[dossier.pk][0]) / 3600
    assert hours == risk.MOST_HOURS


def test_statements_do_not_grow_with_the_dossiers(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    place = office(limit_value=30, steps=(20,))
    for count in (1, 30):
        for _ in range(count):
            running(place, "2024-06-03")
        # queue, offices, steps, pace; a savepoint: stale ones locked, deleted, marks written
        with django_assert_num_queries(9):
            assert risk.mark_all(NOW) > 0
