"""The blocks of figures inside the text: written from the snapshot, never typed.

Every number of columns 3–13 that is not zero is told, so that received = resolved + open can be
followed on paper, and open overdue dossiers do not vanish.
"""

from collections.abc import Callable

from motcua.papers import number, short_date
from reports import rates
from reports.cells import Cells
from reports.narrative import Line
from reports.snapshot import BlockFigures, Snapshot

# The order of letters in a Vietnamese outline.
LETTERS = "abcdđeghiklmnopqrstuvxy"
COUNTER = "Bộ phận Tiếp nhận và Trả kết quả"


def posting(snapshot: Snapshot) -> list[Line]:
    added = snapshot.posted_added
    return [
        Line(
            f"Đến ngày {short_date(snapshot.as_of)}, cơ quan niêm yết, công khai"
            f" {number(snapshot.posted)} thủ tục hành chính, trong đó niêm yết bổ sung trong kỳ"
            f" {number(added)} thủ tục."
        )
    ]


def counter(snapshot: Snapshot) -> list[Line]:
    """Both totals under their names, then each field with its zero rows."""
    lines = [Line(text) for text in _totals(snapshot)]
    for letter, block in zip(LETTERS, snapshot.blocks, strict=False):
        lines.append(Line(f"{letter}) Lĩnh vực {block.name}:", is_lead=True))
        lines += _block(block)
    return lines


def online(snapshot: Snapshot) -> list[Line]:
    once = snapshot.once
    fresh = once.c4 + once.c5
    lines = [
        Line(
            f"Số hồ sơ nộp trực tuyến trong kỳ: {number(once.c4)} hồ sơ trên tổng số"
            f" {number(fresh)} hồ sơ tiếp nhận mới (tính một lần), đạt"
            f" {rates.Rate(once.c4, fresh).shown}."
        )
    ]
    parts = [(block.name, block.once.c4) for block in snapshot.blocks if block.once.c4]
    if parts:
        lines.append(Line("Trong đó:", is_lead=True))
        lines += _listed([f"Lĩnh vực {name}: {number(count)} hồ sơ" for name, count in parts], 1)
    return lines


def postal(snapshot: Snapshot) -> list[Line]:
    taken, returned = snapshot.received_by_post, snapshot.returned_by_post
    if not taken and not returned:
        return [Line("Trong kỳ không phát sinh hồ sơ qua dịch vụ bưu chính công ích.")]
    return [
        Line(
            f"Tiếp nhận qua dịch vụ bưu chính công ích: {number(taken)} hồ sơ; trả kết quả qua"
            f" dịch vụ bưu chính công ích: {number(returned)} hồ sơ."
        )
    ]


def overdue(snapshot: Snapshot) -> list[Line]:
    """What the figures themselves show as a shortcoming; nothing when there is none."""
    cells = snapshot.received
    lines = []
    if cells.c10:
        lines.append(Line(f"Có {number(cells.c10)} hồ sơ giải quyết quá hạn trong kỳ.", 1))
    if cells.c13:
        where = ", ".join(
            f"{block.name} {number(block.received.c13)}"
            for block in snapshot.blocks
            if block.received.c13
        )
        lines.append(
            Line(
                f"Đến ngày {short_date(snapshot.as_of)} còn {number(cells.c13)} hồ sơ đang giải"
                f" quyết đã quá hạn ({where}).",
                1,
            )
        )
    return lines


BLOCKS: dict[str, Callable[[Snapshot], list[Line]]] = {
    "posting": posting,
    "counter": counter,
    "online": online,
    "postal": postal,
    "overdue": overdue,
}


def _totals(snapshot: Snapshot) -> list[str]:
    once, received = snapshot.once, snapshot.received
    span = f"từ ngày {short_date(snapshot.first_day)} đến ngày {short_date(snapshot.as_of)}"
    if not snapshot.totals_differ:
        return [
            f"Trong kỳ ({span}), {COUNTER} đã tiếp nhận {number(once.c3)} hồ sơ. {_state(once)}"
        ]
    forwarded = received.c3 - once.c3
    return [
        f"Trong kỳ ({span}), {COUNTER} đã tiếp nhận {number(once.c3)} hồ sơ (tính một lần: mỗi hồ"
        " sơ chỉ đếm ở nơi công dân nộp, không kể hồ sơ do cơ quan khác tiếp nhận rồi chuyển"
        f" đến). {_state(once)}",
        f"Theo số tiếp nhận, tức là kể cả {number(forwarded)} hồ sơ liên thông do cơ quan khác"
        f" tiếp nhận rồi chuyển đến, tổng số là {number(received.c3)} hồ sơ. {_state(received)}",
        "Theo số tiếp nhận, từng lĩnh vực cụ thể như sau:",
    ]


def _state(cells: Cells) -> str:
    carried = f", kỳ trước chuyển sang {number(cells.c6)}" if cells.c6 else ""
    return (
        f"Trong đó: nộp trực tuyến {number(cells.c4)}, trực tiếp và qua bưu chính"
        f" {number(cells.c5)}{carried}. Đã giải quyết {number(cells.c7)} hồ sơ{_resolved(cells)};"
        f" đang giải quyết {number(cells.c11)} hồ sơ{_open(cells)}. Tỷ lệ giải quyết trước và"
        f" đúng hạn trên số đã giải quyết: {rates.of(cells)['resolved'].shown}."
    )


def _resolved(cells: Cells) -> str:
    """How the resolved ones ended, in brackets; nothing to say of none."""
    early, on_time, late = number(cells.c8), number(cells.c9), number(cells.c10)
    parts = f" (trước hạn {early}, đúng hạn {on_time}, quá hạn {late})"
    return parts if cells.c7 else ""


def _open(cells: Cells) -> str:
    parts = f" (còn trong hạn {number(cells.c12)}, đã quá hạn {number(cells.c13)})"
    return parts if cells.c11 else ""


def _listed(texts: list[str], depth: int) -> list[Line]:
    """Items end with ";", the last one with "."."""
    return [
        Line(text + (";" if position < len(texts) else "."), depth)
        for position, text in enumerate(texts, 1)
    ]


def _block(block: BlockFigures) -> list[Line]:
    cells = block.received
    if not cells.c3:
        return [Line("Tổng số hồ sơ tiếp nhận trong kỳ: 0 hồ sơ.", 1)]
    shown = [(name, part) for name, part in block.parts if part.c3]
    lines = [Line(f"Tổng số hồ sơ tiếp nhận: {number(cells.c3)} hồ sơ{_origin(block)}.", 1)]
    if len(shown) > 1:
        lines[0] = Line(f"{lines[0].text} Trong đó:", 1)
        lines += _listed([f"{name}: {_short(part)}" for name, part in shown], 2)
    lines.append(Line(f"Đã giải quyết: {number(cells.c7)} hồ sơ{_resolved(cells)}.", 1))
    lines.append(Line(f"Đang giải quyết: {number(cells.c11)} hồ sơ{_open(cells)}.", 1))
    if block.withdrawn or block.stopped:
        lines.append(
            Line(
                f"Công dân rút hồ sơ: {number(block.withdrawn)}; dừng giải quyết do không đủ điều"
                f" kiện: {number(block.stopped)} (đã tính trong số đã giải quyết).",
                1,
            )
        )
    if block.fees_vnd:
        lines.append(Line(f"Tổng số phí, lệ phí thu được: {number(block.fees_vnd)} đồng.", 1))
    return lines


def _origin(block: BlockFigures) -> str:
    parts = []
    if block.received.c6:
        parts.append(f"kỳ trước chuyển sang {number(block.received.c6)}")
    if block.forwarded:
        parts.append(f"liên thông từ cơ quan khác chuyển đến {number(block.forwarded)}")
    return f" ({'; '.join(parts)})" if parts else ""


def _short(cells: Cells) -> str:
    """One field in one line: received, and what became of it."""
    return (
        f"{number(cells.c3)} hồ sơ (đã giải quyết {number(cells.c7)}, đang giải quyết"
        f" {number(cells.c11)}" + (f", trong đó quá hạn {number(cells.c13)})" if cells.c13 else ")")
    )
