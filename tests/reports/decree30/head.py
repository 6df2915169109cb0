"""The head of the first page: Quốc hiệu, Tiêu ngữ, agencies, number, place and day, title."""

import re
from collections.abc import Iterator

from tests.reports.decree30.reading import Piece, Sheet

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_DAY = re.compile(r"^(?P<place>\S.*), ngày(?P<day>.*)tháng(?P<month>.*)năm \d{4}$")


def nation(sheets: list[Sheet]) -> Iterator[str]:
    first = sheets[0]
    piece = first.find(f"^{NATION}$")
    if piece is None:
        yield "thiếu Quốc hiệu"
        return
    if not (piece.is_sized(12, 13) and piece.is_bold and piece.is_upright):
        yield "Quốc hiệu phải cỡ 12–13, đứng, đậm"
    if piece.x0 < first.width * 0.4:
        yield "Quốc hiệu phải ở bên phải"


def motto(sheets: list[Sheet]) -> Iterator[str]:
    first = sheets[0]
    above, piece = first.find(f"^{NATION}$"), first.find(f"^{MOTTO}$")
    if piece is None or above is None:
        yield "thiếu Tiêu ngữ"
        return
    if not (piece.is_sized(13, 14) and piece.is_bold and piece.is_upright):
        yield "Tiêu ngữ phải cỡ 13–14, đứng, đậm"
    if abs(piece.middle - above.middle) > 1:
        yield "Tiêu ngữ phải canh giữa dưới Quốc hiệu"
    rule = first.rule_under(piece)
    if rule is None or abs(rule.width - piece.width) > 1:
        yield "đường kẻ dưới Tiêu ngữ phải dài bằng dòng chữ"


def agency(sheets: list[Sheet]) -> Iterator[str]:
    """The superior in capitals, not bold; the issuing one bold, with a rule of 1/3–1/2."""
    first = sheets[0]
    number = first.find(r"^Số:")
    lines = [
        p for p in first.text if number and p.bottom <= number.top and p.x1 < first.width * 0.5
    ]
    issuer = [line for line in lines if line.is_bold]
    if not issuer:
        yield "thiếu tên cơ quan ban hành (in đậm)"
        return
    for line in lines:
        if line.text != line.text.upper() or not line.is_sized(12, 13) or not line.is_upright:
            yield f"“{line.text}” phải in hoa, cỡ 12–13, đứng"
    if any(line.is_bold for line in lines[: lines.index(issuer[0])]):
        yield "cơ quan chủ quản không in đậm"
    yield from _part_rule(first, issuer[-1], [issuer[-1]], "tên cơ quan")


def number(sheets: list[Sheet]) -> Iterator[str]:
    piece = sheets[0].find(r"^Số:")
    if piece is None or not re.fullmatch(r"Số:\s?(\d{2,})?\s?/[A-ZĐ]+(-[A-ZĐ]+)+", piece.text):
        yield "số, ký hiệu phải có dạng “Số: …/BC-…”"
        return
    if not (piece.is_sized(13, 13) and piece.is_upright and not piece.is_bold):
        yield "số, ký hiệu phải cỡ 13, đứng"
    if piece.x1 > sheets[0].width * 0.5:
        yield "số, ký hiệu phải ở bên trái"


def place_and_day(sheets: list[Sheet]) -> Iterator[str]:
    first = sheets[0]
    piece = first.find(r", ngày\b.*\bnăm \d{4}$")
    found = _DAY.match(piece.text) if piece else None
    if piece is None or found is None:
        yield "thiếu địa danh, ngày tháng năm"
        return
    if not (piece.is_sized(13, 14) and piece.is_italic):
        yield "địa danh, thời gian phải cỡ 13–14, nghiêng"
    if piece.middle < first.width / 2:
        yield "địa danh, thời gian phải ở bên phải"
    day, month = found["day"].strip(), found["month"].strip()
    if day and not (len(day) == 2 and day.isdigit()):
        yield f"ngày “{day}” phải có hai chữ số"
    if month and len(month) != (2 if int(month) in {1, 2, 10, 11, 12} else 1):
        yield f"tháng “{month}”: chỉ tháng 1, 2 thêm số 0"


def title(sheets: list[Sheet]) -> Iterator[str]:
    """BÁO CÁO and its subject: 13–14 bold, centred, a rule of 1/3–1/2 under the subject."""
    first = sheets[0]
    piece = first.find("^BÁO CÁO$")
    if piece is None:
        yield "thiếu tên loại văn bản"
        return
    subject = _subject(first, piece)
    for line in (piece, *subject):
        if not (line.is_sized(13, 14) and line.is_bold and line.is_upright):
            yield f"“{line.text[:30]}” phải cỡ 13–14, đứng, đậm"
        if abs(line.middle - _centre(sheets)) > 2:
            yield f"“{line.text[:30]}” phải canh giữa"
    if not subject:
        yield "thiếu trích yếu"
        return
    yield from _part_rule(first, subject[-1], subject, "trích yếu")


def _subject(first: Sheet, piece: Piece) -> list[Piece]:
    lines: list[Piece] = []
    for line in (each for each in first.text if each.top > piece.top):
        if not line.is_bold or re.match(r"[IVX]+\.|\d+\.", line.text):
            break
        lines.append(line)
    return lines


def _centre(sheets: list[Sheet]) -> float:
    """The middle of the text area, from the body's lines."""
    body = [piece for sheet in sheets if not sheet.is_landscape for piece in sheet.text]
    return (min(p.x0 for p in body) + max(p.x1 for p in body)) / 2


def _part_rule(sheet: Sheet, last: Piece, lines: list[Piece], name: str) -> Iterator[str]:
    rule = sheet.rule_under(last)
    longest = max(line.width for line in lines)
    if rule is None:
        yield f"thiếu đường kẻ dưới {name}"
    elif not longest / 3 - 0.5 <= rule.width <= longest / 2 + 0.5:
        yield f"đường kẻ dưới {name} dài {rule.width / longest:.2f} dòng chữ, phải từ 1/3 đến 1/2"
    elif abs(rule.middle - last.middle) > 1.5:
        yield f"đường kẻ dưới {name} không cân đối"


RULES = (
    ("Quốc hiệu", nation),
    ("Tiêu ngữ", motto),
    ("tên cơ quan", agency),
    ("số, ký hiệu", number),
    ("địa danh, thời gian", place_and_day),
    ("tên loại, trích yếu", title),
)
