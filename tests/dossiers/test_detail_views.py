"""The page of one dossier: facts, legal moves, history, masked numbers, receipt."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Role
from dossiers.models import Dossier, DossierEvent, MaskedView, Status
from tests import make
from tests.pages import SIGNED_IN

pytestmark = pytest.mark.django_db
# Three for the scope, the dossier, one for the legal moves, three for what "send" offers (offices,
# staff, steps), then history, legs, spans, suspensions, components, fees, supplements and step.
QUERIES = 16
NUMBER, PHONE = "079090001234", "0905123456"


@pytest.fixture(autouse=True)
def an_hour_later() -> Iterator[None]:
    with time_machine.travel(make.NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def dossier(commune: Agency) -> Dossier:
    return make.dossier(
        agency=commune,
        version=make.version(posted_at=commune, components=2, fee_vnd=8000),
        holder=make.person("Nguyễn Thị Én", citizen_id=NUMBER, phone=PHONE),
    )


@pytest.fixture
def officer(client: Client, commune: Agency) -> Client:
    client.force_login(make.user(at=commune, role=Role.OFFICER))
    return client


def at(dossier: Dossier, path: str = "") -> str:
    return f"/ho-so/{dossier.public_id}/{path}"


def act(client: Client, dossier: Dossier, name: str, **fields: Any) -> Any:
    dossier.refresh_from_db()
    typed = {"request_id": str(uuid4()), "seen": dossier.status, **fields}
    return client.post(at(dossier, f"{name}/"), typed)


def offered(client: Client, dossier: Dossier) -> set[str]:
    return {str(form.name) for form in client.get(at(dossier)).context["acts"]}


def test_the_page_tells_everything_in_fixed_queries(
    officer: Client, dossier: Dossier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer.get(at(dossier))
    with django_assert_num_queries(SIGNED_IN + QUERIES):
        text = officer.get(at(dossier)).content.decode()
    for words in (dossier.code, "Nguyễn Thị Én", "Tiếp nhận hồ sơ", "8.000 đồng", "Giấy tờ 2"):
        assert str(words) in text
    assert "Vì sao hẹn ngày này" in text


def test_numbers_are_masked_until_someone_looks_and_each_look_is_kept(
    officer: Client, dossier: Dossier
) -> None:
    text = officer.get(at(dossier)).content.decode()
    assert NUMBER not in text
    assert PHONE not in text
    assert not MaskedView.objects.exists()
    part = officer.post(
        at(dossier, "xem/"), {"what": "holder.phone"}, headers={"HX-Request": "true"}
    )
    assert PHONE in part.content.decode()
    whole = officer.post(at(dossier, "xem/"), {"what": "holder.citizen_id"})
    assert NUMBER in whole.content.decode()
    assert list(MaskedView.objects.values_list("what", flat=True)) == ["phone", "citizen_id"]
    for what in ("holder.name", "applicant.phone", "", "x"):
        assert officer.post(at(dossier, "xem/"), {"what": what}).status_code == 404
    assert officer.get(at(dossier, "xem/")).status_code == 405


def test_a_dossier_goes_its_way_by_the_buttons(officer: Client, dossier: Dossier) -> None:
    assert {"start_processing", "supplement", "send", "withdraw"} <= offered(officer, dossier)
    assert not offered(officer, dossier) & {"hand_over", "extend", "stop", "accept"}
    assert act(officer, dossier, "start_processing").status_code == 302
    response = act(
        officer, dossier, "supplement", items="Bản sao\nẢnh", reason="Thiếu", legal_ground="Điều 5"
    )
    assert response["Location"] == at(dossier)
    text = officer.get(at(dossier)).content.decode()
    assert "Yêu cầu bổ sung" in text
    assert "<li>Ảnh</li>" in text
    assert "Tạm dừng, chờ bổ sung" in text
    assert act(officer, dossier, "supplemented").status_code == 302
    assert act(officer, dossier, "finish").status_code == 302
    assert act(officer, dossier, "hand_over").status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == Status.RETURNED
    assert "trước hạn" in officer.get(at(dossier)).content.decode()


def test_a_dossier_is_sent_and_acknowledged(
    officer: Client, dossier: Dossier, commune: Agency, client: Client
) -> None:
    office = make.agency("Phòng Văn hóa", committee=commune)
    receiver = make.user(at=office, role=Role.OFFICER)
    response = act(officer, dossier, "send", to_agency=office.pk, to_officer=receiver.pk)
    assert response.status_code == 302
    assert "chưa nhận" in officer.get(at(dossier)).content.decode()
    client.force_login(receiver)
    assert "acknowledge" in offered(client, dossier)
    assert act(client, dossier, "acknowledge").status_code == 302
    dossier.refresh_from_db()
    assert dossier.held_by == office


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("withdraw", {"reason": "  "}, "reason"),
        ("supplement", {"items": "", "reason": "Thiếu"}, "items"),
        ("send", {"to_agency": "0"}, "to_agency"),
        ("charge", {"name_of_charge": "Thuế"}, "amount_vnd"),
        ("extend", {"new_due_at": "x", "reason": "Bão"}, "new_due_at"),
        ("extend", {"new_due_at": "2030-01-01T08:00", "reason": "Bão"}, "__all__"),  # no leader
        ("hand_over", {}, "__all__"),
        ("start_processing", {"seen": Status.PROCESSING}, "__all__"),
        ("start_processing", {"request_id": "x"}, "request_id"),
    ],
)
def test_a_refused_act_says_why_beside_its_field(
    officer: Client, dossier: Dossier, name: str, fields: dict[str, Any], field: str
) -> None:
    response = act(officer, dossier, name, **fields)
    assert response.status_code == 422
    form = response.context["acts"][0]
    assert form.name == name
    assert field in form.errors
    assert "app-errors" in response.content.decode()
    assert DossierEvent.objects.count() == 1


def test_a_second_click_writes_nothing_twice(officer: Client, dossier: Dossier) -> None:
    key = str(uuid4())
    for _ in range(2):
        response = act(officer, dossier, "start_processing", request_id=key)
    assert response.status_code == 302
    assert DossierEvent.objects.filter(act="start_processing").count() == 1


def test_a_leader_extends_and_takes_back(client: Client, dossier: Dossier) -> None:
    client.force_login(make.user(at=dossier.lodged_at, role=Role.LEADER))
    fields = {"new_due_at": "2024-06-20T17:00", "reason": "Bão", "legal_ground": "Điều 9"}
    assert act(client, dossier, "extend", **fields).status_code == 302
    text = client.get(at(dossier)).content.decode()
    assert "hẹn trả 10/06/2024 17:00 → 20/06/2024 17:00" in " ".join(text.split())


def test_the_receipt_is_a_pdf(officer: Client, dossier: Dossier) -> None:
    response = officer.get(at(dossier, "giay-tiep-nhan.pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_to_others_it_does_not_exist(client: Client, dossier: Dossier) -> None:
    paths = [at(dossier), at(dossier, "giay-tiep-nhan.pdf")]
    posts = [at(dossier, "xem/"), at(dossier, "withdraw/")]
    assert [client.get(path).status_code for path in paths] == [302, 302]
    client.force_login(make.user())
    assert [client.get(path).status_code for path in paths] == [403, 403]
    client.force_login(make.user(at=make.agency(), role=Role.LEADER))
    assert [client.get(path).status_code for path in paths] == [404, 404]
    assert [client.post(path).status_code for path in posts] == [404, 404]
    assert not MaskedView.objects.exists()


def test_an_unknown_act_does_not_exist(officer: Client, dossier: Dossier) -> None:
    assert act(officer, dossier, "explode").status_code == 404
    assert officer.get(at(dossier, "withdraw/")).status_code == 405
