"""Invented persons (người được đặt ra) for the demonstration.

Their numbers cannot be anybody's: no citizen's number begins with 000 (the codes of provinces
run from 001 to 096), and no operator has been given the prefix 050.
"""

from dataclasses import dataclass
from random import Random

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hồ", "Đinh", "Võ", "Phan", "Huỳnh", "Bùi", "Đặng", "Đỗ")
_MIDDLE = ("Văn", "Thị", "Minh", "Thanh", "Ngọc", "Quốc", "Thu", "Đức", "Hoài", "Xuân")
_GIVEN = (
    "An", "Ánh", "Bình", "Châu", "Dung", "Đạt", "Giang", "Hà", "Hạnh", "Hiếu", "Hương", "Khánh",
    "Lan", "Linh", "Mai", "Nam", "Nga", "Phúc", "Quyên", "Sơn", "Tâm", "Thảo", "Tùng", "Uyên",
    "Việt", "Yến",
)  # fmt: skip
_FIRMS = ("Hợp tác xã Quế", "Công ty TNHH Xây dựng", "Công ty TNHH Thương mại", "Hộ kinh doanh")
MARK = "(minh họa)"


@dataclass(frozen=True)
class Person:
    name: str
    kind: str
    citizen_id: str
    phone: str
    address: str


def person(random: Random, number: int, place: str) -> Person:
    """The invented person of this number; `place` ends up in the address."""
    name = " ".join(random.choice(part) for part in (_FAMILY, _MIDDLE, _GIVEN))
    address = f"Thôn {random.randint(1, 9)}, {place} {MARK}"
    return Person(name, "person", f"000{number:09d}", f"050{number:07d}", address)


def organisation(random: Random, number: int, place: str) -> Person:
    """The invented organisation of this number."""
    name = f"{random.choice(_FIRMS)} {random.choice(_GIVEN)} {random.choice(_GIVEN)} {MARK}"
    return Person(name, "organisation", f"000{number:09d}", f"050{number:07d}", f"{place} {MARK}")
