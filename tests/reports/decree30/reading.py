"""What is drawn on a page: pieces of text with their style, and ruled lines."""

import re
from dataclasses import dataclass, field
from typing import Any

import pdfplumber.page

MM = 72 / 25.4


@dataclass(frozen=True)
class Piece:
    """A run of text on one line, without a wide gap; lengths in millimetres, sizes in points."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    sizes: frozenset[float]
    fonts: frozenset[str]
    colours: frozenset[Any]

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def is_bold(self) -> bool:
        return all("Bold" in font for font in self.fonts)

    @property
    def is_italic(self) -> bool:
        return all("Italic" in font for font in self.fonts)

    @property
    def is_upright(self) -> bool:
        return not any("Italic" in font for font in self.fonts)

    def is_sized(self, least: float, most: float) -> bool:
        return all(least - 0.05 <= size <= most + 0.05 for size in self.sizes)


@dataclass(frozen=True)
class Rule:
    x0: float
    x1: float
    y: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True)
class Sheet:
    number: int
    width: float
    height: float
    pieces: list[Piece]
    rules: list[Rule]
    embedded: dict[str, bool] = field(default_factory=dict)

    @property
    def is_landscape(self) -> bool:
        return self.width > self.height

    @property
    def page_number(self) -> Piece | None:
        """Digits alone in the top margin."""
        return next((p for p in self.pieces if p.bottom < 20 and p.text.strip().isdigit()), None)

    @property
    def text(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece is not self.page_number]

    def find(self, pattern: str) -> Piece | None:
        return next((piece for piece in self.text if re.search(pattern, piece.text)), None)

    def rule_under(self, piece: Piece) -> Rule | None:
        """The first ruled line at most 5 mm below the text, beginning within its width."""
        under = [
            rule
            for rule in self.rules
            if -1.5 <= rule.y - piece.bottom <= 5 and piece.x0 - 1 <= rule.middle <= piece.x1 + 1
        ]
        return min(under, key=lambda rule: rule.y, default=None)


def read(page: pdfplumber.page.Page, number: int) -> Sheet:
    words = page.extract_words(
        keep_blank_chars=True, x_tolerance=12, y_tolerance=3, return_chars=True
    )
    drawn = [*page.rects, *page.lines]
    flat = [each for each in drawn if each["bottom"] - each["top"] < 2]
    return Sheet(
        number=number,
        width=float(page.width) / MM,
        height=float(page.height) / MM,
        pieces=[_piece(word) for word in words if word["text"].strip()],
        rules=[Rule(e["x0"] / MM, e["x1"] / MM, e["top"] / MM) for e in flat],
        embedded=_embedded(page),
    )


def _piece(word: dict[str, Any]) -> Piece:
    chars = [char for char in word["chars"] if char["text"].strip()]
    return Piece(
        text=" ".join(word["text"].split()),
        x0=chars[0]["x0"] / MM,
        x1=chars[-1]["x1"] / MM,
        top=word["top"] / MM,
        bottom=word["bottom"] / MM,
        sizes=frozenset(round(char["size"], 1) for char in chars),
        fonts=frozenset(char["fontname"] for char in chars),
        colours=frozenset(_colour(char) for char in chars),
    )


def _colour(char: dict[str, Any]) -> Any:
    colour = char["non_stroking_color"]
    return tuple(colour) if isinstance(colour, list | tuple) else colour


def _embedded(page: pdfplumber.page.Page) -> dict[str, bool]:
    """Each font of the page and whether its file is inside the PDF."""
    from pdfminer.pdftypes import resolve1

    found = {}
    for reference in (resolve1(page.page_obj.resources.get("Font")) or {}).values():
        font = resolve1(reference)
        parts = [resolve1(part) for part in resolve1(font.get("DescendantFonts")) or [font]]
        for part in parts:
            described = resolve1(part.get("FontDescriptor")) or {}
            name = str(part["BaseFont"].name)
            found[name] = any(key in described for key in ("FontFile", "FontFile2", "FontFile3"))
    return found
