"""The apology: drafted in time, signed once by a leader, told, and curing nothing."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from agencies.models import Role, User
from calendars.loading import working_time
from dossiers import apology, errors, slips
from dossiers.letters import Words, suggested
from dossiers.models import Apology, Dossier, LatenessCause, Leg, RiskMark, Slip
from notifications.models import Message
from tests import make
from tests.dossiers.acts import Office, office

pytestmark = pytest.mark.django_db
# Accepted on Monday 3 June, due on Monday 10 June at 17:00.
FRIDAY, MONDAY, TUESDAY = "2024-06-07 07:30", "2024-06-10 07:30", "2024-06-11 07:30"
HOLDER = {"phone": "0905123456", "email": "en@example.vn"}


def do(act: str, dossier: Dossier, actor: User, now: str = MONDAY, **given: Any) -> Dossier:
    acts: dict[str, Callable[..., Dossier]] = {
        "draft": apology.draft,
        "edit": apology.edit,
        "sign": apology.sign,
        "drop": apology.drop,
    }
    given.setdefault("request_id", uuid4())
    return acts[act](dossier, actor=actor, now=make.at(now), **given)


def cause(code: str = "staff") -> LatenessCause:
    return LatenessCause.objects.get(code=code)


def words(code: str = "staff", explanation: str = "", promised: str = "") -> Words:
    return Words(cause(code), explanation, make.at(promised) if promised else None)


def drafted(**holder: Any) -> tuple[Office, Dossier]:
    place = office()
    dossier = place.dossier(holder=make.person(**holder))
    apology.draft_all(make.at(FRIDAY))
    return place, dossier


def letter() -> Apology:
    return Apology.objects.get(dropped_at=None)


@pytest.mark.parametrize(
    ("moment", "count"),
    [("2024-06-06 17:30", 0), (FRIDAY, 1), ("2024-06-08 09:00", 1), (TUESDAY, 1)],
)
def test_a_draft_is_there_one_working_day_before_the_due_date(moment: str, count: int) -> None:
    office().dossier()
    assert apology.draft_all(make.at(moment)) == count
    assert apology.draft_all(make.at(moment)) == 0
    assert Apology.objects.count() == count


def test_the_draft_proposes_the_third_working_day_after_the_missed_one() -> None:
    drafted()
    assert letter().due_at == make.at("2024-06-10 17:00")
    assert letter().promised_at == make.at("2024-06-13 17:00")
    assert letter().drafted_by is None


def test_the_pace_of_the_office_may_ask_for_more() -> None:
    dossier = office().dossier()
    RiskMark.objects.create(
        dossier=dossier, expected_at=make.at("2024-06-22 09:00"), reason="x", since=make.NOW
    )
    apology.draft_all(make.at(FRIDAY))
    assert letter().promised_at == make.at("2024-06-24 17:00")  # a Saturday becomes Monday


def test_the_proposal_passes_over_holidays() -> None:
    clock = working_time(office().agency.calendar)
    due_at, now = make.at("2024-04-26 17:00"), make.at("2024-04-26 08:00")
    # Off from 27 April to 1 May; worked on 2, 3 and Saturday 4 May.
    assert suggested(due_at, clock, now) == make.at("2024-05-04 17:00")
    assert suggested(due_at, clock, make.at("2024-05-10 08:00")) == make.at("2024-05-15 17:00")


def test_a_signed_letter_promises_is_numbered_told_and_written_down() -> None:
    place, dossier = drafted(**HOLDER)
    Message.objects.all().delete()
    signed = do("sign", dossier, place.leader, words=words(explanation="Hai công chức nghỉ ốm"))
    assert signed.promised_at == make.at("2024-06-13 17:00")
    assert letter().signed_by == place.leader
    slip = Slip.objects.get(kind="apology")
    assert (slip.apology, slip.number) == (letter(), 1)
    event = dossier.events.get(act="apology")
    assert event.detail["cause"] == "Thiếu nhân lực, công chức vắng mặt"
    assert "ốm" not in str(event.detail)
    messages = Message.objects.order_by("channel")
    assert [(one.event, one.channel) for one in messages] == [
        ("apology", "email"),
        ("apology", "sms"),
    ]
    assert messages[0].context["promised"] == "17:00 13/06/2024"


def test_it_cures_nothing() -> None:
    place, dossier = drafted()
    dossier = do("sign", dossier, place.leader, words=words())
    place.do("finish", dossier, make.at("2024-06-13 09:00"))
    leg = Leg.objects.get()
    assert leg.outcome == "overdue"
    assert Dossier.objects.get().due_at == make.at("2024-06-10 17:00")


def test_neither_end_nor_handing_over_waits_for_a_letter() -> None:
    place, dossier = drafted()
    dossier = place.do("finish", dossier, make.at("2024-06-20 09:00"))
    place.do("hand_over", dossier, make.at("2024-06-20 10:00"))
    assert Apology.objects.get().dropped_at == make.at("2024-06-20 09:00")


def test_a_new_date_is_promised_once() -> None:
    place, dossier = drafted()
    dossier = do("sign", dossier, place.leader, words=words())
    for act in ("sign", "edit", "draft"):
        with pytest.raises(errors.AlreadyPromised):
            do(act, dossier, place.leader, TUESDAY, words=words())
    with pytest.raises(errors.AlreadyPromised):
        do("drop", dossier, place.leader, TUESDAY)
    assert apology.draft_all(make.at("2024-06-20 07:30")) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Apology.objects.create(dossier=dossier, due_at=make.NOW, drafted_at=make.NOW)


@pytest.mark.parametrize("change", [{"cause": None}, {"promised_at": None}, {"signed_by": None}])
def test_a_signed_letter_is_whole(change: dict[str, None]) -> None:
    place, dossier = drafted()
    do("sign", dossier, place.leader, words=words())
    with pytest.raises(IntegrityError), transaction.atomic():
        Apology.objects.update(**change)


def test_a_letter_promises_a_later_date() -> None:
    drafted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Apology.objects.update(promised_at=make.at("2024-06-10 17:00"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Words(), "cause"),
        ({"code": "other"}, "explanation"),
        ({"promised": "2024-06-10 17:00"}, "promised_at"),
        ({"promised": "2024-06-15 09:00"}, "promised_at"),
        ({"promised": "2099-06-15 09:00"}, "promised_at"),
    ],
)
def test_what_a_letter_must_say(given: Any, field: str) -> None:
    place, dossier = drafted()
    with pytest.raises(errors.ApologyInvalid) as refusal:
        do("sign", dossier, place.leader, words=given if given == Words() else words(**given))
    assert field in refusal.value.fields
    assert letter().signed_at is None


def test_a_clerk_writes_and_only_a_leader_signs() -> None:
    place, dossier = drafted()
    clerk = make.staff(place.agency, Role.CLERK, Role.OFFICER)
    do("edit", dossier, clerk, words=words("software", "Mất kết nối", "2024-06-12 10:00"))
    assert letter().explanation == "Mất kết nối"
    assert letter().signed_at is None
    with pytest.raises(errors.OutOfScope):
        do("sign", dossier, clerk)
    do("sign", dossier, place.leader)
    assert letter().promised_at == make.at("2024-06-12 10:00")
    assert letter().cause == cause("software")


@pytest.mark.parametrize("act", ["edit", "sign", "drop"])
def test_a_stranger_may_do_nothing(act: str) -> None:
    _, dossier = drafted()
    stranger = make.staff(make.agency(), Role.CLERK, Role.LEADER)
    given: dict[str, Any] = {} if act == "drop" else {"words": words()}
    with pytest.raises(errors.OutOfScope):
        do(act, dossier, stranger, **given)


def test_after_the_end_nothing_is_signed() -> None:
    place, dossier = drafted()
    dossier = place.do("finish", dossier, make.at(MONDAY))
    with pytest.raises(errors.MoveNotAllowed):
        do("sign", dossier, place.leader, TUESDAY, words=words())


def test_by_hand_a_letter_is_drafted_earlier_and_dropped_again() -> None:
    place = office()
    dossier = place.dossier()
    dossier = do("draft", dossier, place.leader, "2024-06-04 09:00", words=words("power"))
    assert (letter().drafted_by, letter().cause) == (place.leader, cause("power"))
    with pytest.raises(errors.DossierChanged):
        do("draft", dossier, place.leader, "2024-06-04 09:00")
    apology.draft_all(make.at("2024-06-04 10:00"))
    assert Apology.objects.get().dropped_at is None  # somebody's own stays
    do("drop", dossier, place.leader, "2024-06-04 11:00")
    with pytest.raises(errors.NoApology):
        do("sign", dossier, place.leader, "2024-06-04 12:00", words=words())


def test_a_suspended_dossier_has_no_date_to_miss() -> None:
    place, dossier = drafted()
    dossier = place.do("supplement", dossier, make.at(FRIDAY))
    for act in ("edit", "sign"):
        with pytest.raises(errors.MoveNotAllowed):
            do(act, dossier, place.leader, words=words())
    apology.draft_all(make.at("2024-06-07 09:00"))
    assert Apology.objects.get().dropped_at is not None


def test_a_due_date_that_moved_away_needs_no_letter() -> None:
    place, dossier = drafted()
    later = make.at("2024-06-28 17:00")
    dossier = place.do("extend", dossier, make.at(FRIDAY), new_due_at=later)
    assert apology.draft_all(make.at("2024-06-07 09:00")) == 0
    assert Apology.objects.get().dropped_at is not None
    assert apology.draft_all(make.at("2024-06-27 07:00")) == 1


@pytest.mark.parametrize("act", ["draft", "edit", "sign", "drop"])
def test_the_same_request_again_changes_nothing(act: str) -> None:
    if act == "draft":
        place = office()
        dossier = place.dossier()
    else:
        place, dossier = drafted()
    given: dict[str, Any] = {"request_id": uuid4()}
    if act != "drop":
        given["words"] = words()
    do(act, dossier, place.leader, **given)
    before = list(Apology.objects.values()), Slip.objects.count(), dossier.events.count()
    do(act, dossier, place.leader, **given)
    assert before == (
        list(Apology.objects.values()),
        Slip.objects.count(),
        dossier.events.count(),
    )


def test_signing_takes_its_number_of_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    place, dossier = drafted(**HOLDER)
    given = words()
    with django_assert_num_queries(14):
        do("sign", dossier, place.leader, words=given)


def test_drafting_takes_the_same_statements_for_one_and_for_twenty(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    place = office()
    for count, moment in ((1, FRIDAY), (20, MONDAY)):
        for _ in range(count):
            place.dossier()
        # calendars (twice), needless ones, the chunk and the empty one behind it, the drafts
        with django_assert_num_queries(5):
            assert apology.draft_all(make.at(moment)) == count


def test_slips_of_a_dossier_show_the_letter() -> None:
    place, dossier = drafted()
    dossier = do("sign", dossier, place.leader, words=words())
    assert "apology" in {paper.kind for paper in slips.of(dossier)}
