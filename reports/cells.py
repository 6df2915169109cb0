"""The columns of Biểu II.06a/VPCP/KSTT, as numbers that can be added."""

from dataclasses import dataclass, fields

COLUMNS = {
    "c3": "Tiếp nhận: tổng số",
    "c4": "Tiếp nhận trong kỳ: trực tuyến",
    "c5": "Tiếp nhận trong kỳ: trực tiếp, dịch vụ bưu chính",
    "c6": "Tiếp nhận: từ kỳ trước",
    "c7": "Đã giải quyết: tổng số",
    "c8": "Đã giải quyết: trước hạn",
    "c9": "Đã giải quyết: đúng hạn",
    "c10": "Đã giải quyết: quá hạn",
    "c11": "Đang giải quyết: tổng số",
    "c12": "Đang giải quyết: trong hạn",
    "c13": "Đang giải quyết: quá hạn",
}


@dataclass(frozen=True, kw_only=True)
class Cells:
    c3: int = 0
    c4: int = 0
    c5: int = 0
    c6: int = 0
    c7: int = 0
    c8: int = 0
    c9: int = 0
    c10: int = 0
    c11: int = 0
    c12: int = 0
    c13: int = 0

    def __add__(self, other: "Cells") -> "Cells":
        return Cells(**{name: self[name] + other[name] for name in COLUMNS})

    def __getitem__(self, column: str) -> int:
        return int(getattr(self, column))

    @property
    def values(self) -> dict[str, int]:
        return {name: self[name] for name in COLUMNS}


@dataclass(frozen=True, kw_only=True)
class Row(Cells):
    """One row of a table of figures: by `key` it can be opened, `name` is printed."""

    key: str
    name: str

    @classmethod
    def of(cls, key: str, name: str, cells: Cells) -> "Row":
        return cls(key=key, name=name, **cells.values)


def total(many: "list[Cells] | list[Row]") -> Cells:
    return Cells(**{name: sum(cells[name] for cells in many) for name in COLUMNS})


assert {field.name for field in fields(Cells)} == set(COLUMNS)
