"""The page of one dossier: facts, legal moves, history, masked numbers, receipt."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Appointment, Role
from dossiers import assignment, lifecycle, supplement
from dossiers.kept import KINDS, kept
from dossiers.models import (
    Dossier,
    DossierEvent,
    FeeDue,
    MaskedView,
    Slip,
    Status,
    SupplementRequest,
    Suspension,
)
from tests import make
from tests.dossiers.test_routing import Country
from tests.pages import SIGNED_IN_BEFORE

pytestmark = pytest.mark.django_db
# Three for the scope, the dossier with its risk; which kinds of rows it has, and of these here the
# fees; steps; bodies, offices and staff to choose from; history, legs, spans; papers; messages.
# Runs, opinions, waits, slips, results, hand-overs, supplements and the letter are read where
# there are any.
QUERIES = 15
DAY = timedelta(days=1)
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
    return {str(form.name) for form in client.get(at(dossier)).context["page"].acts}


def test_the_page_tells_everything_in_fixed_queries(
    officer: Client, dossier: Dossier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer.get(at(dossier))
    with django_assert_num_queries(SIGNED_IN_BEFORE + QUERIES):
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
    assert act(officer, dossier, "hand_over", fee="settled").status_code == 302
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
    assert "chưa xác nhận" in officer.get(at(dossier)).content.decode()
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
    form = response.context["page"].acts[0]
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


def test_to_others_it_does_not_exist(client: Client, dossier: Dossier) -> None:
    paths = [at(dossier), at(dossier, "in/receipt/xem/")]
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


def test_who_comes_second_is_told_what_changed_and_keeps_what_he_typed(
    officer: Client, dossier: Dossier, commune: Agency
) -> None:
    since = officer.get(at(dossier)).context["page"].story.last_event
    other = make.user(at=commune, full_name="Trần Thị Sáu")
    key = uuid4()
    lifecycle.start_processing(dossier, actor=other, now=timezone.now(), request_id=key)
    typed = {"request_id": str(uuid4()), "seen": Status.ACCEPTED, "since": since}
    answer = officer.post(at(dossier, "withdraw/"), {**typed, "reason": "Đổi ý"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Trần Thị Sáu đã ghi “Bắt đầu xử lý” lúc 03/06/2024 10:00" in text
    assert "Đổi ý" in text
    [form] = [one for one in answer.context["page"].acts if one.name == "withdraw"]
    again = {name: form[name].value() for name in ("request_id", "seen", "since", "reason")}
    assert officer.post(at(dossier, "withdraw/"), again).status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == Status.WITHDRAWN


def test_others_who_changed_no_state_are_told_too(
    officer: Client, dossier: Dossier, commune: Agency
) -> None:
    since = officer.get(at(dossier)).context["page"].story.last_event
    leader = make.user(at=commune, role=Role.LEADER, full_name="Lê Thị Bảy")
    assignment.assign(dossier, actor=leader, now=timezone.now(), request_id=uuid4(), officer=leader)
    answer = act(officer, dossier, "finish", since=since)
    assert answer.status_code == 422
    assert "Lê Thị Bảy đã ghi “Phân công thụ lý”" in answer.content.decode()
    assert not DossierEvent.objects.filter(act="finish").exists()


def test_a_clerk_whose_role_ended_while_the_page_was_open_is_told_so(
    client: Client, dossier: Dossier, commune: Agency
) -> None:
    clerk = make.staff(commune, until=make.NOW.date())
    with time_machine.travel(make.NOW + timedelta(days=1), tick=False):
        client.force_login(clerk)
        answer = act(client, dossier, "start_processing")
        assert answer.status_code == 403
        assert "Vai trò của bạn đã kết thúc" in answer.content.decode()
        # Whoever still works elsewhere is told the same; a stranger of yesterday is not.
        clerk.appointments.create(agency=make.agency(), role=Role.CLERK, valid_from=make.SINCE)
        assert client.get(at(dossier)).status_code == 403
        client.force_login(make.staff(make.agency(), until=make.NOW.date()))
        assert "đã kết thúc" not in act(client, dossier, "start_processing").content.decode()
    dossier.refresh_from_db()
    assert dossier.status == Status.ACCEPTED


def test_the_next_step_is_one_click(client: Client) -> None:
    land = Country()
    dossier = land.office.dossier()
    client.force_login(land.office.leader)
    proposal, send = client.get(at(dossier)).context["page"].to_next
    assert (proposal.office, proposal.officer) == (land.bureau, land.officer)
    typed = {name: send[name].value() for name in ("step", "to_agency", "to_officer")}
    assert act(client, dossier, "send", **typed).status_code == 302
    text = " ".join(client.get(at(dossier)).content.decode().split())
    assert "nơi nhận chưa xác nhận" in text
    assert act(client, dossier, "recall").status_code == 302
    assert act(client, dossier, "send", **typed).status_code == 302
    client.force_login(land.officer)
    assert act(client, dossier, "acknowledge").status_code == 302
    text = " ".join(client.get(at(dossier)).content.decode().split())
    assert "đã dùng 0 phút trên 16 giờ làm việc" in text
    assert "đã dùng 1 giờ trên 2 giờ làm việc" in text


def test_passing_on_late_stands_on_the_page(client: Client) -> None:
    land = Country()
    dossier = land.office.dossier()
    client.force_login(land.office.leader)
    assert "Chuyển muộn" not in client.get(at(dossier)).content.decode()
    with time_machine.travel(make.at("2024-06-04 07:30"), tick=False):
        client.force_login(land.office.leader)
        assert "Chuyển muộn" in client.get(at(dossier)).content.decode()


def test_a_suspended_dossier_says_since_when(officer: Client, dossier: Dossier) -> None:
    act(officer, dossier, "supplement", items="Ảnh", reason="Thiếu")
    text = " ".join(officer.get(at(dossier)).content.decode().split())
    assert "dừng tính giờ từ 03/06/2024 10:00" in text


def test_a_question_is_asked_and_answered_on_the_page(
    client: Client, dossier: Dossier, commune: Agency
) -> None:
    client.force_login(make.user(at=commune, role=Role.OFFICER))
    tax = make.agency("Chi cục Thuế Trà Bồng", committee=commune)
    fields = {"of": tax.pk, "question": "Có nợ thuế không?", "limit_value": 2}
    answer = act(client, dossier, "ask_opinion", **fields, limit_unit="working_hour")
    assert answer.status_code == 302
    taxman = make.user(at=tax, role=Role.OFFICER)
    with time_machine.travel(make.at("2024-06-03 15:00"), tick=False):
        client.force_login(taxman)
        text = " ".join(client.get(at(dossier)).content.decode().split())
        assert "Chi cục Thuế Trà Bồng quá hạn trả lời" in text
        assert "hạn trả lời 03/06/2024 14:00" in text
        [form] = [
            one
            for one in client.get(at(dossier)).context["page"].acts
            if one.name.startswith("ans")
        ]
        given = {"opinion": form["opinion"].field.choices[0][0], "conclusion": "refused"}
        answer = act(client, dossier, "answer_opinion", **given)
        assert answer.status_code == 422
        answer = act(client, dossier, "answer_opinion", **given, text="Còn nợ")
        assert answer.status_code == 302
        assert "Trả lời: Còn nợ" in client.get(at(dossier)).content.decode()


def test_whoever_worked_elsewhere_before_may_be_chosen_here(
    client: Client, dossier: Dossier, commune: Agency
) -> None:
    moved, gone = make.user(at=commune), make.staff(commune, until=make.NOW.date() - DAY)
    ended = {"role": Role.CLERK, "valid_from": make.SINCE, "valid_to": make.NOW.date() - DAY}
    moved.appointments.create(agency=make.agency(), **ended)
    leader = make.user(at=commune, role=Role.LEADER)
    leader.appointments.create(agency=commune, role=Role.OFFICER, valid_from=make.SINCE)
    client.force_login(leader)
    [form] = [one for one in client.get(at(dossier)).context["page"].acts if one.name == "assign"]
    offered = [pk for pk, _ in form.fields["officer"].choices]
    assert sorted(pk for pk in offered if pk) == sorted(
        {moved.pk, leader.pk, *_staff(commune)} - {gone.pk, dossier.officer_id}
    )
    assert len(offered) == len(set(offered))
    assert act(client, dossier, "assign", officer=gone.pk).status_code == 422
    assert act(client, dossier, "assign", officer=moved.pk).status_code == 302


def _staff(agency: Agency) -> set[int]:
    today = Appointment.objects.filter(agency=agency, valid_to=None)
    return set(today.values_list("user", flat=True))


def test_one_statement_tells_what_a_dossier_has(
    dossier: Dossier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    given: dict[str, Any] = {"now": timezone.now(), "request_id": uuid4()}
    given["actor"] = make.user(at=dossier.lodged_at)
    supplement.request(dossier, **given, items=["Ảnh"], reason="Thiếu", legal_ground="")
    with django_assert_num_queries(1):
        found = kept(dossier)
    assert found == {FeeDue, Slip, SupplementRequest, Suspension}
    assert all(
        kind._default_manager.filter(dossier=dossier).exists() == (kind in found) for kind in KINDS
    )


def test_a_leader_assigns_on_the_page(client: Client, dossier: Dossier, commune: Agency) -> None:
    colleague = make.user(at=commune, role=Role.OFFICER, full_name="Võ Thị Chín")
    client.force_login(make.user(at=commune, role=Role.LEADER))
    assert act(client, dossier, "assign", officer=colleague.pk).status_code == 302
    text = " ".join(client.get(at(dossier)).content.decode().split())
    assert "người thụ lý Nguyễn Thị Đào → Võ Thị Chín" in text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "fee"),
        ({"fee": "waived"}, "waiver_ground"),
        ({"fee": "settled", "receiver": "authorised"}, "receiver_name"),
        ({"fee": "settled", "method": "x"}, "method"),
        ({"fee": "settled", "signature_id": str(uuid4())}, "__all__"),
    ],
)
def test_a_hand_over_that_is_not_whole_is_refused(
    officer: Client, dossier: Dossier, fields: dict[str, str], field: str
) -> None:
    act(officer, dossier, "finish")
    answer = act(officer, dossier, "hand_over", **fields)
    assert answer.status_code == 422
    assert field in answer.context["page"].acts[0].errors


def test_a_hand_over_tells_to_whom_and_how(officer: Client, dossier: Dossier) -> None:
    act(officer, dossier, "finish")
    fields = {"receiver": "authorised", "receiver_name": "Bùi Văn Mười", "method": "post"}
    money = {"fee": "waived", "waiver_ground": "Người khuyết tật"}
    answer = act(officer, dossier, "hand_over", **fields, **money, post_number="RN1")
    assert answer.status_code == 302
    text = " ".join(officer.get(at(dossier)).content.decode().split())
    for words in ("Bùi Văn Mười", "số bưu gửi RN1", "được miễn", "Người khuyết tật"):
        assert words in text
