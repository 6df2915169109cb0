"""What scanners read: the QR code of the look-up link, Code 128 of the dossier's code.

Inline SVG in millimetres: nothing is fetched, and the printed size is the size said here.
"""

import segno
from barcode.codex import Code128  # type: ignore[import-untyped]
from barcode.errors import BarcodeError  # type: ignore[import-untyped]

# The narrowest bar that hand scanners read from office paper; wider where there is room.
MODULE_MM, WIDEST_MM = 0.19, 0.3
HEIGHT_MM = 8
# Between the QR code and the right margin of an A5 paper; the quiet zones are in it.
ROOM_MM = 100
QUIET = 10


def qr(link: str) -> str:
    return str(segno.make(link, error="m").svg_inline(border=0, omitsize=True))


def code128(code: str, room_mm: float = ROOM_MM) -> str:
    """The bars as SVG; empty for a foreign code that has no bars or no room."""
    bars = modules(code)
    width = len(bars) + 2 * QUIET
    module = min(room_mm / width, WIDEST_MM)
    if not bars or module < MODULE_MM:
        return ""
    rects = "".join(
        f'<rect x="{(QUIET + start) * module:.3f}" y="0" width="{length * module:.3f}" '
        f'height="{HEIGHT_MM}"/>'
        for start, length in _runs(bars)
    )
    size = f"{width * module:.3f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}mm" height="{HEIGHT_MM}mm" '
        f'viewBox="0 0 {size} {HEIGHT_MM}" class="bars">{rects}</svg>'
    )


def modules(code: str) -> str:
    """ "1" for each dark module; empty when Code 128 cannot say it."""
    try:
        return str(Code128(code).build()[0])
    except BarcodeError:
        return ""


def _runs(bars: str) -> list[tuple[int, int]]:
    """Where each bar begins and how many modules it is wide."""
    found, start = [], -1
    for place, dark in enumerate(f"{bars}0"):
        if dark == "1" and start < 0:
            start = place
        elif dark == "0" and start >= 0:
            found.append((start, place - start))
            start = -1
    return found
