"""Does a number look right? Warnings for the clerk, never a wall. Pure.

Số định danh cá nhân (NĐ 137/2015/NĐ-CP, Điều 13; TT 59/2021/TT-BCA): 12 digits: the province
where the birth was registered (3; the codes before the mergers stay), century and gender (1), the
last two digits of the year of birth, 6 random ones. No check digit.
Mã số thuế (TT 86/2024/TT-BTC): 10 digits, the last one checks the others, or 13 with the branch;
since 1/7/2025 a household's is the citizen's number.
"""

import re
from collections.abc import Iterator
from datetime import date

from dossiers.models import Party

# Tỉnh, thành phố where births were registered: the 63 of 2004–2025.
# fmt: off
_PROVINCES = frozenset((
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35,
    36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70,
    72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
))
# fmt: on
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_PHONE = re.compile(r"0[35789]\d{8}|02\d{8,9}", re.ASCII)
_OLDEST = 120


def of_number(number: str, kind: str, today: date) -> list[str]:
    """What is odd about a number without separators; nothing about an empty one."""
    if not number:
        return []
    check = _of_tax_code if kind == Party.Kind.ORGANISATION else _of_citizen
    return list(check(number, today))


def of_phone(phone: str) -> list[str]:
    if not phone or _PHONE.fullmatch(phone):
        return []
    return ["Số điện thoại không có dạng di động (10 số) hay cố định (02…)."]


def _of_citizen(number: str, today: date) -> Iterator[str]:
    if not _is_digits(number) or len(number) not in {9, 12}:
        yield "Số định danh cá nhân có 12 chữ số (CMND cũ có 9); đây có phải số hộ chiếu?"
        return
    if len(number) == 9:
        return
    if int(number[:3]) not in _PROVINCES:
        yield f"Ba số đầu “{number[:3]}” không phải mã tỉnh, thành phố nơi khai sinh."
    born = 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])
    if born > today.year:
        yield f"Chữ số thứ 4 đến thứ 6 cho năm sinh {born}, sau năm nay."
    elif born < today.year - _OLDEST:
        yield f"Chữ số thứ 4 đến thứ 6 cho năm sinh {born}."


def _of_tax_code(number: str, today: date) -> Iterator[str]:
    if _is_digits(number) and len(number) == 12:
        yield from _of_citizen(number, today)
    elif not _is_digits(number) or len(number) not in {10, 13}:
        yield "Mã số thuế có 10 chữ số, của chi nhánh có 13."
    elif not _is_checked(number[:10]):
        yield "Chữ số kiểm tra của mã số thuế không khớp; xin xem lại."


def _is_checked(code: str) -> bool:
    rest = sum(w * int(digit) for w, digit in zip(_WEIGHTS, code, strict=False)) % 11
    return 10 - rest == int(code[9])


def _is_digits(number: str) -> bool:
    return number.isascii() and number.isdigit()
