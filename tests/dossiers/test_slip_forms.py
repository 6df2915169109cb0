"""A province's own forms: data only, checked beside the field, audited, nobody below."""

from datetime import date
from io import BytesIO
from typing import Any

import pdfplumber
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, Level, Role, User
from dossiers import slip_forms
from dossiers.models import SlipForm
from dossiers.slip_forms import Draft, SlipFormInvalid
from tests import make

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)


@pytest.fixture
def province() -> Agency:
    return make.agency("Ủy ban nhân dân tỉnh Quảng Ngãi", level=Level.PROVINCE)


@pytest.fixture
def administrator(province: Agency) -> User:
    return make.user(at=province, role=Role.ADMINISTRATOR)


def draft(province: Agency, **changes: Any) -> Draft:
    values: dict[str, Any] = {
        "agency": province,
        "kind": "receipt",
        "effective_from": SINCE,
        "effective_to": None,
        "legal_basis": "Quyết định 1179/QĐ-UBND ngày 26/12/2018",
    }
    return Draft(**(values | changes))


def faults_of(province: Agency, **changes: Any) -> dict[str, str]:
    with pytest.raises(SlipFormInvalid) as refused:
        slip_forms.save(draft(province, **changes))
    return refused.value.fields


def test_only_what_differs_is_kept(province: Agency) -> None:
    fields = slip_forms.statutory("receipt", SINCE)
    form = slip_forms.save(draft(province, title=" Giấy hẹn ", fields=fields, labels={"due": ""}))
    assert form.layout == {"title": "Giấy hẹn"}


def test_statutory_fields_may_be_moved_and_not_left_out(province: Agency) -> None:
    fields = slip_forms.statutory("receipt", SINCE)
    moved = (fields[-1], *fields[:-1])
    assert slip_forms.save(draft(province, fields=moved)).layout["fields"] == list(moved)
    faults = faults_of(province, fields=fields[:-1], effective_from=date(2020, 1, 1),
                       effective_to=date(2020, 2, 1))  # fmt: skip
    assert faults["fields"] == "Thiếu mục bắt buộc của Thông tư: Vào Sổ theo dõi hồ sơ."


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("legal_basis", {"legal_basis": " "}),
        ("title", {"title": "A" * 121}),
        ("suffix", {"suffix": "A" * 21}),
        ("number", {"number": "0" * 11}),
        ("label_due", {"labels": {"due": "A" * 151}}),
        ("notes", {"notes": ("A",) * 6}),
        ("notes", {"notes": ("A" * 301,)}),
        ("kind", {"kind": "letter"}),
        ("fields", {"fields": ("due", "secret")}),
        ("fields", {"fields": ("due", "due")}),
        ("effective_to", {"effective_to": date(2025, 1, 1)}),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(
    province: Agency, name: str, changes: dict[str, Any]
) -> None:
    assert name in faults_of(province, **changes)
    assert not SlipForm.objects.exists()


def test_two_forms_do_not_hold_on_one_day(province: Agency) -> None:
    slip_forms.save(draft(province, effective_to=date(2026, 6, 30)))
    assert "01/01/2026" in faults_of(province, effective_from=date(2026, 6, 30))["effective_from"]
    assert slip_forms.save(draft(province, effective_from=date(2026, 7, 1)))
    assert slip_forms.save(draft(province, kind="refusal"))


def test_a_form_is_reworded_in_its_own_time(province: Agency) -> None:
    form = slip_forms.save(draft(province))
    slip_forms.save(draft(province, title="Giấy hẹn"), form)
    assert SlipForm.objects.get().layout == {"title": "Giấy hẹn"}


def test_each_change_leaves_its_trace(province: Agency) -> None:
    form = slip_forms.save(draft(province))
    slip_forms.save(draft(province, title="Giấy hẹn"), form)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label FROM dossiers_slipformevent ORDER BY pgh_id")
        assert [label for (label,) in cursor.fetchall()] == ["insert", "before", "update"]


def test_the_table_holds_the_times(province: Agency) -> None:
    slip_forms.save(draft(province))
    values = {"agency": province, "kind": "receipt", "legal_basis": "QĐ", "layout": {}}
    for name, changes in (
        ("slip_form_one_from_a_day", {"effective_from": SINCE}),
        (
            "slip_form_ends_after_start",
            {"effective_from": date(2027, 1, 1), "effective_to": date(2026, 12, 31)},
        ),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            SlipForm.objects.create(**values, **changes)


def typed(**changes: Any) -> dict[str, Any]:
    return {"legal_basis": "QĐ 1179/QĐ-UBND", "effective_from": "2026-01-01"} | changes


def test_the_screens_save_and_show_what_was_saved(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    address = reverse("dossiers:new_slip_form", args=["receipt"])
    assert client.get(address).status_code == 200
    fields = slip_forms.statutory("receipt", SINCE)
    places = {f"place_{key}": n for n, key in enumerate(fields, start=1)}
    answer = client.post(address, typed(label_due="Ngày trả", **places))
    assert answer.status_code == 302
    form = SlipForm.objects.get()
    assert form.layout == {"labels": {"due": "Ngày trả"}}
    assert "Ngày trả" in client.get(reverse("dossiers:slip_form", args=[form.pk])).content.decode()
    assert "QĐ 1179/QĐ-UBND" in client.get(reverse("dossiers:slip_forms")).content.decode()


def test_a_missing_field_is_refused_on_the_screen(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    answer = client.post(reverse("dossiers:new_slip_form", args=["receipt"]), typed(place_due="1"))
    assert answer.status_code == 422
    assert "Thiếu mục bắt buộc" in answer.content.decode()
    assert not SlipForm.objects.exists()


@pytest.mark.parametrize(
    "kind", ["receipt", "supplement", "refusal", "apology", "stop", "control_slip"]
)
def test_the_preview_is_a_marked_sample_of_invented_data(
    client: Client, administrator: User, kind: str
) -> None:
    client.force_login(administrator)
    address = reverse("dossiers:preview_slip_form", args=[kind])
    answer = client.post(address, typed(title="Phiếu của tỉnh"))
    assert answer["Content-Type"] == "application/pdf"
    with pdfplumber.open(BytesIO(answer.content)) as document:
        text = document.pages[0].extract_text()
    assert "BẢN MẪU" in text
    assert "PHIẾU CỦA TỈNH" in text
    assert "Dữ liệu minh họa" in text
    assert client.post(address, {}).status_code == 422


def test_below_the_province_nobody_changes_a_form(client: Client, province: Agency) -> None:
    form = slip_forms.save(draft(province))
    district = make.agency(level=Level.DISTRICT, parent=province)
    addresses = [
        reverse("dossiers:slip_form", args=[form.pk]),
        reverse("dossiers:new_slip_form", args=["receipt"]),
    ]
    for member, answer in (
        (make.user(at=province, role=Role.LEADER), 403),
        (make.user(at=district, role=Role.ADMINISTRATOR), 404),
        (make.user(at=make.agency(level=Level.PROVINCE), role=Role.ADMINISTRATOR), 404),
    ):
        client.force_login(member)
        assert client.get(addresses[0]).status_code == answer
        assert client.post(addresses[0], typed()).status_code == answer
    client.force_login(make.user(at=district, role=Role.ADMINISTRATOR))
    assert client.get(addresses[1]).status_code == 404
    assert form.legal_basis not in client.get(reverse("dossiers:slip_forms")).content.decode()
