"""Figures in typed text: linked tokens `{{…}}`, filled from the snapshot when it is printed.

A token is readable Vietnamese: `{{tiếp nhận}}` is of the whole agency, `{{tiếp nhận | Xây dựng}}`
of one block. Of the whole agency each dossier is counted once, and `tiếp nhận theo số tiếp nhận`
takes in those that other agencies passed on; blocks are printed, and so named, by the latter.
"""

from dataclasses import dataclass

from motcua import papers
from reports import periods, rates
from reports.cells import Cells
from reports.snapshot import Snapshot

NAMES = {
    "tiếp nhận": "c3",
    "trực tuyến": "c4",
    "trực tiếp, bưu chính": "c5",
    "kỳ trước chuyển sang": "c6",
    "đã giải quyết": "c7",
    "trước hạn": "c8",
    "đúng hạn": "c9",
    "giải quyết quá hạn": "c10",
    "đang giải quyết": "c11",
    "còn trong hạn": "c12",
    "đang quá hạn": "c13",
}
RECEIVED = "theo số tiếp nhận"


@dataclass(frozen=True)
class Token:
    """A choice of the picker: what is written, what it means now; `cell` opens the dossiers."""

    name: str
    value: str
    group: str
    column: str = ""
    interagency: str = ""
    block: str = ""  # the key of the row, when it is of one block

    @property
    def written(self) -> str:
        return "{{" + self.name + "}}"


def available(snapshot: Snapshot) -> list[Token]:
    """Every token with its value, in the order of the picker."""
    whole = "Toàn cơ quan, tính một lần"
    tokens = _names(snapshot) + _cells("", whole, snapshot.once, "counted-once")
    tokens += [
        Token("tỷ lệ đúng hạn", rates.of(snapshot.once)["resolved"].shown, whole),
        Token("trả qua bưu chính", papers.number(snapshot.returned_by_post), whole),
        Token("niêm yết", papers.number(snapshot.posted), whole),
        Token("niêm yết bổ sung", papers.number(snapshot.posted_added), whole),
    ]
    if snapshot.totals_differ:
        tokens += _cells(
            f" {RECEIVED}", f"Toàn cơ quan, {RECEIVED}", snapshot.received, "as-received"
        )
    for block in snapshot.blocks:
        tail, group = f" | {block.name}", f"Lĩnh vực {block.name}, {RECEIVED}"
        tokens += _cells(tail, group, block.received, "as-received", block.key)
        in_time = rates.of(block.received)["resolved"].shown
        tokens.append(Token(f"tỷ lệ đúng hạn{tail}", in_time, group))
        tokens.append(Token(f"lệ phí{tail}", papers.number(block.fees_vnd), group))
    return tokens


def values(snapshot: Snapshot) -> dict[str, str]:
    return {token.name: token.value for token in available(snapshot)}


def period_name(period: periods.Period) -> str:
    """Inside a sentence: "quý II năm 2024"."""
    return period.name[0].lower() + period.name[1:]


def next_period(period: periods.Period) -> periods.Period:
    """The quarter after a quarter."""
    quarter = period.last_month // 3
    year, following = (period.year + 1, 1) if quarter == 4 else (period.year, quarter + 1)
    return periods.parse(f"{year}-Q{following}", period.calendar)


def _names(snapshot: Snapshot) -> list[Token]:
    period = periods.parse(snapshot.period, snapshot.calendar)
    following = next_period(period)
    named = {
        "cơ quan": snapshot.subject.name,
        "kỳ": period_name(period),
        "kỳ sau": period_name(following),
        "năm": str(period.year),
        "năm của kỳ sau": str(following.year),
        "từ ngày": papers.short_date(snapshot.first_day),
        "đến ngày": papers.short_date(snapshot.last_day),
    }
    return [Token(name, value, "Tên gọi") for name, value in named.items()]


def _cells(tail: str, group: str, cells: Cells, interagency: str, block: str = "") -> list[Token]:
    return [
        Token(name + tail, papers.number(cells[column]), group, column, interagency, block)
        for name, column in NAMES.items()
    ]
