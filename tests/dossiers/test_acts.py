"""Each act: what it changes, when it is refused, that its repetition is harmless."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from agencies.models import Role
from agencies.scope import scope_of
from dossiers import errors, lifecycle
from dossiers.lifecycle import Move
from dossiers.models import (
    Dossier,
    DossierEvent,
)
from tests import make
from tests.dossiers.acts import GIVEN, Office, office, written

pytestmark = pytest.mark.django_db
LATER = make.at("2024-06-14 17:00")

# Each act after a history that allows it, and how many statements it takes.
AFTER: dict[str, tuple[tuple[object, ...], ...]] = {
    "start": (),
    "supplement": (),
    "supplemented": (("supplement", "2024-06-04 09:00"),),
    "charge": (),
    "settle": (("charge", "2024-06-04 09:00"),),
    "extend": (),
    "finish": (),
    "hand_over": (("finish", "2024-06-04 09:00"),),
    "withdraw": (),
    "stop": (),
    "reopen": (("finish", "2024-06-04 09:00"),),
    "take_back": (("finish", "2024-06-04 09:00"), ("hand_over", "2024-06-04 10:00")),
    "send": (),
    "acknowledge": (("send", "2024-06-04 09:00"),),
    "recall": (("send", "2024-06-04 09:00"),),
    "assign": (),
    "ask": (),
    "answer": (("ask", "2024-06-04 09:00"),),
}
STATEMENTS = {
    "start": 7,
    "supplement": 18,
    "supplemented": 17,
    "charge": 14,
    "settle": 17,
    "extend": 12,
    "finish": 13,
    "hand_over": 10,
    "withdraw": 13,
    "stop": 16,
    "reopen": 13,
    "take_back": 8,
    "send": 10,
    "acknowledge": 14,
    "recall": 10,
    "assign": 9,
    "ask": 9,
    "answer": 8,
}


def prepared(act: str) -> tuple[Office, Dossier, dict[str, Any]]:
    """The office, a dossier that the act fits, what the act is given."""
    place = office()
    other = make.agency()
    receiver = make.staff(other)
    asked = {"of": other, "question": "Diện tích?"}
    details = {"send": {"to_agency": other}, "ask": asked}
    steps = [(name, moment, details.get(str(name), {})) for name, moment in AFTER[act]]
    given: dict[str, Any] = dict(asked) if act == "ask" else {}
    if act == "send":
        given["to_agency"] = other
    if act in {"acknowledge", "answer"}:
        given["actor"] = receiver
    if act == "assign":
        given["officer"] = make.staff(place.agency)
    if act == "extend":
        given["new_due_at"] = LATER
    dossier = place.history(*steps)
    if act == "answer":
        given |= {"opinion": dossier.opinions.get(), "conclusion": "agreed"}
    return place, dossier, given


@pytest.mark.parametrize("act", AFTER)
def test_the_same_request_again_changes_nothing(act: str) -> None:
    place, dossier, given = prepared(act)
    request_id = uuid4()
    first = place.do(act, dossier, make.at("2024-06-05 09:00"), request_id=request_id, **given)
    rows, before = written(), Dossier.objects.values().get()
    again = place.do(act, dossier, make.at("2024-06-05 09:01"), request_id=request_id, **given)
    assert again == first
    assert again.status == first.status
    assert written() == rows
    assert Dossier.objects.values().get() == before


@pytest.mark.parametrize("act", AFTER)
def test_each_act_takes_its_number_of_statements(
    act: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    place, dossier, given = prepared(act)
    dossier = Dossier.objects.get(pk=dossier.pk)
    with django_assert_num_queries(STATEMENTS[act]):
        place.do(act, dossier, make.at("2024-06-05 09:00"), **given)


@pytest.mark.parametrize("act", AFTER)
def test_a_stranger_may_do_nothing(act: str) -> None:
    place, dossier, given = prepared(act)
    rows = written()
    stranger = make.staff(make.agency(), Role.CLERK, Role.LEADER)
    with pytest.raises(errors.OutOfScope):
        place.do(act, dossier, make.at("2024-06-05 09:00"), **{**given, "actor": stranger})
    assert written() == rows


@pytest.mark.parametrize("act", ["extend", "stop", "reopen", "take_back"])
def test_a_clerk_may_not_decide_what_a_leader_decides(act: str) -> None:
    place, dossier, given = prepared(act)
    clerk = make.staff(place.agency, Role.CLERK, Role.OFFICER)
    with pytest.raises(errors.OutOfScope):
        place.do(act, dossier, make.at("2024-06-05 09:00"), **{**given, "actor": clerk})


@pytest.mark.parametrize("act", AFTER)
def test_who_saw_another_state_is_refused(act: str) -> None:
    place, dossier, given = prepared(act)
    seen = Dossier.objects.get(pk=dossier.pk)
    Dossier.objects.filter(pk=dossier.pk).update(held_by=make.agency())
    with pytest.raises(errors.DossierChanged):
        place.do(act, seen, make.at("2024-06-05 09:00"), **given)


def test_a_request_id_of_another_act_is_refused() -> None:
    place, request_id = office(), uuid4()
    dossier = place.do("start", place.dossier(), make.at("2024-06-04"), request_id=request_id)
    with pytest.raises(errors.RequestReplayed):
        place.do("finish", dossier, make.at("2024-06-04"), request_id=request_id)


@pytest.mark.parametrize("act", ["withdraw", "stop", "supplement", "extend"])
def test_a_reason_is_needed(act: str) -> None:
    place, dossier, given = prepared(act)
    with pytest.raises(errors.ReasonMissing):
        place.do(act, dossier, make.at("2024-06-05 09:00"), **{**given, "reason": "  "})


def test_before_the_acceptance_nothing_can_have_happened() -> None:
    place = office()
    with pytest.raises(errors.TooEarly):
        place.do("finish", place.dossier(), make.at("2024-06-03 08:59"))


def test_every_act_leaves_an_event_without_personal_data() -> None:
    place = office()
    dossier = place.dossier(holder=make.person("Hồ Văn Ất", citizen_id="051203000123"))
    place.do("withdraw", dossier, make.at("2024-06-04"), reason="Ông Ất xin rút")
    events = list(dossier.events.values("act", "from_status", "to_status", "due_before"))
    assert [(one["act"], one["from_status"], one["to_status"]) for one in events] == [
        ("accept", None, 2),
        ("withdraw", 2, 7),
    ]
    assert "Ất" not in str(list(DossierEvent.objects.values()))


def test_legal_moves_follow_state_and_role() -> None:
    place = office()
    dossier = Dossier.objects.get(pk=place.dossier().pk)
    clerk = make.staff(place.agency)
    by_clerk = lifecycle.legal_moves(dossier, scope_of(clerk, make.NOW.date()))
    by_leader = lifecycle.legal_moves(dossier, scope_of(place.leader, make.NOW.date()))
    assert set(by_leader) - set(by_clerk) == {Move.EXTEND, Move.STOP, Move.ASSIGN}
    assert Move.FINISH in by_clerk
    stranger = make.staff(make.agency(), Role.LEADER)
    assert lifecycle.legal_moves(dossier, scope_of(stranger, make.NOW.date())) == []


@pytest.mark.parametrize("act", AFTER)
def test_what_is_offered_can_be_done(act: str) -> None:
    place, dossier, given = prepared(act)
    actor = given.get("actor", place.leader)
    offered = lifecycle.legal_moves(dossier, scope_of(actor, make.NOW.date()))
    name = {"start": "start_processing", "ask": "ask_opinion", "answer": "answer_opinion"}
    assert name.get(act, act) in offered
    assert GIVEN.keys() <= AFTER.keys()
