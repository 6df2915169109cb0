"""Numbers and phones at rest; codes; who is the same person."""

import base64
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from dossiers import numbering, parties
from dossiers.errors import PartyInvalid
from dossiers.models import DossierCounter, Party
from dossiers.secrets import Unreadable, decrypt, encrypt, key_id_of, keyed_hash, mask
from procedures.models import RuleSet
from tests import make

NUMBER = "051203000123"
KEYS = [f"{name}:{base64.b64encode(name.encode() * 32).decode()}" for name in "ab"]


def test_a_ciphertext_opens_and_is_never_the_same_twice() -> None:
    assert decrypt(encrypt(NUMBER)) == NUMBER
    assert encrypt(NUMBER) != encrypt(NUMBER)
    assert NUMBER.encode() not in encrypt(NUMBER)


def test_a_changed_ciphertext_is_noticed() -> None:
    cipher = bytearray(encrypt(NUMBER))
    cipher[-1] ^= 1
    with pytest.raises(Unreadable):
        decrypt(bytes(cipher))
    with pytest.raises(Unreadable):
        decrypt(b"junk")


def test_the_key_id_stands_in_the_ciphertext(settings: Settings) -> None:
    settings.FIELD_KEYS = KEYS
    cipher = encrypt(NUMBER)
    assert key_id_of(cipher) == "a"
    settings.FIELD_KEYS = KEYS[::-1]
    assert decrypt(cipher) == NUMBER
    settings.FIELD_KEYS = KEYS[1:]
    with pytest.raises(Unreadable, match="no key 'a'"):
        decrypt(cipher)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("051203000123", "0512•••••123"),
        ("0905123456", "0905•••456"),
        ("12345678", "••••••••"),
        ("", ""),
    ],
)
def test_a_masked_value_tells_too_little(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "typed", ["0905123456", "+84 905 123 456", "84905123456", "0905.123.456", "+84 (0) 905-123-456"]
)
def test_a_phone_has_one_form(typed: str) -> None:
    assert parties.normal_phone(typed) == "0905123456"


@pytest.mark.parametrize("typed", ["123", "09051234567890", "không có", "0905\u066123456"])
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(PartyInvalid):
        parties.normal_phone(typed)


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("051 203 000 123", "person", NUMBER),
        ("212345678", "person", "212345678"),
        ("", "person", ""),
        ("4300123456", "organisation", "4300123456"),
        ("4300123456-001", "organisation", "4300123456001"),
    ],
)
def test_a_number_has_one_form(typed: str, kind: str, number: str) -> None:
    assert parties.normal_number(typed, kind) == number


@pytest.mark.parametrize(("typed", "kind"), [("12345", "person"), ("43001", "organisation")])
def test_what_is_no_number_is_refused(typed: str, kind: str) -> None:
    with pytest.raises(PartyInvalid):
        parties.normal_number(typed, kind)


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"kind": "ghost"}, {"name": "x" * 201}, {"address": "x" * 301}]
)
def test_a_party_needs_a_name_and_a_kind(wrong: dict[str, str]) -> None:
    given = {"kind": "person", "name": "Nguyễn Thị Én", **wrong}
    with pytest.raises(PartyInvalid):
        parties.PartyDetails(**given).cleaned()


@pytest.mark.django_db
class TestParties:
    def test_a_number_is_one_party_and_its_newer_details_win(self) -> None:
        first = parties.find_or_create(
            make.person(citizen_id=NUMBER, address="Trà Bồng").cleaned(), make.NOW
        )
        again = parties.find_or_create(
            make.person("Nguyễn Thị Én B", citizen_id=NUMBER, phone="0905123456").cleaned(),
            make.NOW,
        )
        assert first.pk == again.pk
        party = Party.objects.get()
        assert (party.name, party.address) == ("Nguyễn Thị Én", "Trà Bồng")
        assert party.phone_hash is not None
        assert bytes(party.phone_hash) == parties.phone_hash("+84905123456")
        assert bytes(party.citizen_id_hash or b"") == parties.number_hash("051 203 000 123")

    def test_without_a_number_everyone_is_a_party_of_their_own(self) -> None:
        for _ in range(2):
            parties.find_or_create(make.person().cleaned(), make.NOW)
        assert Party.objects.count() == 2

    def test_person_and_organisation_do_not_share_a_number(self) -> None:
        parties.find_or_create(make.person(citizen_id=NUMBER).cleaned(), make.NOW)
        company = parties.PartyDetails("organisation", "Công ty", citizen_id=NUMBER).cleaned()
        parties.find_or_create(company, make.NOW)
        assert Party.objects.count() == 2

    def test_rotation_encrypts_anew_and_keeps_the_search(self, settings: Settings) -> None:
        settings.FIELD_KEYS = KEYS
        wanted = make.person(citizen_id=NUMBER, phone="0905123456").cleaned()
        parties.find_or_create(wanted, make.NOW)
        parties.find_or_create(make.person().cleaned(), make.NOW)
        settings.FIELD_KEYS = KEYS[::-1]
        said = StringIO()
        call_command("rotate_field_keys", stdout=said)
        call_command("rotate_field_keys", stdout=said)
        assert said.getvalue() == "1 parties encrypted anew\n0 parties encrypted anew\n"
        settings.FIELD_KEYS = KEYS[1:]
        party = Party.objects.get(citizen_id_hash=keyed_hash(NUMBER))
        assert (decrypt(party.citizen_id_cipher or b""), decrypt(party.phone_cipher or b"")) == (
            NUMBER,
            "0905123456",
        )


@pytest.mark.django_db
class TestCodes:
    def test_codes_follow_one_another_per_agency_and_day(self) -> None:
        one, other = make.agency(code="000.17.22.H56"), make.agency(code="H48.12.3")
        RuleSet.on(make.NOW.date())
        next_day = make.at("2024-06-04 00:00")
        codes = [
            numbering.next_numbers(agency, now).code
            for agency, now in (
                (one, make.NOW),
                (one, make.NOW),
                (other, make.NOW),
                (one, next_day),
            )
        ]
        assert codes == [
            "000.17.22.H56-240603-0001",
            "000.17.22.H56-240603-0002",
            "H48.12.3-240603-0001",
            "000.17.22.H56-240604-0001",
        ]

    def test_the_ten_thousandth_dossier_of_a_day_widens_the_number(self) -> None:
        agency = make.agency(code="000.17.22.H56")
        DossierCounter.objects.create(agency=agency, day=make.NOW.date(), last=9_999)
        code = numbering.next_numbers(agency, make.NOW).code
        assert code == "000.17.22.H56-240603-10000"
