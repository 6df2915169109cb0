"""Do the figures agree with one another? The identities of II.06a, each with its numbers."""

from dataclasses import dataclass

from reports.cells import Cells, Row, total


@dataclass(frozen=True)
class Check:
    rule: str
    # None: there is nothing to compare.
    ok: bool | None
    detail: str

    @property
    def name(self) -> str:
        return NAMES.get(self.rule, self.rule)

    def to_json(self) -> dict[str, object]:
        return {"rule": self.rule, "ok": self.ok, "detail": self.detail}


NAMES = {
    "c3=c4+c5+c6": "(3) = (4) + (5) + (6)",
    "c7=c8+c9+c10": "(7) = (8) + (9) + (10)",
    "c11=c12+c13": "(11) = (12) + (13)",
    "c3=c7+c11": "(3) = (7) + (11)",
    "carried_in": "Kỳ trước chuyển sang",
    "sum_of_rows": "Tổng các dòng",
}
SUMS = {
    "c3=c4+c5+c6": ("c3", ("c4", "c5", "c6")),
    "c7=c8+c9+c10": ("c7", ("c8", "c9", "c10")),
    "c11=c12+c13": ("c11", ("c12", "c13")),
    "c3=c7+c11": ("c3", ("c7", "c11")),
}


def run(cells: Cells, rows: list[Row] | None, opening: int, inherited: int) -> list[Check]:
    return [
        *(
            _sum(rule, whole, parts, [cells, *(rows or [])])
            for rule, (whole, parts) in SUMS.items()
        ),
        Check(
            "carried_in",
            cells.c6 == opening + inherited,
            f"từ kỳ trước {cells.c6}; cuối kỳ trước còn {opening}"
            + (f"; nhận bàn giao {inherited:+d}" if inherited else ""),
        ),
        _rows(cells, rows),
    ]


def _sum(rule: str, whole: str, parts: tuple[str, ...], lines: list[Cells]) -> Check:
    wrong = [line for line in lines if line[whole] != sum(line[part] for part in parts)]
    shown = wrong[0] if wrong else lines[0]
    terms = " + ".join(str(shown[part]) for part in parts)
    return Check(rule, not wrong, f"{shown[whole]} {'≠' if wrong else '='} {terms}")


def _rows(cells: Cells, rows: list[Row] | None) -> Check:
    if rows is None:
        return Check("sum_of_rows", None, "không phân tổ")
    summed = total(rows)
    wrong = [name for name, value in summed.values.items() if value != cells[name]]
    if wrong:
        shown = f"{wrong[0]}: {summed[wrong[0]]} ≠ {cells[wrong[0]]}"
        return Check("sum_of_rows", ok=False, detail=shown)
    return Check("sum_of_rows", ok=True, detail=f"{len(rows)} dòng")
