"""Does a PDF obey Nghị định 30/2020/NĐ-CP (Phụ lục I)? Element by element, from the real file.

It reads what is drawn (pdfplumber), not the HTML: page box, margins, fonts, sizes, rules. It
stands with the tests because the builder obeys by construction and pdfplumber is no dependency
of the portal.
"""

from dataclasses import dataclass
from io import BytesIO

import pdfplumber

from tests.reports.decree30 import body, head, pages
from tests.reports.decree30.reading import Sheet, read


@dataclass(frozen=True)
class Finding:
    """One element that is not as the decree wants it."""

    element: str
    detail: str


def check(pdf: bytes) -> list[Finding]:
    with pdfplumber.open(BytesIO(pdf)) as document:
        sheets = [read(page, number) for number, page in enumerate(document.pages, 1)]
    rules = (*pages.RULES, *head.RULES, *body.RULES)
    return [Finding(element, detail) for element, rule in rules for detail in rule(sheets)]


__all__ = ["Finding", "Sheet", "check"]
