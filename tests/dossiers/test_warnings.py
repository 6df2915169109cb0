"""Warnings before the due date: to the right people, on the right day, each once."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Kind, Level, Role, User
from dossiers import warnings
from dossiers.models import Dossier, WarningGiven, WarningPolicy
from dossiers.warning_levels import Levels
from notifications.models import Message, Notice
from tests import make
from tests.dossiers.acts import office

pytestmark = pytest.mark.django_db


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("title", flat=True))


def due_on(text: str, agency: Agency, officer: User | None = None) -> Dossier:
    """A dossier that is due at the end of that day."""
    dossier = make.dossier(agency=agency, now=make.at("2024-04-15 09:00"), officer=officer)
    due_at = make.at(f"{text} 17:00")
    lapses_at = make.at(text).replace(hour=0) + (make.at("2024-01-02") - make.at("2024-01-01"))
    Dossier.objects.filter(pk=dossier.pk).update(due_at=due_at, lapses_at=lapses_at)
    dossier.refresh_from_db()
    return dossier


def run(*moments: str) -> list[int]:
    return [warnings.warn_all(make.at(moment)) for moment in moments]


# Thursday 2 May 2024; 30 April and 1 May are holidays, 29 April is made up on Saturday 4 May.
@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2024-04-22 08:00", None),
        ("2024-04-24 08:00", "1 hồ sơ còn 3 ngày làm việc"),
        ("2024-04-25 08:00", "1 hồ sơ còn 2 ngày làm việc"),
        ("2024-04-26 16:59", "1 hồ sơ còn 1 ngày làm việc"),
        ("2024-04-30 09:00", None),  # a holiday: nobody works
        ("2024-05-02 06:59", None),  # before the shift
        ("2024-05-02 12:00", None),  # lunch
        ("2024-05-02 07:00", "1 hồ sơ đến hạn hôm nay"),
        ("2024-05-03 07:00", "1 hồ sơ đã quá hạn"),
        ("2024-05-04 08:00", "1 hồ sơ đã quá hạn"),  # a Saturday that is worked
        ("2024-05-20 08:00", None),  # no news any more
    ],
)
def test_working_days_are_counted_over_holidays(moment: str, words: str | None) -> None:
    commune = make.agency()
    officer = make.staff(commune)
    due_on("2024-05-02", commune, officer)
    run(moment)
    assert told(officer) == ([words] if words else [])


def test_officer_leaders_and_counter_are_told_and_nobody_else() -> None:
    commune = make.agency()
    counter = make.agency(committee=commune)
    other_office = make.agency(committee=commune, kind=Kind.OFFICE)
    officer, leader = make.staff(commune, Role.OFFICER), make.staff(commune, Role.LEADER)
    clerk, elsewhere = make.staff(counter), make.staff(other_office, Role.LEADER, Role.CLERK)
    gone = make.staff(commune, Role.LEADER, until=make.at("2024-01-01").date())
    bystander = make.staff(commune, Role.OFFICER)
    dossier = due_on("2024-06-06", commune, officer)
    Dossier.objects.filter(pk=dossier.pk).update(lodged_at=counter)
    assert run("2024-06-05 09:00") == [3]
    assert [told(one) for one in (officer, leader, clerk)] == [["1 hồ sơ còn 1 ngày làm việc"]] * 3
    assert [told(one) for one in (elsewhere, gone, bystander)] == [[], [], []]
    assert Notice.objects.filter(user=clerk).get().url == dossier.get_absolute_url()


def test_a_leader_of_the_office_itself_spares_those_of_the_committee() -> None:
    commune = make.agency()
    desk = make.agency(committee=commune, kind=Kind.OFFICE)
    chief, mayor = make.staff(desk, Role.LEADER), make.staff(commune, Role.LEADER)
    dossier = due_on("2024-06-06", commune)
    Dossier.objects.filter(pk=dossier.pk).update(held_by=desk, officer=None)
    run("2024-06-05 09:00")
    assert (len(told(chief)), told(mayor)) == (1, [])


def test_each_dossier_day_and_user_once_and_a_new_officer_is_told_too() -> None:
    commune = make.agency()
    first, second = make.staff(commune, Role.OFFICER), make.staff(commune, Role.OFFICER)
    dossier = due_on("2024-06-06", commune, first)
    assert run("2024-06-05 09:00", "2024-06-05 09:15") == [1, 0]
    Dossier.objects.filter(pk=dossier.pk).update(officer=second)
    assert run("2024-06-05 09:30", "2024-06-06 09:00") == [1, 1]
    assert (len(told(first)), len(told(second))) == (1, 2)


def test_many_dossiers_are_one_notice_and_one_mail() -> None:
    commune = make.agency()
    officer = make.staff(commune)
    User.objects.filter(pk=officer.pk).update(email="dao@example.vn")
    for day in ["2024-06-06"] * 7 + ["2024-06-07"] * 2:
        due_on(day, commune, officer)
    assert run("2024-06-05 09:00") == [9]
    assert sorted(told(officer)) == ["2 hồ sơ còn 2 ngày làm việc", "7 hồ sơ còn 1 ngày làm việc"]
    notice = Notice.objects.get(title__startswith="7")
    assert (notice.url, notice.body.count(";")) == ("/viec/?list=d1", 5)
    assert notice.body.endswith("và 2 hồ sơ khác")
    mail = Message.objects.get()
    assert (mail.channel, mail.event, mail.context["count"]) == ("email", "due_soon", 9)
    assert mail.context["lines"].count("\n") == 8
    assert "Én" not in str(mail.context)


def test_suspended_and_ended_dossiers_warn_nobody() -> None:
    place = office()
    waiting = place.history(("supplement", "2024-06-04 09:00"))
    done = place.history(("finish", "2024-06-04 10:00"))
    assert waiting.due_at is None
    assert done.ended_at is not None
    assert run("2024-06-07 09:00", "2024-06-10 09:00", "2024-06-11 09:00") == [0, 0, 0]


def test_the_nearest_policy_upwards_holds() -> None:
    province = make.agency(level=Level.PROVINCE)
    commune = make.agency(parent=province)
    counter = make.agency(committee=commune)
    assert Levels.read().of(counter.pk) == [1, 2, 3]
    WarningPolicy.objects.create(agency=province, days=[5])
    assert Levels.read().of(counter.pk) == [5]
    assert Levels.read().furthest == 5
    WarningPolicy.objects.create(agency=commune, days=[])
    assert Levels.read().of(counter.pk) == []
    assert Levels.read().of(make.agency().pk) == [1, 2, 3]


def test_without_days_only_the_due_day_and_the_overdue_are_told() -> None:
    commune = make.agency()
    officer = make.staff(commune)
    WarningPolicy.objects.create(agency=commune, days=[])
    due_on("2024-06-06", commune, officer)
    assert run("2024-06-05 09:00", "2024-06-06 09:00", "2024-06-07 09:00") == [0, 1, 1]


def test_statements_are_the_same_for_two_and_for_twenty_dossiers(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    commune = make.agency()
    officer = make.staff(commune, Role.CLERK, Role.LEADER)
    for _ in range(2):
        due_on("2024-06-06", commune, officer)
    run("2024-06-05 09:00")
    for count, moment in ((2, "2024-06-06 09:00"), (20, "2024-06-07 09:00")):
        for _ in range(count):
            due_on("2024-06-06", commune, officer)
        # calendars, agencies, policies, staff (2), the chunk and the empty one behind it;
        # ledger, notices and addresses between a savepoint and its release
        with django_assert_num_queries(12):
            assert warnings.warn_all(make.at(moment)) > 0


def test_what_has_ended_is_forgotten() -> None:
    place = office()
    dossier = place.dossier()
    WarningGiven.objects.create(dossier=dossier, user=place.leader, days=1, at=make.NOW)
    assert warnings.forget_ended() == 0
    place.do("finish", dossier, make.at("2024-06-04 09:00"))
    assert warnings.forget_ended() == 1


def test_the_same_warning_twice_cannot_be() -> None:
    place = office()
    row = {"dossier": place.dossier(), "user": place.leader, "days": 1, "at": make.NOW}
    WarningGiven.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        WarningGiven.objects.create(**row)


def test_a_hour_based_limit_lapses_at_its_instant() -> None:
    place = office(limit_value=4, limit_unit="working_hour")
    place.dossier()
    moments: list[datetime] = [make.at("2024-06-03 10:00"), make.at("2024-06-03 15:00")]
    assert [warnings.warn_all(moment) for moment in moments] == [1, 1]
    assert told(place.leader) == ["1 hồ sơ đến hạn hôm nay", "1 hồ sơ đã quá hạn"]
