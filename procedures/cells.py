"""How one cell of a catalogue file is read; a ValueError says in Vietnamese what is wrong."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from agencies.models import Level

T = TypeVar("T")

CODE = re.compile(r"\d\.\d{6}|DEMO-[A-Z0-9-]{1,15}")
NOTHING = "-"  # a list that is expressly empty


def code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise ValueError("mã thủ tục phải có dạng 1.001193 (6 chữ số sau dấu chấm) hoặc DEMO-…")
    return text


def text_of(length: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > length:
            raise ValueError(f"dài quá {length} ký tự")
        if text[:1] in {"=", "+", "@"}:  # would be a formula in someone's spreadsheet one day
            raise ValueError("không được bắt đầu bằng “=”, “+” hay “@”")
        return text

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(f"phải là số nguyên từ {low} đến {high}")
        return int(text)

    return read


def one_of(known: Collection[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"“{text[:40]}” không hợp lệ; nhận: {', '.join(known)}")
        return text

    return read


def boolean(text: str) -> bool:
    return one_of(("yes", "no"))(text) == "yes"


def day(text: str) -> date:
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a legal day has no zone
        except ValueError:
            continue
    raise ValueError("phải là ngày, dạng 2024-04-26 hoặc 26/04/2024")


def levels(text: str) -> tuple[str, ...]:
    found = [part.strip() for part in text.split(";") if part.strip()]
    for level in found:
        one_of(Level.values)(level)
    if not found or len(set(found)) < len(found):
        raise ValueError("phải nêu mỗi cấp một lần, cách nhau bằng dấu “;”")
    return tuple(level for level in Level.values if level in found)


def hours(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(0)
    if not Decimal(0) < value < Decimal(10_000):
        raise ValueError("số giờ phải lớn hơn 0")
    return value.quantize(Decimal("0.01"))


def entries(read: Callable[[list[str]], T], most: int) -> Callable[[str], tuple[T, ...]]:
    """`a; 1 | b; 2`: entries cut by “|”, the parts of each by “;”."""

    def read_all(text: str) -> tuple[T, ...]:
        if text == NOTHING:
            return ()
        found = []
        for number, entry in enumerate(text.split("|"), start=1):
            parts = [part.strip() for part in entry.split(";")]
            if not parts[0] or len(parts) > most:
                raise ValueError(f"mục {number}: cần từ 1 đến {most} phần cách nhau bằng “;”")
            try:
                found.append(read(parts + [""] * (most - len(parts))))
            except ValueError as error:
                raise ValueError(f"mục {number}: {error}") from error
        return tuple(found)

    return read_all
