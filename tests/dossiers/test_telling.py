"""What the citizen is told by which act: in its transaction, by one INSERT, without names."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from dossiers import intake, submission
from dossiers.errors import MoveNotAllowed
from dossiers.models import DossierEvent
from motcua.secrets import decrypt
from notifications.models import Message
from tests import make
from tests.dossiers.acts import office

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "0905123456", "en@example.vn"
HOLDER = make.person("Hồ Thị Bưởi", phone=PHONE, email=EMAIL)


def told() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("event", "channel"))


@pytest.mark.parametrize(
    ("act", "event"),
    [
        ("supplement", "supplement"),
        ("charge", "financial"),
        ("finish", "ready"),
        ("stop", "stopped"),
        ("start", None),
        ("withdraw", None),
    ],
)
def test_some_acts_are_told_and_some_are_not(act: str, event: str | None) -> None:
    place = office()
    dossier = place.dossier(holder=HOLDER)
    assert told() == [("accepted", "sms"), ("accepted", "email")]
    Message.objects.all().delete()
    place.do(act, dossier, make.at("2024-06-04 09:00"))
    assert told() == ([(event, "sms"), (event, "email")] if event else [])


def test_handing_over_and_sending_on_are_not_told() -> None:
    place = office()
    dossier = place.dossier(holder=HOLDER)
    sent = place.do("send", dossier, make.at("2024-06-04 08:00"), to_agency=make.agency())
    place.do("finish", sent, make.at("2024-06-04 09:00"))
    assert {event for event, _ in told()} == {"accepted", "ready"}


def test_a_refusal_is_told_though_there_is_no_code() -> None:
    place = office()
    wanted = make.request(place.agency, place.version, holder=HOLDER, channel="online")
    dossier = submission.submit(wanted, actor=None, now=make.NOW)
    assert told() == []
    place_and_time: dict[str, Any] = {"actor": place.leader, "now": make.NOW}
    request_id = make.request(place.agency, place.version).intake_key
    submission.refuse(dossier, **place_and_time, request_id=request_id, reason="Sai nơi nộp")
    assert told() == [("refused", "sms"), ("refused", "email")]
    assert "Sai" not in str(list(Message.objects.values("context")))


def test_the_context_names_no_one_and_the_recipient_is_a_cipher() -> None:
    dossier = office().dossier(holder=HOLDER)
    sms, email = Message.objects.order_by("pk")
    assert decrypt(sms.recipient) == PHONE
    assert decrypt(email.recipient) == EMAIL
    holder = type(dossier.holder).objects.get()
    assert bytes(sms.recipient) == bytes(holder.phone_cipher or b"")  # as it is, unread
    assert "Bưởi" not in str(sms.context)
    assert PHONE not in str(sms.context)
    assert sms.context["due"] == "17:00 10/06/2024"
    assert sms.about == dossier.public_id


@pytest.mark.parametrize(
    ("contact", "channels"),
    [({}, []), ({"phone": PHONE}, ["sms"]), ({"email": EMAIL}, ["email"])],
)
def test_who_cannot_be_reached_is_not_told(contact: dict[str, str], channels: list[str]) -> None:
    office().dossier(holder=make.person(**contact))
    assert [channel for _, channel in told()] == channels


def test_the_applicant_is_told_of_a_holder_without_a_phone() -> None:
    place = office()
    child, mother = make.person("Bé Na"), make.person("Trần Thị Mẹ", phone=PHONE)
    wanted = make.request(place.agency, place.version, holder=child, applicant=mother)
    dossier = intake.accept(wanted, officer=place.leader, now=make.NOW)
    place.do("finish", dossier, make.at("2024-06-04 09:00"))
    assert told() == [("accepted", "sms"), ("ready", "sms")]


def test_a_known_person_is_reached_by_the_phone_that_was_kept() -> None:
    place = office()
    number = "051203000123"
    place.dossier(holder=make.person(citizen_id=number, phone=PHONE))
    place.dossier(holder=make.person(citizen_id=number))
    assert len(told()) == 2


def test_what_is_solved_on_the_spot_sends_nobody_home_with_a_message() -> None:
    place = office(immediate=True)
    dossier = place.dossier(holder=HOLDER)
    place.do("finish", dossier, make.at("2024-06-03 09:05"))
    assert told() == []


def test_what_is_not_done_is_not_told() -> None:
    place = office()
    dossier = place.do("finish", place.dossier(holder=HOLDER), make.at("2024-06-04 09:00"))
    before = told()
    with pytest.raises(MoveNotAllowed):
        place.do("stop", dossier, make.at("2024-06-05 09:00"))
    assert told() == before


def test_telling_costs_an_act_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    place = office()
    dossier = place.dossier(holder=HOLDER)
    with django_assert_num_queries(14):  # 13 without
        place.do("finish", dossier, make.at("2024-06-04 09:00"))


def test_intake_stays_within_twelve_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    place = office()
    place.dossier()  # the calendar is loaded
    version = type(place.version).objects.get(pk=place.version.pk)
    wanted = make.request(
        place.agency, version, holder=HOLDER, applicant=make.person("Trần Văn Dũng")
    )
    with django_assert_num_queries(11):
        intake.accept(wanted, officer=place.leader, now=make.NOW)
    assert DossierEvent.objects.filter(act="accept").count() == 2
