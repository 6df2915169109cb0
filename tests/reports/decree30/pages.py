"""Paper, margins, fonts, colour and page numbers."""

from collections.abc import Iterator

from tests.reports.decree30.reading import Sheet

TIMES = ("Tinos", "TimesNewRoman", "Times New Roman", "LiberationSerif")
# Glyph boxes end a little beside the box that is set.
SLACK = 0.3


def paper(sheets: list[Sheet]) -> Iterator[str]:
    """A4; landscape only after the first page, for a wide annex."""
    for sheet in sheets:
        sides = sorted((sheet.width, sheet.height))
        if abs(sides[0] - 210) > 0.5 or abs(sides[1] - 297) > 0.5:
            yield f"trang {sheet.number}: {sheet.width:.1f} × {sheet.height:.1f} mm"
    if sheets[0].is_landscape:
        yield "trang 1 nằm ngang"


def margins(sheets: list[Sheet]) -> Iterator[str]:
    """20–25 above and below, 30–35 left, 15–20 right, over all portrait pages."""
    upright = [sheet for sheet in sheets if not sheet.is_landscape]
    pieces = [(sheet, piece) for sheet in upright for piece in sheet.text]
    spaces = {
        "trái": (min(p.x0 for _, p in pieces), 30, 35),
        "phải": (min(s.width - p.x1 for s, p in pieces), 15, 20),
        "trên": (min(p.top for _, p in pieces), 20, 25),
        "dưới": (min(s.height - p.bottom for s, p in pieces), 20, 25),
    }
    for side, (space, least, most) in spaces.items():
        # below, what stays together may leave every page some lines short
        if not least - SLACK <= space <= most + (15 if side == "dưới" else 1):
            yield f"lề {side} {space:.1f} mm, phải từ {least} đến {most}"
    for sheet in (each for each in sheets if each.is_landscape):
        for piece in sheet.text:
            space = min(piece.x0, sheet.width - piece.x1, piece.top, sheet.height - piece.bottom)
            if space < 15 - SLACK:
                yield f"trang {sheet.number}: “{piece.text[:30]}” cách mép giấy {space:.1f} mm"


def fonts(sheets: list[Sheet]) -> Iterator[str]:
    """Times' metrics, embedded."""
    for sheet in sheets:
        for name, is_embedded in sheet.embedded.items():
            if not is_embedded:
                yield f"trang {sheet.number}: {name} không được nhúng"
            if not any(family in name for family in TIMES):
                yield f"trang {sheet.number}: phông {name}"


def black(sheets: list[Sheet]) -> Iterator[str]:
    allowed = {(0,), (0, 0, 0), 0, (0.0,), (0, 0, 0, 1), None}
    for sheet in sheets:
        for piece in sheet.pieces:
            if piece.colours - allowed:
                yield f"trang {sheet.number}: “{piece.text[:30]}” không phải màu đen"


def numbers(sheets: list[Sheet]) -> Iterator[str]:
    """None on the first page; then 2, 3, … centred in the top margin; an annex counts anew."""
    expected = 0
    for sheet in sheets:
        starts = sheet.number == 1 or sheet.find(r"^Phụ lục( [IVX]+)?$") is not None
        expected = 1 if starts else expected + 1
        found = sheet.page_number
        if expected == 1:
            if found:
                yield f"trang {sheet.number}: trang đầu không đánh số"
            continue
        if found is None or found.text != str(expected):
            yield f"trang {sheet.number}: số trang phải là {expected}"
            continue
        if not (found.is_sized(13, 14) and found.is_upright):
            yield f"trang {sheet.number}: số trang phải cỡ 13–14, đứng"
        left = min(piece.x0 for piece in sheet.text)
        right = max(piece.x1 for piece in sheet.text)
        if abs(found.middle - (left + right) / 2) > 8 and abs(found.middle - sheet.width / 2) > 1:
            yield f"trang {sheet.number}: số trang không ở giữa lề trên"


RULES = (
    ("khổ giấy", paper),
    ("lề trang", margins),
    ("phông chữ", fonts),
    ("màu chữ", black),
    ("số trang", numbers),
)
