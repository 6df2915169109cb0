"""What official papers have in common: names in headers, places, dates and numbers in words.

The layout of Nghị định 30/2020/NĐ-CP, Phụ lục I; the numbers as Vietnamese print them (1.234,5).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone

_UNIT = re.compile(
    r"^.*?\b(tỉnh|thành phố|quận|huyện|thị xã|thị trấn|phường|xã|đặc khu)\s+", re.IGNORECASE
)
_LAST_UNIT = re.compile(r"\b(?:tỉnh|thành phố|quận|huyện|thị xã|thị trấn|phường|xã|đặc khu) \S.*$")
_COMMITTEE = re.compile(r"\bUBND\b")


@dataclass(frozen=True)
class Name:
    """A body's name in capitals; `unit` ("HUYỆN TRÀ BỒNG") is not torn by a line break."""

    body: str
    unit: str

    def __str__(self) -> str:
        return f"{self.body} {self.unit}".strip()


@dataclass(frozen=True)
class Heading:
    """The left half of the head: the superior body (None: there is none) and the issuing one."""

    parent: Name | None
    issuer: Name


def place(committee: str) -> str:
    """The place in "Trà Bồng, ngày …": the unit's own name; one that is a number keeps its word.

    >>> place("Ủy ban nhân dân huyện Trà Bồng")
    'Trà Bồng'
    """
    bare = _UNIT.sub("", committee).strip()
    if bare[:1].isdigit():
        word = _UNIT.match(committee)
        return f"{word[1].capitalize()} {bare}" if word else bare
    return bare


def in_capitals(name: str) -> Name:
    """The name as heads print it: no abbreviation, capitals."""
    full = _COMMITTEE.sub("Ủy ban nhân dân", name)
    found = _LAST_UNIT.search(full)
    cut = found.start() if found else len(full)
    return Name(full[:cut].strip().upper(), full[cut:].upper())


def day_line(day: date) -> str:
    """ "ngày 05 tháng 02 năm 2024": days below 10 and the months 1 and 2 are padded."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment(instant: datetime) -> str:
    """ "14 giờ 05 phút, ngày 07/5/2024" as appointments on receipts are written."""
    local = timezone.localtime(instant)
    month = f"{local.month:02d}" if local.month < 3 else str(local.month)
    return (
        f"{local.hour:02d} giờ {local.minute:02d} phút, ngày {local.day:02d}/{month}/{local.year}"
    )


def short_date(day: date) -> str:
    """ "15/3/2024", written like the dates of documents in running text."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def number(value: int | Decimal, places: int = 0) -> str:
    """ "1.234,5": half up, dots between thousands, a decimal comma."""
    exact = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{exact:,.{places}f}"
    return text.translate(str.maketrans(",.", ".,"))
