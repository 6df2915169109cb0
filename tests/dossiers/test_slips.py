"""Numbers of slips and lines of the register: without gaps, given by the acts themselves."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from dossiers import errors, intake, numbering, slips, stopping, submission, supplement
from dossiers.models import (
    Dossier,
    RegisterClosing,
    RegisterCounter,
    Slip,
    SlipCounter,
    SlipKind,
    SlipPrint,
)
from tests import make
from tests.dossiers.acts import office

pytestmark = pytest.mark.django_db
LATER = make.at("2024-06-04 09:00")


def broken(name: str, model: Any, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(**values)


def test_acceptance_writes_the_register_s_next_line() -> None:
    place = office()
    lines = [place.dossier() for _ in range(3)]
    assert [one.register_number for one in lines] == [1, 2, 3]
    stored = Dossier.objects.get(pk=lines[-1].pk)
    assert (stored.register_year, stored.register_volume, stored.register_number) == (2024, 1, 3)


def test_an_online_dossier_gets_its_line_when_it_is_accepted() -> None:
    place = office()
    wanted = make.request(place.agency, place.version, channel="online", submitted_at=make.NOW)
    waiting = submission.submit(wanted, actor=None, now=make.NOW)
    assert waiting.register_number is None
    submission.accept(waiting, actor=place.leader, now=LATER, request_id=uuid4())
    accepted = Dossier.objects.get(pk=waiting.pk)
    assert (accepted.register_volume, accepted.register_number) == (1, 1)


def test_a_full_volume_is_followed_by_the_next_from_one() -> None:
    agency = make.agency()
    RegisterCounter.objects.create(agency=agency, year=2024, volume=1, last=1, size=3)
    lines = [numbering.next_numbers(agency, make.NOW)[2:] for _ in range(6)]
    assert lines == [(1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1)]


def test_each_year_begins_a_register_of_its_own() -> None:
    agency = make.agency()
    numbering.next_numbers(agency, make.at("2024-12-31 16:59"))
    assert numbering.next_numbers(agency, make.at("2025-01-02 07:30"))[1:] == (2025, 1, 1)


def test_a_refused_intake_leaves_no_gap() -> None:
    place = office()
    wanted = make.request(place.agency, place.version)
    with pytest.raises(errors.OutOfScope):
        intake.accept(wanted, officer=make.user(), now=make.NOW)
    assert place.dossier().register_number == 1


def test_the_acts_issue_their_slips() -> None:
    place = office()
    stopped = place.history(("stop", "2024-06-04 09:00"))
    place.history(("supplement", "2024-06-04 09:00"))
    second = place.history(("supplement", "2024-06-05 09:00"))
    waiting = submission.submit(
        make.request(place.agency, place.version, channel="online", submitted_at=make.NOW),
        actor=None,
        now=make.NOW,
    )
    submission.refuse(
        waiting, actor=place.leader, now=LATER, request_id=uuid4(), reason="Không thuộc thẩm quyền"
    )
    issued = Slip.objects.order_by("kind", "number").values_list("kind", "number", "year")
    assert list(issued) == [
        ("refusal", 1, 2024),
        ("stop", 1, 2024),
        ("supplement", 1, 2024),
        ("supplement", 2, 2024),
    ]
    assert Slip.objects.get(dossier=stopped).agency == place.agency
    assert Slip.objects.get(dossier=second).supplement == second.supplements.get()


def test_the_same_act_again_issues_nothing() -> None:
    place, request_id = office(), uuid4()
    dossier = place.dossier()
    for _ in range(2):
        stopping.stop(
            dossier, actor=place.leader, now=LATER, request_id=request_id, reason="Không đủ"
        )
    assert SlipCounter.objects.get().last == Slip.objects.get().number == 1


def test_a_refused_act_gives_its_number_back() -> None:
    place = office()
    dossier = place.history(("supplement", "2024-06-04 09:00"))
    with pytest.raises(errors.SecondSupplement):
        supplement.request(
            dossier,
            actor=place.leader,
            now=make.at("2024-06-05 09:00"),
            request_id=uuid4(),
            items=["Đơn"],
            reason="Thiếu",
        )
    assert SlipCounter.objects.get().last == 1


def test_numbers_run_by_agency_kind_and_year() -> None:
    one, other = make.agency(), make.agency()
    asked = [
        (one, "stop", make.NOW),
        (one, "stop", make.NOW),
        (one, "refusal", make.NOW),
        (other, "stop", make.NOW),
        (one, "stop", make.at("2025-01-02 08:00")),
    ]
    given = [numbering.next_slip(*each) for each in asked]
    assert given == [(2024, 1), (2024, 2), (2024, 1), (2024, 1), (2025, 1)]


def test_a_dossier_tells_which_papers_it_has() -> None:
    place = office()
    dossier = place.history(("supplement", "2024-06-04 09:00"))
    found = [(paper.kind, paper.number) for paper in slips.of(dossier)]
    assert found == [("receipt", None), ("supplement", 1), ("control_slip", None)]


def test_the_papers_of_a_dossier_are_one_query(django_assert_num_queries: Any) -> None:
    dossier = office().history(("supplement", "2024-06-04 09:00"))
    with django_assert_num_queries(1):
        slips.of(dossier)


def test_what_the_tables_hold() -> None:
    place = office()
    dossier = place.history(("stop", "2024-06-04 09:00"))
    slip = Slip.objects.get()
    same = {"dossier": dossier, "agency": place.agency, "year": 2024, "issued_at": LATER}
    broken("slip_issued_once", Slip, kind="stop", number=2, **same)
    broken("slip_tells_of_what", Slip, kind="supplement", number=2, **same)
    broken("slip_tells_of_what", Slip, kind="register", number=2, **same)
    other = {**same, "dossier": place.dossier()}
    broken("slip_numbered_once", Slip, kind="stop", number=1, **other)
    broken(
        "slip_counter_one_per_year",
        SlipCounter,
        agency=place.agency,
        year=2024,
        kind="stop",
        last=9,
    )
    printed = {"slip": slip, "printed_at": LATER, "printed_by": place.leader}
    first = SlipPrint.objects.create(request_id=uuid4(), **printed)
    broken("request_id", SlipPrint, request_id=first.request_id, **printed)
    line = {"agency": place.agency, "year": 2024, "volume": 1}
    broken("register_one_per_year", RegisterCounter, last=1, **line)
    broken(
        "register_volume_not_overfull", RegisterCounter, last=2, size=1, **{**line, "year": 2025}
    )
    closed = {**line, "closed_at": LATER, "closed_by": place.leader}
    broken("register_volume_has_lines", RegisterClosing, last=0, request_id=uuid4(), **closed)
    RegisterClosing.objects.create(last=1, request_id=uuid4(), **closed)
    broken("register_volume_closed_once", RegisterClosing, last=1, request_id=uuid4(), **closed)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("dossier_registered_once", {"register_number": 1}),
        ("dossier_registered_wholly", {"register_volume": None}),
    ],
)
def test_a_line_of_the_register_is_one_dossier_s(name: str, changes: dict[str, Any]) -> None:
    place = office()
    place.dossier()
    second = place.dossier()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Dossier.objects.filter(pk=second.pk).update(**changes)


def test_receipt_and_control_slip_have_no_number() -> None:
    dossier = make.dossier()
    issued = [
        slips.issue(dossier, kind, actor=None, now=LATER)
        for kind in (SlipKind.RECEIPT, SlipKind.CONTROL_SLIP, SlipKind.RECEIPT)
    ]
    assert [slip.number for slip in issued] == [None] * 3
    assert issued[0] == issued[2]
