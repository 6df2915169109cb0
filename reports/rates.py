"""The share resolved in time, each rate with its named denominator; 0/0 is no number."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.cells import Cells

NAMES = {
    "resolved": "Trước và đúng hạn trên số đã giải quyết",
    "received": "Trước và đúng hạn trên tổng số tiếp nhận",
    "with_open": "Trước, đúng hạn và còn trong hạn trên tổng số tiếp nhận",
}


@dataclass(frozen=True)
class Rate:
    num: int
    den: int

    @property
    def percent(self) -> str | None:
        """Two decimals, half up; None for 0/0: no dossier is not 100 %."""
        if self.den == 0:
            return None
        exact = Decimal(self.num) * 100 / Decimal(self.den)
        return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))

    @property
    def shown(self) -> str:
        return "—" if self.percent is None else self.percent.replace(".", ",") + " %"

    def to_json(self) -> dict[str, object]:
        return {"num": self.num, "den": self.den, "percent": self.percent}


def of(cells: Cells) -> dict[str, Rate]:
    """`resolved` is Biểu mẫu 3's and the default."""
    in_time = cells.c8 + cells.c9
    return {
        "resolved": Rate(in_time, cells.c7),
        "received": Rate(in_time, cells.c3),
        "with_open": Rate(in_time + cells.c12, cells.c3),
    }
