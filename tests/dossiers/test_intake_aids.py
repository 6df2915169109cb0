"""What helps at the counter: known persons, odd numbers, drafts, addresses, batches."""

import socket
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies import addresses
from agencies.models import Agency, User
from dossiers import known, plausibility
from dossiers.models import Dossier, MaskedView
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
    with django_assert_num_queries(SIGNED_IN_BEFORE + 7):
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
