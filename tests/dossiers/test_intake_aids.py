"""What helps at the counter: known persons, odd numbers, drafts, addresses, batches."""

import socket
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies import addresses
from agencies.models import Agency, User
from dossiers import drafts, known, plausibility
from dossiers.models import Dossier, IntakeDraft, MaskedView
from procedures.models import ProcedureVersion
from tests import make
from tests.pages import SIGNED_IN_BEFORE

NUMBER, PHONE = "051203000123", "0905123456"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def commune(db: None) -> Agency:
    cache.clear()
    return make.agency()


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune, components=("Tờ khai",), fee_vnd=8000)


@pytest.fixture
def officer(commune: Agency) -> User:
    return make.user(at=commune)


@pytest.fixture
def clerk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def path(version: ProcedureVersion, rest: str = "") -> str:
    return f"/tiep-nhan/{version.procedure.code}/{rest}"


# Known persons


def ask(clerk: Client, version: ProcedureVersion, **typed: str) -> str:
    fields = {"who": "holder", "holder-kind": "person"}
    fields |= {f"holder-{name}": value for name, value in typed.items()}
    answer = clerk.post(path(version, "nguoi/"), fields, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def known_holder(commune: Agency, version: ProcedureVersion, **changed: Any) -> Dossier:
    details = {"citizen_id": NUMBER, "phone": PHONE, "address": "Thôn 2"} | changed
    holder = make.person("Hồ Thị Bưởi", **details)
    return make.dossier(agency=commune, version=version, holder=holder)


def test_a_known_number_fills_the_form_in_and_is_logged(
    clerk: Client, officer: User, version: ProcedureVersion, commune: Agency
) -> None:
    known_holder(commune, version)
    text = ask(clerk, version, citizen_id="051 203 000 123")
    for value in ("Hồ Thị Bưởi", PHONE, "Thôn 2"):
        assert f'"{value}"' in text
    view = MaskedView.objects.get()
    assert (view.what, view.viewer, view.dossier) == ("fill", officer, None)


def test_a_phone_gives_the_name_and_not_the_number(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    known_holder(commune, version)
    text = ask(clerk, version, phone="+84 905 123 456")
    assert "Hồ Thị Bưởi" in text
    assert NUMBER not in text
    make.dossier(agency=commune, holder=make.person("Trần Văn Cò", phone=PHONE))
    assert "Hồ Thị Bưởi" not in ask(clerk, version, phone=PHONE)  # two people share it


@pytest.mark.parametrize("part", [NUMBER[:-1], f"{NUMBER}1", "051203%", "x" * 5000, ""])
def test_only_a_whole_number_finds_anybody(
    clerk: Client, version: ProcedureVersion, commune: Agency, part: str
) -> None:
    known_holder(commune, version)
    assert "Hồ Thị Bưởi" not in ask(clerk, version, citizen_id=part)
    assert not MaskedView.objects.exists()


def test_numbers_are_not_tried_one_after_the_other(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    known_holder(commune, version)
    for number in range(known.MOST):
        ask(clerk, version, citizen_id=f"0512030{number:05}")
    text = ask(clerk, version, citizen_id=NUMBER)
    assert "Tra cứu quá nhiều lần" in text
    assert "Hồ Thị Bưởi" not in text


def test_the_same_request_again_is_warned_of(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    """Listed where one may see it; elsewhere only counted."""
    mine = known_holder(commune, version)
    other = make.agency()
    make.posting(other, version)
    theirs = known_holder(other, version)
    with time_machine.travel(make.NOW, tick=False):
        text = ask(clerk, version, citizen_id=NUMBER)
        assert str(mine.code) in text
        assert str(theirs.code) not in text
        assert "1 hồ sơ ở cơ quan khác" in text
        elsewhere = make.version(posted_at=commune)
        assert "đã nộp thủ tục này" not in ask(clerk, elsewhere, citizen_id=NUMBER)


def test_looking_up_takes_few_statements(
    clerk: Client,
    version: ProcedureVersion,
    commune: Agency,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    known_holder(commune, version)
    ask(clerk, version)
    # version, components; the party, the log, scope (3), the dossiers
    with django_assert_num_queries(SIGNED_IN_BEFORE + 8):
        ask(clerk, version, citizen_id=NUMBER)


def test_what_is_asked_for_wrongly_does_not_exist(clerk: Client, version: ProcedureVersion) -> None:
    assert clerk.post(path(version, "nguoi/"), {"who": "ghost"}).status_code == 404
    assert clerk.post("/tiep-nhan/dia-chi/", {}).status_code == 404
    assert clerk.post(path(version, "nhap/"), {"intake_key": "x"}).status_code == 404
    assert clerk.get(path(version), {"nhap": "x"}).status_code == 404


# Numbers that look odd

TODAY = date(2024, 6, 3)


@pytest.mark.parametrize("number", ["", NUMBER, "079090001234", "212345678"])
def test_a_plausible_number_is_passed_in_silence(number: str) -> None:
    assert plausibility.of_number(number, "person", TODAY) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("C12345678", "hộ chiếu"),
        ("05120300012", "12 chữ số"),
        ("003203000123", "mã tỉnh"),
        ("051225000123", "2025"),
        ("051401000123", "2101"),
        ("051003000123", "1903"),
        ("999999999999", "mã tỉnh"),
    ],
)
def test_an_odd_number_is_warned_of(number: str, words: str) -> None:
    assert any(words in said for said in plausibility.of_number(number, "person", TODAY))


@pytest.mark.parametrize(
    ("code", "is_odd"),
    [("0100109106", False), ("0100109106001", False), ("0100109107", True), ("123", True)],
)
def test_a_tax_code_is_checked_by_its_last_digit(code: str, is_odd: bool) -> None:
    assert bool(plausibility.of_number(code, "organisation", TODAY)) is is_odd


@pytest.mark.parametrize(
    ("phone", "is_odd"),
    [("", False), (PHONE, False), ("02553851234", False), ("0105123456", True), ("19001000", True)],
)
def test_a_phone_has_the_form_of_one(phone: str, is_odd: bool) -> None:
    assert bool(plausibility.of_phone(phone)) is is_odd


# Addresses

NEW = date(2025, 8, 1)


@pytest.fixture
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address is personal data: nobody outside is asked."""
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was asked"))


@pytest.mark.usefixtures("_no_network")
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (
            "Thôn 2, xã Trà Sơn, huyện Trà Bồng, Quảng Ngãi",
            ["Thôn 2, Xã Trà Bồng, Tỉnh Quảng Ngãi"],
        ),
        ("tra son tra bong quang ngai", ["Xã Trà Bồng, Tỉnh Quảng Ngãi"]),
        (
            "xóm 2, xã Trà Bùi, huyện Trà Bồng, tỉnh Quảng Ngãi",  # divided
            ["xóm 2, Xã Cà Đam, Tỉnh Quảng Ngãi", "xóm 2, Xã Tây Trà Bồng, Tỉnh Quảng Ngãi"],
        ),
    ],
)
def test_an_old_address_is_written_in_new_units(typed: str, written: list[str]) -> None:
    reading = addresses.read(typed, NEW)
    assert reading is not None
    assert (reading.is_new, list(reading.choices)) == (False, written)


def test_a_new_address_is_recognised() -> None:
    reading = addresses.read("12 Trần Hưng Đạo, phường Cẩm Thành, tỉnh Quảng Ngãi", NEW)
    assert reading == addresses.Reading(
        is_new=True, choices=("12 Trần Hưng Đạo, Phường Cẩm Thành, Tỉnh Quảng Ngãi",)
    )


@pytest.mark.parametrize(
    "typed", ["", "Thôn 3", "🙂,,,", "xyz", "huyện Trà Bồng, tỉnh Quảng Ngãi", "a" * 5000, "' OR 1"]
)
def test_what_is_not_understood_stays_as_it_is(typed: str) -> None:
    assert addresses.read(typed, NEW) is None


def test_before_the_new_units_nothing_is_offered(clerk: Client, officer: User) -> None:
    typed = {"who": "holder", "holder-address": "xã Trà Sơn, huyện Trà Bồng, Quảng Ngãi"}
    for day, is_offered in (("2024-06-03", False), ("2025-08-01", True)):
        with time_machine.travel(make.at(f"{day} 09:00"), tick=False):
            clerk.force_login(officer)  # the first session has run out
            text = clerk.post("/tiep-nhan/dia-chi/", typed).content.decode()
        assert ("Dùng:" in text) is is_offered


# Drafts


def kept(clerk: Client, version: ProcedureVersion, **fields: str) -> str:
    key = fields.setdefault("intake_key", str(uuid4()))
    answer = clerk.post(path(version, "nhap/"), fields)
    assert answer.status_code == 200, answer.content
    return key


def test_a_draft_is_kept_encrypted_and_restores_what_was_typed(
    clerk: Client,
    version: ProcedureVersion,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    paper = version.components.get()
    typed = {"holder-name": "Hồ Thị Bưởi", "holder-citizen_id": NUMBER, "channel": "post"}
    typed |= {f"component_{paper.pk}": "on", f"component_{paper.pk}_quantity": "3"}
    key = kept(clerk, version, **typed, capacity="authorised", reason="Thiếu")
    draft = IntakeDraft.objects.get()
    assert "Bưởi".encode() not in bytes(draft.cipher)
    page = clerk.get(path(version), {"nhap": key})
    forms = page.context["forms"]
    assert str(forms.main["intake_key"].value()) == key
    assert forms.holder["name"].value() == "Hồ Thị Bưởi"
    assert forms.main["channel"].value() == "post"
    assert forms.main["capacity"].value() == "authorised"
    assert page.context["outcome"]["reason"].value() == "Thiếu"
    text = page.content.decode()
    assert NUMBER in text
    assert 'value="3"' in text
    # version, components, counters, the draft
    with django_assert_num_queries(SIGNED_IN_BEFORE + 4):
        kept(clerk, version, intake_key=key, **{"holder-name": "Khác"})
    assert IntakeDraft.objects.count() == 1


def test_a_draft_is_offered_and_may_be_dropped(clerk: Client, version: ProcedureVersion) -> None:
    key = kept(clerk, version, **{"holder-name": "Hồ Thị Bưởi"})
    for page in ("/tiep-nhan/", path(version)):
        text = clerk.get(page).content.decode()
        assert f"?nhap={key}" in text
        assert "Hồ Thị Bưởi" in text  # two of one procedure are told apart
    assert clerk.post(f"/tiep-nhan/nhap/{key}/bo/").status_code == 302
    assert not IntakeDraft.objects.exists()


def test_the_draft_of_another_clerk_does_not_exist(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    key = kept(clerk, version, **{"holder-name": "Hồ Thị Bưởi"})
    other = Client()
    other.force_login(make.user(at=commune))
    assert key not in other.get("/tiep-nhan/").content.decode()
    assert other.get(path(version), {"nhap": key}).status_code == 404
    assert other.post(f"/tiep-nhan/nhap/{key}/bo/").status_code == 404
    answer = other.post(path(version, "nhap/"), {"intake_key": key, "holder-name": "Khác"})
    assert answer.status_code == 409
    assert "Bưởi" in str(
        drafts.read(IntakeDraft.objects.get().owner, IntakeDraft.objects.get().public_id)
    )


def test_a_draft_goes_with_the_answer_and_a_late_save_brings_it_back_no_more(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    paper = version.components.get()
    fields = {
        "agency": str(commune.pk),
        "channel": "direct",
        "delivery": "counter",
        "holder-kind": "person",
        "holder-name": "Hồ Thị Bưởi",
        f"component_{paper.pk}": "on",
        f"component_{paper.pk}_form": "original",
        f"component_{paper.pk}_quantity": "1",
    }
    fields["intake_key"] = kept(clerk, version, **fields)
    assert clerk.post(path(version), fields).status_code == 302
    assert not IntakeDraft.objects.exists()
    assert clerk.post(path(version, "nhap/"), fields).status_code == 409
    assert not IntakeDraft.objects.exists()


def test_a_draft_for_an_older_version_says_so(
    clerk: Client, commune: Agency, officer: User
) -> None:
    old = make.version(posted_at=commune, effective_to=date(2024, 6, 30))
    with time_machine.travel(make.NOW, tick=False):
        key = kept(clerk, old, **{"holder-name": "Hồ Thị Bưởi"})
    make.version(procedure=old.procedure, number=2, effective_from=date(2024, 7, 1))
    with time_machine.travel(make.at("2024-07-01 09:00"), tick=False):
        clerk.force_login(officer)
        IntakeDraft.objects.update(saved_at=make.at("2024-06-30"))
        text = clerk.get(path(old), {"nhap": key}).content.decode()
    assert "phiên bản mới" in text
    assert "Hồ Thị Bưởi" in text


def test_drafts_are_not_kept_for_ever(clerk: Client, version: ProcedureVersion) -> None:
    kept(clerk, version)
    draft = IntakeDraft.objects.get()
    assert drafts.sweep(draft.saved_at + drafts.KEPT - timedelta(minutes=1)) == 0
    assert drafts.sweep(draft.saved_at + drafts.KEPT) == 1


def test_a_draft_is_not_endless(clerk: Client, version: ProcedureVersion) -> None:
    fields = {"intake_key": str(uuid4()), "others": "x" * drafts.LONGEST}
    assert clerk.post(path(version, "nhap/"), fields).status_code == 409


# Batches


def rows(*people: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"rows": "5"}
    for number in range(1, 6):
        fields |= {f"row{number}-key": str(uuid4()), f"row{number}-quantity": "1"}
    for number, person in enumerate(people, 1):
        fields |= {f"row{number}-{name}": value for name, value in person.items()}
    return fields


def test_a_table_of_small_requests_is_taken_in_row_by_row(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    address = path(version, "nhieu/")
    assert "Dòng trống được bỏ qua" in clerk.get(address).content.decode()
    fields = rows(
        {"name": "Hồ Thị Bưởi", "citizen_id": NUMBER, "quantity": "3"},
        {"name": "", "phone": PHONE},
        {"name": "Trần Văn Cò"},
    ) | {"agency": commune.pk}
    first = clerk.post(address, fields)
    assert first.status_code == 422
    assert Dossier.objects.count() == 2
    assert first.context["rows"][1].errors
    # The wrong row is put right; the others are found again.
    second = clerk.post(address, fields | {"row2-name": "Nguyễn Thị Én"})
    assert second.status_code == 200
    assert Dossier.objects.count() == 3
    codes = [row.dossier.code for row in second.context["rows"] if row.dossier]
    assert len(codes) == 3
    assert all(code in second.content.decode() for code in codes)
    quantities = Dossier.objects.order_by("pk").values_list("components__quantity", flat=True)
    assert list(quantities) == [3, 1, 1]


def test_rows_taken_in_are_left_alone_whatever_is_typed_since(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    fields = rows({"name": "Hồ Thị Bưởi"}) | {"agency": commune.pk}
    clerk.post(path(version, "nhieu/"), fields)
    again = clerk.post(path(version, "nhieu/"), fields | {"row1-name": "Khác"})
    assert again.status_code == 200
    assert Dossier.objects.get().holder_name == "Hồ Thị Bưởi"


def test_a_table_is_solved_at_once_where_the_catalogue_says_so(
    clerk: Client, commune: Agency
) -> None:
    version = make.version(posted_at=commune, immediate=True, fee_vnd=2000)
    fields = rows({"name": "Hồ Thị Bưởi"}) | {"agency": commune.pk}
    clerk.post(path(version, "nhieu/"), fields | {"at_once": "on", "is_paid": "on"})
    assert Dossier.objects.get().status == 10


def test_more_rows_keep_what_was_typed(clerk: Client, version: ProcedureVersion) -> None:
    page = clerk.post(path(version, "nhieu/"), rows({"name": "Hồ Thị Bưởi"}) | {"more": "1"})
    assert len(page.context["rows"]) == 10
    assert "Hồ Thị Bưởi" in page.content.decode()
    assert not Dossier.objects.exists()
