"""Typed text becomes lines of the paper: tokens filled in, blanks and mistakes found.

A line that begins with "-" is an item, with "+" an item inside it; other lines are paragraphs.
`[điền: …]` is a blank that the reporter has yet to fill: it is printed as dots and keeps a
report from being submitted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from reports.outline import Section, Shape

_TOKEN = re.compile(r"\{\{\s*(.+?)\s*\}\}")
_BLANK = re.compile(r"\[điền(?::\s*([^\]]*))?\]", re.IGNORECASE)
DOTS = "……………"


@dataclass(frozen=True)
class Line:
    """One paragraph (depth 0), item (1) or inner item (2); a lead stays with what follows."""

    text: str
    depth: int = 0
    is_lead: bool = False

    @property
    def kind(self) -> str:
        return "lead" if self.is_lead else ("p", "item", "subitem")[self.depth]


@dataclass
class Reading:
    """What was read: the lines, what is still blank, which tokens do not exist."""

    lines: list[Line] = field(default_factory=list)
    blanks: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read(section: Section, text: str, values: Mapping[str, str]) -> Reading:
    reading = Reading()
    for typed in filter(None, (line.strip() for line in text.splitlines())):
        bare, depth = _depth(typed, section.shape)
        reading.lines.append(Line(fill(bare, values, reading), depth))
    return reading


def fill(text: str, values: Mapping[str, str], reading: Reading) -> str:
    """The text with its tokens' values; what cannot be filled is noted in `reading`."""

    def value(found: re.Match[str]) -> str:
        name = " ".join(found[1].split())
        if name not in values:
            reading.unknown.append(name)
            return DOTS
        return values[name]

    def blank(found: re.Match[str]) -> str:
        reading.blanks.append(" ".join((found[1] or "").split()))
        return DOTS

    return _BLANK.sub(blank, _TOKEN.sub(value, text))


def _depth(line: str, shape: Shape) -> tuple[str, int]:
    mark, rest = line[0], line[1:].strip()
    if mark in "-–":
        return rest, 1
    if mark == "+":
        return rest, 2
    return line, 1 if shape is Shape.LIST else 0
