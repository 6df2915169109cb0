"""Text, headings, the end, signature, recipients, annex."""

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.reports.decree30.reading import Piece, Sheet

HEADING = re.compile(r"^([IVX]+|\d+)\. \S")
NOTE = "*"  # what begins a footnote


def _parts(sheets: list[Sheet]) -> tuple[list[Piece], list[Piece], Sheet | None]:
    """The lines between the title's rule and "Nơi nhận", then those beside and below it."""
    inside: list[Piece] = []
    below: list[Piece] = []
    last: Sheet | None = None
    for sheet in (each for each in sheets if not each.is_landscape):
        to = sheet.find("^Nơi nhận:$")
        for piece in sheet.text:
            if last or (to and piece.top >= to.top - 1):
                below.append(piece)
            else:
                inside.append(piece)
        last = last or (sheet if to else None)
    starts = next((i for i, piece in enumerate(inside) if piece.text.startswith("Kính gửi")), 0)
    lines = [piece for piece in inside[starts + 1 :] if not piece.text.startswith(NOTE)]
    return lines, below, last


def text(sheets: list[Sheet]) -> Iterator[str]:
    """13–14 upright (grounds italic), justified, the first line 1 or 1.27 cm in."""
    lines, _, _ = _parts(sheets)
    if not lines:
        yield "không có nội dung"
        return
    left, right = min(p.x0 for p in lines), max(p.x1 for p in lines)
    for line in lines:
        if not line.is_sized(13, 14):
            yield f"“{line.text[:30]}” không phải cỡ 13–14"
    indents = {round(line.x0 - left, 1) for line in lines}
    beginnings = {indent for indent in indents if 1 < indent < 25}
    if not beginnings or any(not 9.5 <= indent <= 13.5 for indent in beginnings):
        yield f"thụt đầu dòng {sorted(indents)} mm, phải 10 hoặc 12,7"
    # a line followed by one at the left edge is not a paragraph's last: it must be full
    full = [a for a, b in pairwise(lines) if b.x0 - left < 1 and b.top > a.top]
    ragged = [line for line in full if right - line.x1 > 1.5]
    if len(ragged) > len(full) * 0.05:
        yield f"{len(ragged)}/{len(full)} dòng không canh đều hai lề"


def addressees(sheets: list[Sheet]) -> Iterator[str]:
    piece = sheets[0].find("^Kính gửi:")
    if piece is None:
        yield "thiếu Kính gửi"
    elif not (piece.is_sized(13, 14) and piece.is_upright and not piece.is_bold):
        yield "Kính gửi phải cỡ 13–14, đứng"


def headings(sheets: list[Sheet]) -> Iterator[str]:
    """ "I.", "1.": bold 13–14, in unbroken order."""
    lines, _, _ = _parts(sheets)
    found = [line for line in lines if HEADING.match(line.text)]
    for line in found:
        if not (line.is_bold and line.is_upright):
            yield f"“{line.text[:30]}” phải đậm, đứng"
    roman = [line.text.split(".")[0] for line in found if not line.text[0].isdigit()]
    if roman != ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"][: len(roman)] or not roman:
        yield f"thứ tự đề mục lớn: {roman}"


def ending(sheets: list[Sheet]) -> Iterator[str]:
    lines, _, _ = _parts(sheets)
    if not lines or not lines[-1].text.endswith("./."):
        yield "nội dung phải kết thúc bằng “./.”"


def recipients(sheets: list[Sheet]) -> Iterator[str]:
    _, below, sheet = _parts(sheets)
    if sheet is None:
        yield "thiếu Nơi nhận"
        return
    to = (
        below[0] if below[0].text == "Nơi nhận:" else next(p for p in below if "Nơi nhận" in p.text)
    )
    if not (to.is_sized(12, 12) and to.is_bold and to.is_italic):
        yield "“Nơi nhận:” phải cỡ 12, nghiêng, đậm"
    listed = [p for p in below if p.x1 < sheet.width * 0.55 and p.top > to.top + 1]
    if not listed:
        yield "danh sách nơi nhận trống"
        return
    for line in listed:
        if not (line.is_sized(11, 11) and line.is_upright and not line.is_bold):
            yield f"“{line.text}” phải cỡ 11, đứng"
        if line is not listed[-1] and not re.fullmatch(r"- .+;", line.text):
            yield f"“{line.text}” phải có dạng “- …;”"
    if not re.fullmatch(r"- Lưu: VT(, .+)?\.", listed[-1].text):
        yield "dòng cuối phải là “- Lưu: VT….”"


def signature(sheets: list[Sheet]) -> Iterator[str]:
    """Capacity in capitals, name in title case, both 13–14 bold in the right half."""
    _, below, sheet = _parts(sheets)
    if sheet is None:
        yield "không có khối chữ ký"
        return
    right = [p for p in below if p.x0 > sheet.width * 0.45]
    capacity = [p for p in right if p.text == p.text.upper()]
    names = [p for p in right if p.text != p.text.upper()]
    if not capacity:
        yield "thiếu quyền hạn, chức vụ của người ký"
        return
    for line in right:
        if not (line.is_sized(13, 14) and line.is_bold and line.is_upright):
            yield f"“{line.text}” phải cỡ 13–14, đứng, đậm"
        if abs(line.middle - capacity[0].middle) > 1:
            yield f"“{line.text}” không canh giữa khối chữ ký"
    if names and names[0].top - capacity[-1].bottom < 15:
        yield "không đủ chỗ cho chữ ký và con dấu"


def annex(sheets: list[Sheet]) -> Iterator[str]:
    """An annex says that it is one, and of which paper."""
    wide = [sheet for sheet in sheets if sheet.is_landscape]
    if not wide:
        return
    first = wide[0]
    name, of = first.find(r"^Phụ lục( [IVX]+)?$"), first.find(r"^\(Kèm theo Báo cáo số")
    if name is None or not (name.is_sized(14, 14) and name.is_bold):
        yield "“Phụ lục” phải cỡ 14, đậm"
    if of is None or not (of.is_sized(13, 14) and of.is_italic):
        yield "thiếu “(Kèm theo Báo cáo số …)” cỡ 13–14, nghiêng"
    for sheet in wide:
        if sheet.find(r"^\(1\)$") is None:
            yield f"trang {sheet.number}: bảng không lặp lại tiêu đề cột"


RULES = (
    ("nội dung", text),
    ("Kính gửi", addressees),
    ("đề mục", headings),
    ("kết thúc", ending),
    ("Nơi nhận", recipients),
    ("chữ ký", signature),
    ("phụ lục", annex),
)
