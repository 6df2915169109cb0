"""A printed paper as a measurer and a scanner see it: millimetres, blocks, bars."""

from dataclasses import dataclass
from io import BytesIO
from itertools import combinations, groupby, pairwise
from typing import Any

import pdfplumber
import pypdfium2
from barcode.charsets import code128  # type: ignore[import-untyped]
from pdfminer.pdftypes import resolve1

MM = 72 / 25.4
# Points by which letters' boxes of two lines may touch.
TOUCH = 1.0


@dataclass
class Read:
    """The pages of a PDF: sizes in millimetres, text, what sticks out, what overlaps."""

    sizes: list[tuple[int, int]]
    texts: list[str]
    outside: list[str]
    overlaps: list[tuple[str, str]]
    fonts: set[str]
    unembedded: list[str]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def read(content: bytes, margins: tuple[float, float, float, float]) -> Read:
    """`margins` top, right, bottom, left; the page number may stand in the bottom one."""
    with pdfplumber.open(BytesIO(content)) as document:
        pages = document.pages
        fonts = [font for page in pages for font in _fonts(page)]
        return Read(
            [(round(float(page.width) / MM), round(float(page.height) / MM)) for page in pages],
            [page.extract_text() for page in pages],
            [text for page in pages for text in _outside(page, margins)],
            [pair for page in pages for pair in _overlaps(page)],
            {char["fontname"].split("+")[-1] for page in pages for char in page.chars},
            [name for name, embedded in fonts if not embedded],
        )


def _outside(page: Any, margins: tuple[float, float, float, float]) -> list[str]:
    top, right, bottom, left = (margin * MM for margin in margins)
    slack = 0.6
    found = []
    for one in (*page.extract_words(), *page.rects, *page.lines, *page.curves):
        if one.get("text") and one["top"] > page.height - bottom:
            continue  # the page's number
        inside = (
            one["x0"] >= left - slack
            and one["x1"] <= page.width - right + slack
            and one["top"] >= top - slack
            and one["bottom"] <= page.height - bottom + slack
        )
        if not inside and one["x1"] - one["x0"] < page.width:
            found.append(str(one.get("text", (one["x0"], one["top"], one["x1"], one["bottom"]))))
    return found


def _overlaps(page: Any) -> list[tuple[str, str]]:
    words = page.extract_words(keep_blank_chars=True)
    return [
        (one["text"], other["text"])
        for one, other in combinations(words, 2)
        if min(one["x1"], other["x1"]) - max(one["x0"], other["x0"]) > TOUCH
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 2 * TOUCH
    ]


def _fonts(page: Any) -> list[tuple[str, bool]]:
    found = []
    for font in resolve1(resolve1(page.page_obj.resources).get("Font", {})).values():
        known = resolve1(font)
        for below in resolve1(known.get("DescendantFonts", [known])):
            descriptor = resolve1(resolve1(below)["FontDescriptor"])
            name = str(descriptor["FontName"])
            found.append((name, "FontFile2" in descriptor or "FontFile3" in descriptor))
    return found


def pixels(content: bytes, per_mm: int, page: int = 0) -> Any:
    """The page in grey."""
    return pypdfium2.PdfDocument(content)[page].render(scale=per_mm / MM).to_pil().convert("L")


def bars(content: bytes) -> list[tuple[bool, float]]:
    """What crosses the barcode of the first page: dark or light, how many mm.

    Bars are the same from millimetre to millimetre, letters are not.
    """
    per_mm = 40
    image = pixels(content, per_mm)
    lines = [_runs(image, y, per_mm) for y in range(20 * per_mm, 60 * per_mm, per_mm)]
    return max((one for one, below in pairwise(lines) if one == below), key=len)


def _runs(image: Any, y: int, per_mm: int) -> list[tuple[bool, float]]:
    # right of the QR code
    row = [image.getpixel((x, y)) < 128 for x in range(33 * per_mm, image.width)]
    runs = [(dark, len(list(group)) / per_mm) for dark, group in groupby(row)]
    return runs[1:-1]


def decoded(runs: list[tuple[bool, float]]) -> str:
    """What a Code 128 scanner makes of bar widths."""
    module = sum(width for _, width in runs[:6]) / 11
    pattern = "".join(
        ("1" if dark else "0") * max(1, round(width / module)) for dark, width in runs
    )
    assert pattern.endswith(code128.STOP + "11")
    symbols = [pattern[n : n + 11] for n in range(0, len(pattern) - 13, 11)]
    values = [code128.CODES.index(symbol) for symbol in symbols]
    *data, check = values
    assert check == (data[0] + sum(n * value for n, value in enumerate(data[1:], 1))) % 103
    return _text(data)


def _text(data: list[int]) -> str:
    sets = {103: "A", 104: "B", 105: "C"}
    switches = {99: "C", 100: "B", 101: "A"}
    letters = {value: char for char, value in code128.B.items() if len(char) == 1}
    now, text = sets[data[0]], ""
    for value in data[1:]:
        if value in switches and not (now == "C" and value == 99):
            now = switches[value]
        elif now == "C":
            text += f"{value:02d}"
        else:
            text += letters[value]
    return text
