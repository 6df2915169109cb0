"""The screens of lateness: lists, letters, many at once, levels of warning."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Role, User
from dossiers import apology, lateness, risk
from dossiers.models import Apology, Dossier, LatenessCause, RiskMark, WarningPolicy
from notifications.models import Message
from tests import make
from tests.dossiers.acts import Office, office

pytestmark = pytest.mark.django_db
FRIDAY, TUESDAY = make.at("2024-06-07 07:30"), make.at("2024-06-11 07:30")


@pytest.fixture(autouse=True)
def _clock(time_machine: Any) -> None:
    time_machine.move_to(TUESDAY, tick=False)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def late(count: int = 1) -> tuple[Office, list[Dossier], Client]:
    """Overdue since this morning, with drafts."""
    place = office()
    dossiers = [place.dossier() for _ in range(count)]
    apology.draft_all(FRIDAY)
    return place, dossiers, signed_in(place.leader)


def typed(dossier: Dossier, do: str, **given: Any) -> dict[str, Any]:
    cause = LatenessCause.objects.get(code="staff").pk
    values = {"request_id": uuid4(), "seen": dossier.status, "cause": cause, "do": do}
    return {**values, "promised_at": "2024-06-14T17:00", **given}


def test_each_list_shows_its_own() -> None:
    _, (first, second), client = late(2)
    Apology.objects.filter(dossier=second).delete()
    running = office().dossier()  # elsewhere
    RiskMark.objects.create(
        dossier=first, expected_at=TUESDAY, reason="Văn phòng còn 14 hồ sơ trước", since=FRIDAY
    )
    shown = {
        slug: client.get(f"/qua-han/?list={slug}").content.decode()
        for slug in ("drafts", "without", "signed", "risk")
    }
    three = (first, second, running)
    codes = {slug: [str(one.code) in page for one in three] for slug, page in shown.items()}
    assert codes == {
        "drafts": [True, False, False],
        "without": [True, True, False],
        "signed": [False, False, False],
        "risk": [True, False, False],
    }
    assert "còn 14 hồ sơ trước" in shown["risk"]
    assert client.get("/qua-han/?list=ghosts").status_code == 422


def test_a_leader_writes_and_signs_a_letter() -> None:
    _, (dossier,), client = late()
    address = f"/qua-han/{dossier.public_id}/"
    assert "Ký và hẹn lại" in client.get(address).content.decode()
    saved = client.post(address, typed(dossier, "save", explanation="Nghỉ ốm"))
    assert (saved.status_code, saved["Location"]) == (302, address)
    assert client.post(address, typed(dossier, "sign")).status_code == 302
    letter = Apology.objects.get()
    assert letter.signed_at == TUESDAY
    assert (letter.explanation, letter.promised_at) == ("Nghỉ ốm", make.at("2024-06-14 17:00"))
    page = client.get(address).content.decode()
    assert "14/06/2024 17:00" in page
    assert "Ký và hẹn lại" not in page
    assert str(dossier.code) not in client.get("/qua-han/?list=without").content.decode()
    assert str(dossier.code) in client.get("/qua-han/?list=signed&cause=staff").content.decode()
    assert str(dossier.code) not in client.get("/qua-han/?list=signed&cause=power").content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"promised_at": "2024-06-01T09:00"}, "Phải sau ngày hẹn cũ"),
        ({"cause": ""}, "Cần chọn nguyên nhân"),
        ({"seen": 4}, "vừa được người khác cập nhật"),
        ({"promised_at": "soon"}, "Hẹn trả lại"),
    ],
)
def test_a_refused_letter_comes_back_with_the_reason(given: dict[str, Any], words: str) -> None:
    _, (dossier,), client = late()
    answer = client.post(f"/qua-han/{dossier.public_id}/", typed(dossier, "sign", **given))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Apology.objects.get().signed_at is None


def test_a_draft_is_made_by_hand_and_dropped() -> None:
    place = office()
    dossier, client = place.dossier(TUESDAY), signed_in(place.leader)
    address = f"/qua-han/{dossier.public_id}/"
    given = {"promised_at": "2024-06-28T17:00"}
    assert client.post(address, typed(dossier, "save", **given)).status_code == 302
    assert client.post(address, typed(dossier, "drop", **given)).status_code == 302
    assert Apology.objects.get().dropped_at is not None


def test_a_clerk_sees_no_button_to_sign() -> None:
    place, (dossier,), _ = late()
    client = signed_in(make.staff(place.agency))
    page = client.get(f"/qua-han/{dossier.public_id}/").content.decode()
    assert "Lưu dự thảo" in page
    assert "Ký và hẹn lại" not in page
    assert "sign-many" not in client.get("/qua-han/").content.decode()
    assert client.post("/qua-han/ky/").status_code == 403


def test_many_letters_are_signed_at_once_and_a_double_click_signs_none_twice() -> None:
    _, dossiers, client = late(3)
    stranger = office()
    foreign = stranger.dossier()
    apology.draft_all(FRIDAY)
    Apology.objects.filter(dossier=dossiers[2]).update(dropped_at=FRIDAY)
    cause = LatenessCause.objects.get(code="power")
    ids = [str(one.public_id) for one in (*dossiers, foreign)]
    given = {"many-request_id": uuid4(), "many-cause": cause.pk, "dossier": [*ids, "junk"]}
    for _ in range(2):
        assert client.post("/qua-han/ky/", given).status_code == 302
    signed = Apology.objects.filter(signed_at__isnull=False)
    assert set(signed.values_list("dossier", "cause")) == {
        (one.pk, cause.pk) for one in dossiers[:2]
    }
    page = client.get("/qua-han/").content.decode()
    assert "Đã ký 2 thư xin lỗi" in page
    assert f"{dossiers[2].code}: Hồ sơ không có dự thảo" in page


def test_nothing_ticked_signs_nothing() -> None:
    _, _, client = late()
    client.post("/qua-han/ky/", {"many-request_id": uuid4()})
    assert "Chưa chọn thư nào" in client.get("/qua-han/").content.decode()


def test_a_stranger_finds_no_letter() -> None:
    _, (dossier,), _ = late()
    client = signed_in(make.staff(make.agency(), Role.LEADER))
    assert client.get(f"/qua-han/{dossier.public_id}/").status_code == 404
    assert client.post(f"/qua-han/{dossier.public_id}/", {"do": "sign"}).status_code == 404
    assert str(dossier.code) not in client.get("/qua-han/").content.decode()


def test_pages_take_their_number_of_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    _, dossiers, client = late(22)
    risk.mark_all(FRIDAY)
    client.get("/qua-han/")
    # who asks and the scope; the page and what its rows need; four counts; causes for two forms
    with django_assert_num_queries(19):
        client.get("/qua-han/")
    with django_assert_num_queries(10):
        client.get(f"/qua-han/{dossiers[0].public_id}/")


def test_an_agency_sets_its_levels() -> None:
    place = office()
    client = signed_in(place.leader)
    page = client.get("/canh-bao/muc/").content.decode()
    assert "1, 2, 3 ngày làm việc" in page
    given = {"agency": place.agency.code, "days": ["1", "5"]}
    assert client.post("/canh-bao/muc/", given).status_code == 302
    assert WarningPolicy.objects.get(agency=place.agency).days == [1, 5]
    assert "1, 5 ngày làm việc" in client.get("/canh-bao/muc/").content.decode()
    given["agency"] = make.agency().code
    assert client.post("/canh-bao/muc/", given).status_code == 422
    clerk = make.staff(place.agency)
    assert signed_in(clerk).get("/canh-bao/muc/").status_code == 403


def test_what_the_page_of_a_dossier_needs(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    place = office()
    holder = make.person(phone="0905123456", email="en.nguyen@example.vn")
    dossier = place.dossier(holder=holder)
    with django_assert_num_queries(2):
        state = lateness.lateness_of(dossier)
    assert (state.letter, state.risk, state.may_have_letter) == (None, None, True)
    with django_assert_num_queries(1):
        told = lateness.told_about(dossier)
    assert {(one.message.channel, one.recipient) for one in told} == {
        ("sms", "0905•••456"),
        ("email", "e•••@example.vn"),
    }
    Message.objects.update(recipient=b"junk")
    assert [one.recipient for one in lateness.told_about(dossier)] == ["•••", "•••"]
