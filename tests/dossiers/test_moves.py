"""What each act does to state, clock and fees, and what the law forbids."""

from typing import Any

import pytest

from dossiers import errors, lifecycle
from dossiers.financial import Charge
from tests import make
from tests.dossiers.acts import counts, office, spans_of, timeline_of, written

pytestmark = pytest.mark.django_db
LATER = make.at("2024-06-14 17:00")


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
        ([("supplement", "2024-06-04")], "start"),
        ([("charge", "2024-06-04")], "start"),
        ([("charge", "2024-06-04")], "supplement"),
        ([("charge", "2024-06-04")], "supplemented"),
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
