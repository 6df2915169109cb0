"""The four answers through the browser, what is booked with them, and whose role ended."""

import pytest
import time_machine
from django.test import Client

from agencies.models import Agency, Appointment, Role, User
from dossiers.models import Dossier
from procedures.models import FeeRate, ProcedureVersion
from tests import make
from tests.dossiers.intake_form import address, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune, components=("Tờ khai", "Giấy chứng sinh"), fee_vnd=8000)


@pytest.fixture
def clerk(client: Client, commune: Agency) -> Client:
    client.force_login(make.user(at=commune))
    return client


def test_what_is_missing_is_asked_for_in_one_list(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    fields = typed(version, commune, outcome="incomplete", reason="Chưa đủ giấy tờ")
    for paper in version.components.all():
        del fields[f"component_{paper.pk}"]
    assert clerk.post(address(version), fields | {"reason": ""}).status_code == 422
    response = clerk.post(address(version), fields)
    dossier = Dossier.objects.get()
    assert dossier.status == 5
    assert dossier.supplements.get().items == ["Tờ khai", "Giấy chứng sinh"]
    assert "Đã yêu cầu bổ sung" in clerk.get(response["Location"]).content.decode()


def test_a_refusal_says_why(clerk: Client, version: ProcedureVersion, commune: Agency) -> None:
    fields = typed(version, commune, outcome="refuse")
    refused = clerk.post(address(version), fields)
    assert refused.status_code == 422
    assert "reason" in refused.context["outcome"].errors
    response = clerk.post(address(version), fields | {"reason": "Không thuộc thẩm quyền"})
    assert Dossier.objects.get().status == 3
    assert "Đã từ chối tiếp nhận" in clerk.get(response["Location"]).content.decode()


def test_an_immediate_procedure_is_solved_at_once(clerk: Client, commune: Agency) -> None:
    version = make.version(posted_at=commune, immediate=True, fee_vnd=2000)
    assert "Giải quyết ngay" in clerk.get(address(version)).content.decode()
    fields = typed(version, commune, outcome="at_once", is_paid="on")
    response = clerk.post(address(version), fields)
    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.financial_status) == (10, "settled")
    assert "trả kết quả" in clerk.get(response["Location"]).content.decode()


def test_the_fees_shown_are_those_that_are_booked(clerk: Client, commune: Agency) -> None:
    version = make.version(posted_at=commune, status="draft")
    for channel, amount in (("", 50_000), ("online", 25_000)):
        FeeRate.objects.create(version=version, name="Lệ phí", channel=channel, amount_vnd=amount)
    type(version).objects.update(status="published")
    shown = {
        channel: clerk.get(f"{address(version)}hen-tra/", {"channel": channel}).content.decode()
        for channel in ("direct", "online")
    }
    assert "50.000 đồng" in shown["direct"]
    assert "25.000 đồng" in shown["online"]
    helped = {"channel": "direct", "capacity": "assisted"}
    assert "25.000" in clerk.get(f"{address(version)}hen-tra/", helped).content.decode()
    clerk.post(address(version), typed(version, commune, capacity="assisted"))
    assert Dossier.objects.get().fees.get().amount_vnd == 25_000


def test_uploads_of_the_form_are_taken_in(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    officer = User.objects.get()
    kept, foreign = make.upload(officer), make.upload(make.user(at=commune))
    paper = version.components.all()[0]
    field = f"component_{paper.pk}_file"
    wrong = clerk.post(address(version), typed(version, commune, **{field: foreign.public_id}))
    assert wrong.status_code == 422
    assert set(wrong.context["forms"].main.errors) == {f"component_{paper.pk}"}
    fields = typed(version, commune, **{field: kept.public_id})
    del fields[f"component_{paper.pk}"]  # the scan says that it was given
    assert clerk.post(address(version), fields).status_code == 302
    assert Dossier.objects.get().components.get(component=paper).file == kept


def test_whose_role_ended_while_the_page_was_open_is_told(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    other = make.agency()
    Appointment.objects.create(
        user=User.objects.get(), agency=other, role=Role.CLERK, valid_from=make.SINCE
    )
    Appointment.objects.filter(agency=commune).update(valid_to=make.SINCE)
    response = clerk.post(address(version), typed(version, commune))
    assert response.status_code == 422
    assert "agency" in response.context["forms"].main.errors
    Appointment.objects.all().update(valid_to=make.SINCE)
    assert clerk.post(address(version), typed(version, commune)).status_code == 403
    assert not Dossier.objects.exists()


def test_outside_of_the_counters_hours_a_hint_is_given(
    clerk: Client, version: ProcedureVersion
) -> None:
    for moment, is_hinted in (("2024-06-03 09:00", False), ("2024-06-03 20:00", True)):
        with time_machine.travel(make.at(moment), tick=False):
            clerk.force_login(User.objects.get())  # the first session has run out
            text = clerk.get(address(version)).content.decode()
        assert ("ngoài giờ mở cửa" in text) is is_hinted
