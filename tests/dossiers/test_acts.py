"""Each act: what it changes, when it is refused, that its repetition is harmless."""

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from agencies.models import Role
from agencies.scope import scope_of
from dossiers import errors, lifecycle
from dossiers.financial import Charge
from dossiers.lifecycle import Move
from dossiers.models import (
    ClockSpan,
    Dossier,
    DossierEvent,
    Extension,
    Leg,
    StepRun,
    SupplementRequest,
    Suspension,
    TallyDelta,
)
from dossiers.tally import bucket_start
from tests import make
from tests.dossiers.acts import GIVEN, Office, office, spans_of, timeline_of

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
}
STATEMENTS = {
    "start": 7,
    "supplement": 15,
    "supplemented": 16,
    "charge": 14,
    "settle": 16,
    "extend": 12,
    "finish": 12,
    "hand_over": 7,
    "withdraw": 12,
    "stop": 12,
    "reopen": 12,
    "take_back": 7,
    "send": 10,
    "acknowledge": 14,
}


def prepared(act: str) -> tuple[Office, Dossier, dict[str, Any]]:
    """The office, a dossier that the act fits, what the act is given."""
    place = office()
    other = make.agency()
    receiver = make.staff(other)
    steps = [
        (name, moment, {"to_agency": other} if name == "send" else {})
        for name, moment in AFTER[act]
    ]
    given: dict[str, Any] = {}
    if act == "send":
        given["to_agency"] = other
    if act == "acknowledge":
        given["actor"] = receiver
    if act == "extend":
        given["new_due_at"] = LATER
    return place, place.history(*steps), given


def written() -> list[int]:
    tables = (Dossier, DossierEvent, ClockSpan, Leg, TallyDelta, Suspension, SupplementRequest)
    return [table.objects.count() for table in (*tables, Extension, StepRun)]


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


@pytest.mark.parametrize(
    ("moment", "outcome"),
    [("2024-06-07 09:00", "early"), ("2024-06-10 16:00", "on_time"), ("2024-06-11", "overdue")],
)
def test_a_result_ends_the_clock(moment: str, outcome: str) -> None:
    dossier = office().history(("finish", moment))
    leg = dossier.legs.get()
    assert (dossier.status, dossier.ended_at) == (9, make.at(moment))
    assert (leg.outcome, leg.ended_at) == (outcome, dossier.ended_at)
    assert dossier.due_at == dossier.original_due_at


@pytest.mark.parametrize("act", ["withdraw", "stop"])
def test_an_end_without_result_is_never_early(act: str) -> None:
    dossier = office().history((act, "2024-06-04"))
    assert dossier.legs.get().outcome == "on_time"
    assert dossier.closing_reason


def test_a_supplement_stops_the_clock_and_its_completion_starts_it() -> None:
    place = office()
    dossier = place.history(("supplement", "2024-06-05 10:00"))
    assert (dossier.status, dossier.due_at, dossier.lapses_at) == (5, None, None)
    assert dossier.supplement_count == 1
    dossier = place.do("supplemented", dossier, make.at("2024-06-07 08:00"))
    assert (dossier.status, dossier.due_at) == (4, make.at("2024-06-12 17:00"))
    assert dossier.suspensions.get().ends_at == make.at("2024-06-07 08:00")
    assert dossier.supplements.get().completed_at == make.at("2024-06-07 08:00")


def test_restart_gives_the_whole_limit_anew() -> None:
    dossier = office(clock_policy="restart").history(
        ("supplement", "2024-06-05 10:00"), ("supplemented", "2024-06-07 08:00")
    )
    assert dossier.due_at == make.at("2024-06-14 17:00")


def test_a_second_supplement_is_refused() -> None:
    place = office()
    dossier = place.history(("supplement", "2024-06-05 10:00"))
    with pytest.raises(errors.SecondSupplement):
        place.do("supplement", dossier, make.at("2024-06-05 11:00"))
    dossier = place.do("supplemented", dossier, make.at("2024-06-06"))
    with pytest.raises(errors.SecondSupplement):
        place.do("supplement", dossier, make.at("2024-06-06"))


@pytest.mark.parametrize(
    ("history", "act"),
    [
        ([("supplement", "2024-06-04")], "finish"),
        ([("supplement", "2024-06-04")], "extend"),
        ([("finish", "2024-06-04")], "finish"),
        ([("finish", "2024-06-04")], "withdraw"),
        ([("finish", "2024-06-04")], "supplement"),
        ([("withdraw", "2024-06-04")], "hand_over"),
        ([("stop", "2024-06-04")], "reopen"),
        ([("start", "2024-06-04")], "start"),
        ([("start", "2024-06-04")], "hand_over"),
        ([("finish", "2024-06-04"), ("hand_over", "2024-06-04")], "reopen"),
    ],
)
def test_moves_that_the_law_forbids_are_refused(history: list[tuple[str, str]], act: str) -> None:
    place = office()
    dossier = place.history(*history)
    given: dict[str, Any] = {"new_due_at": LATER} if act == "extend" else {}
    rows = written()
    with pytest.raises(errors.MoveNotAllowed):
        place.do(act, dossier, make.at("2024-06-05"), **given)
    assert written() == rows


def test_the_table_of_moves_is_that_of_the_law() -> None:
    table = {int(a): sorted(map(int, b)) for a, b in lifecycle.ALLOWED.items()}
    assert table == {
        1: [2, 3, 5, 7],
        2: [4, 5, 6, 7, 8, 9],
        3: [],
        4: [5, 6, 7, 8, 9],
        5: [4, 7, 8],
        6: [4, 7, 8, 9],
        7: [],
        8: [],
        9: [10],
        10: [],
    }


def test_payment_stops_the_clock_until_it_is_settled() -> None:
    place = office(fee_vnd=0)
    dossier = place.dossier()
    with pytest.raises(errors.NothingToPay):
        place.do("charge", dossier, make.at("2024-06-05"))
    dossier = place.do(
        "charge", dossier, make.at("2024-06-05"), charges=[Charge("Thuế", 1_000_000)]
    )
    assert (dossier.status, dossier.due_at, dossier.financial_status) == (6, None, "due")
    dossier = place.do("settle", dossier, make.at("2024-06-07 08:00"))
    assert (dossier.status, dossier.financial_status) == (4, "settled")
    assert dossier.due_at == make.at("2024-06-12 17:00")
    assert dossier.fees.get().settled_at == make.at("2024-06-07 08:00")


def test_a_fee_is_waived_on_a_ground_without_moving_the_dossier() -> None:
    dossier = office().history(
        ("settle", "2024-06-04", {"waiver_ground": "Hộ nghèo"}),
    )
    assert (dossier.status, dossier.financial_status) == (2, "waived")
    assert dossier.fees.get().waiver_ground == "Hộ nghèo"


def test_done_while_waiting_for_payment_is_judged_as_if_it_had_been_paid_right_then() -> None:
    dossier = office().history(("charge", "2024-06-05"), ("finish", "2024-06-20 09:00"))
    leg = dossier.legs.get()
    assert leg.outcome == "early"
    assert spans_of(leg) == timeline_of(leg)
    assert dossier.suspensions.get().ends_at == dossier.ended_at
    assert dossier.due_at == make.at("2024-06-25 17:00")


def test_an_extension_moves_the_due_moment() -> None:
    dossier = office().history(("extend", "2024-06-05", {"new_due_at": LATER}))
    assert dossier.due_at == dossier.legs.get().due_at == LATER
    assert dossier.original_due_at == make.at("2024-06-10 17:00")
    assert dossier.extensions.get().old_due_at == dossier.original_due_at


@pytest.mark.parametrize(
    ("moment", "new_due"),
    [
        ("2024-06-05", "2024-06-10 17:00"),
        ("2024-06-05", "2024-06-07"),
        ("2024-06-11", "2024-06-14"),
    ],
)
def test_an_extension_goes_forward_and_comes_before_the_lapse(moment: str, new_due: str) -> None:
    place = office()
    dossier = place.dossier()
    with pytest.raises(errors.ExtensionInvalid):
        place.do("extend", dossier, make.at(moment), new_due_at=make.at(new_due))


def test_handing_over_is_not_the_end_of_the_clock() -> None:
    place = office()
    dossier = place.history(("finish", "2024-06-07"), ("hand_over", "2024-06-20"))
    assert (dossier.status, dossier.ended_at) == (10, make.at("2024-06-07"))
    assert dossier.returned_at == make.at("2024-06-20")
    dossier = place.do("take_back", dossier, make.at("2024-06-21"))
    assert (dossier.status, dossier.returned_at) == (9, None)


def test_a_correction_books_in_the_buckets_of_the_original_dates() -> None:
    place = office()
    dossier = place.history(("finish", "2024-06-07"), ("reopen", "2024-07-20"))
    assert (dossier.status, dossier.ended_at) == (4, None)
    assert dossier.due_at == make.at("2024-06-10 17:00")
    leg = dossier.legs.get()
    assert (leg.ended_at, leg.outcome, leg.lapses_at) == (None, "", make.at("2024-06-11"))
    assert counts() == {("2024-06-01", "received"): 1, ("2024-06-01", "lapsed"): 1}
    dossier = place.do("finish", dossier, make.at("2024-07-20"))
    assert dossier.legs.get().outcome == "overdue"


def counts() -> dict[tuple[str, str], int]:
    summed: dict[tuple[str, str], int] = {}
    for row in TallyDelta.objects.all():
        key = f"{bucket_start(row.bucket):%Y-%m-%d}", row.measure
        summed[key] = summed.get(key, 0) + row.amount
    return {key: amount for key, amount in summed.items() if amount}


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
    assert set(by_leader) - set(by_clerk) == {Move.EXTEND, Move.STOP}
    assert Move.FINISH in by_clerk
    stranger = make.staff(make.agency(), Role.LEADER)
    assert lifecycle.legal_moves(dossier, scope_of(stranger, make.NOW.date())) == []


@pytest.mark.parametrize("act", AFTER)
def test_what_is_offered_can_be_done(act: str) -> None:
    place, dossier, given = prepared(act)
    actor = given.get("actor", place.leader)
    offered = lifecycle.legal_moves(dossier, scope_of(actor, make.NOW.date()))
    assert act.replace("start", "start_processing") in offered
    assert GIVEN.keys() <= AFTER.keys()
