"""The result goes to the citizen: to whom, how, signed where, and what was still to be paid."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from dossiers import errors, handover
from dossiers.models import Dossier, DossierEvent, FeeDue, Handover, StoredFile
from tests import make
from tests.dossiers.acts import Office, office
from tests.dossiers.test_opinions import make_file

pytestmark = pytest.mark.django_db
LATER = make.at("2024-06-05 09:00")


def done(place: Office) -> Dossier:
    return place.history(("finish", "2024-06-04 09:00"))


def give(place: Office, dossier: Dossier, **given: Any) -> Dossier:
    return place.do("hand_over", dossier, LATER, **given)


def test_at_the_counter_to_the_holder_unless_told_otherwise() -> None:
    place = office()
    dossier = give(place, done(place))
    row = Handover.objects.get()
    assert (row.method, row.receiver, row.at, row.handed_by) == (
        "counter",
        "holder",
        LATER,
        place.leader,
    )
    assert (dossier.status, dossier.returned_at) == (10, LATER)
    assert DossierEvent.objects.get(act="hand_over").detail == {
        "method": "counter",
        "receiver": "holder",
        "fees": "settled",
    }


def test_what_is_due_is_settled_or_waived_in_the_same_act() -> None:
    place = office()
    dossier = done(place)
    with pytest.raises(errors.FeesUnsettled):
        give(place, dossier, settle=False)
    assert not Handover.objects.exists()
    assert give(place, dossier, waiver_ground="Hộ nghèo").financial_status == "waived"
    assert FeeDue.objects.get().waiver_ground == "Hộ nghèo"


def test_overdue_blocks_nothing() -> None:
    place = office()
    dossier = place.history(("finish", "2024-07-30 09:00"))
    assert dossier.legs.get().outcome == "overdue"
    dossier = place.do("hand_over", dossier, make.at("2024-07-30 10:00"))
    assert dossier.status == 10


def test_by_post_with_its_number_and_electronically() -> None:
    place = office()
    give(place, done(place), method="post", post_number=" RN123456789VN ")
    give(place, done(place), method="electronic", post_number="không ghi")
    assert list(Handover.objects.order_by("pk").values_list("method", "post_number")) == [
        ("post", "RN123456789VN"),
        ("electronic", ""),
    ]


def test_an_authorised_receiver_is_named_and_only_he() -> None:
    place = office()
    dossier = done(place)
    with pytest.raises(errors.ReceiptInvalid) as refused:
        give(place, dossier, receiver="authorised", receiver_name=" ")
    assert "receiver_name" in refused.value.fields
    for wrong in ({"method": "pigeon"}, {"receiver": "neighbour"}):
        with pytest.raises(errors.ReceiptInvalid):
            give(place, dossier, **wrong)
    give(place, dossier, receiver="authorised", receiver_name="Lê Thị Ổi")
    give(place, done(place), receiver_name="Lê Thị Ổi")
    assert list(Handover.objects.order_by("pk").values_list("receiver_name", flat=True)) == [
        "Lê Thị Ổi",
        "",
    ]
    # A name is personal: it stands in the register's snapshot, not in the history.
    assert "Ổi" not in str(list(DossierEvent.objects.values_list("detail", flat=True)))


def test_a_signature_on_the_screen_is_kept_with_it() -> None:
    place = office()
    dossier = done(place)
    strange, paper = make_file(make.user()), make_file(place.leader, "application/pdf")
    for wrong in (strange.public_id, paper.public_id, uuid4()):
        with pytest.raises(errors.FileRefused):
            give(place, dossier, signature_id=wrong)
    signature = make_file(place.leader)
    give(place, dossier, signature_id=signature.public_id)
    assert Handover.objects.get().signature == signature
    signature.refresh_from_db()
    assert signature.retention == StoredFile.Retention.DOSSIER
    with pytest.raises(errors.FileRefused):  # it is another dossier's already
        give(place, done(place), signature_id=signature.public_id)


def test_one_taken_back_keeps_its_row_and_another_follows() -> None:
    place = office()
    dossier = give(place, done(place))
    dossier = place.do("take_back", dossier, make.at("2024-06-06"))
    assert dossier.status == 9
    place.do("hand_over", dossier, make.at("2024-06-07"))
    first, second = Handover.objects.order_by("pk")
    assert first.taken_back_at == make.at("2024-06-06")
    assert second.taken_back_at is None


def test_a_second_click_hands_over_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    place, key = office(), uuid4()
    dossier = done(place)
    # Savepoint and its release, lock, repetition, permission, fees, hand-over, runs, row, event.
    with django_assert_num_queries(10):
        handover.hand_over(dossier, actor=place.leader, now=LATER, request_id=key, settle=True)
    give(place, dossier, request_id=key)
    assert Handover.objects.count() == 1
    assert DossierEvent.objects.filter(act="hand_over").count() == 1


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("handover_one_at_a_time", {"taken_back_at": None}),
        ("handover_to_somebody_named", {"receiver": "authorised", "receiver_name": ""}),
    ],
)
def test_rows_that_make_no_sense_are_refused(name: str, fields: dict[str, Any]) -> None:
    place = office()
    dossier = give(place, done(place))
    dossier = place.do("take_back", dossier, make.at("2024-06-06"))
    place.do("hand_over", dossier, make.at("2024-06-07"))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Handover.objects.filter(taken_back_at__isnull=False).update(**fields)
