"""Who is it (chủ hồ sơ, người nộp)? Find or make the party of a number; clean what was typed."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from dossiers import errors
from dossiers.models import Party
from dossiers.secrets import encrypt, keyed_hash
from dossiers.telling import Contact
from motcua.text import clean, fold, sort_key

_PERSON = re.compile(r"\d{12}|\d{9}")  # căn cước; the old chứng minh nhân dân
_ORGANISATION = re.compile(r"\d{10}(?:-?\d{3})?|\d{12}|\d{9}")  # mã số thuế, with its branch
_PHONE = re.compile(r"0\d{9,10}")
_ANY_NUMBER = re.compile(r"[0-9A-Z]{6,20}", re.ASCII)
_ANY_PHONE = re.compile(r"\+?[0-9]{6,15}", re.ASCII)
_SEPARATORS = re.compile(r"[\s.()\u00a0–-]")


@dataclass(frozen=True)
class PartyDetails:
    """A person or an organisation as typed at the counter."""

    kind: str
    name: str
    citizen_id: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    def cleaned(self) -> "PartyDetails":
        """Normalised; refuses what cannot be a name, a number, a phone."""
        name = clean(self.name)
        if not name:
            raise errors.PartyInvalid(fields={"name": "Cần có họ tên hoặc tên tổ chức."})
        if self.kind not in Party.Kind.values:
            raise errors.PartyInvalid(fields={"kind": "Chọn cá nhân hoặc tổ chức."})
        if len(name) > 200 or len(clean(self.address)) > 300:
            raise errors.PartyInvalid(fields={"name": "Tên hoặc địa chỉ quá dài."})
        return PartyDetails(
            self.kind,
            name,
            given_number(self.citizen_id),
            given_phone(self.phone),
            self.email.strip(),
            clean(self.address),
        )


def given_number(typed: str) -> str:
    """As the citizen showed it: also a passport; an odd one is a warning, no wall."""
    number = _SEPARATORS.sub("", typed).upper()
    if number and not _ANY_NUMBER.fullmatch(number):
        message = "Số giấy tờ có từ 6 đến 20 chữ số, chữ cái không dấu."
        raise errors.PartyInvalid(fields={"citizen_id": message})
    return number


def given_phone(typed: str) -> str:
    """National form where it has one; else its digits."""
    try:
        return normal_phone(typed)
    except errors.PartyInvalid:
        digits = _SEPARATORS.sub("", typed)
        if _ANY_PHONE.fullmatch(digits):
            return digits
        raise


def normal_number(typed: str, kind: str = Party.Kind.PERSON) -> str:
    """Digits of a citizen's number (12, formerly 9) or of a tax code (10, or 13 of a branch)."""
    digits = _SEPARATORS.sub("", typed)
    pattern = _PERSON if kind == Party.Kind.PERSON else _ORGANISATION
    if digits and not (digits.isascii() and pattern.fullmatch(digits)):
        message = (
            "Số định danh cá nhân có 12 chữ số (số CMND cũ có 9)."
            if kind == Party.Kind.PERSON
            else "Mã số thuế có 10 hoặc 13 chữ số."
        )
        raise errors.PartyInvalid(fields={"citizen_id": message})
    return digits


def normal_phone(typed: str) -> str:
    """National form: +84 905 123 456 and 84905123456 are 0905123456."""
    digits = _SEPARATORS.sub("", typed)
    if digits.startswith("+84"):
        digits = "0" + digits[3:].removeprefix("0")
    elif digits.startswith("84") and len(digits) >= 11:
        digits = "0" + digits[2:]
    if digits and not (digits.isascii() and _PHONE.fullmatch(digits)):
        raise errors.PartyInvalid(fields={"phone": "Số điện thoại không hợp lệ."})
    return digits


def number_hash(typed: str, kind: str = Party.Kind.PERSON) -> bytes:
    """What to search `citizen_id_hash` for."""
    return keyed_hash(normal_number(typed, kind))


def phone_hash(typed: str) -> bytes:
    """What to search `phone_hash` for."""
    return keyed_hash(normal_phone(typed))


# One statement, safe in a race: the second of two inserts waits, then takes the first's row.
# A known party keeps its name; a changed phone, e-mail or address is the newer knowledge.
_FIND_OR_CREATE = """
    INSERT INTO dossiers_party (public_id, kind, name, name_fold, sort_key, citizen_id_cipher,
        citizen_id_hash, phone_cipher, phone_hash, email, address, created_at)
    VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (kind, citizen_id_hash) WHERE citizen_id_hash IS NOT NULL DO UPDATE SET
        phone_cipher = coalesce(excluded.phone_cipher, dossiers_party.phone_cipher),
        phone_hash = coalesce(excluded.phone_hash, dossiers_party.phone_hash),
        email = coalesce(nullif(excluded.email, ''), dossiers_party.email),
        address = coalesce(nullif(excluded.address, ''), dossiers_party.address)
    RETURNING id, phone_cipher, email
"""


def find_or_create(given: PartyDetails, now: datetime) -> Contact:
    """The party, one statement. `given` is cleaned; without a number always a new one."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND_OR_CREATE, row_of(given, now))
        return Contact(*cursor.fetchone())


def row_of(given: PartyDetails, now: datetime) -> tuple[Any, ...]:
    """kind … created_at, in the order of the table's columns after public_id."""
    return (
        given.kind,
        given.name,
        fold(given.name),
        sort_key(given.name),
        *_sealed(given.citizen_id),
        *_sealed(given.phone),
        given.email,
        given.address,
        now,
    )


def _sealed(value: str) -> tuple[bytes | None, bytes | None]:
    return (encrypt(value), keyed_hash(value)) if value else (None, None)
