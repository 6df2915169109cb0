"""The only door to WeasyPrint: a finished HTML document becomes an archivable PDF.

WeasyPrint is imported at first use (its import alone takes 1.5 s). The door is shut to the
network: a paper is made of what stands in its HTML. Title, author and date of the PDF are the
`<title>` and `<meta>` of the document, so that the same HTML always gives the same text.

Papers are set in Tinos (Debian's fonts-croscore: Times metrics). Other packages lack Vietnamese
letters and would print boxes without a word, so the font files are read before the first paper.
"""

import logging
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from motcua.errors import DomainError

# Archivable, with Unicode text: PDF/A-3u. We test its parts, and claim no certification.
VARIANT = "pdf/a-3u"
OPTIONS = {"pdf_variant": VARIANT}
STYLES = ("Regular", "Bold", "Italic", "BoldItalic")
FONT_DIRS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")

# WeasyPrint and fontTools tell each step on "info" and CSS trifles on "warning".
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class AddressAsked(ValueError):
    """A template's mistake: papers are complete in themselves."""


class FontsMissing(DomainError):
    code = "fonts_missing"
    message = "Thiếu phông chữ Tinos có đủ chữ Việt: cài bằng lệnh apt-get install fonts-croscore."


def render(html: str) -> bytes:
    """The document as PDF/A; raises FontsMissing, and AddressAsked when it wants to fetch."""
    return render_many([html])


def render_many(htmls: Sequence[str]) -> bytes:
    """Several documents as one PDF, each with its own pages and page numbers.

    Title, author and date are the first one's.
    """
    require_fonts()
    from weasyprint import HTML  # heavy, and needed for papers only
    from weasyprint.urls import FatalURLFetchingError

    try:
        laid = [HTML(string=each, url_fetcher=_closed_door()).render(**OPTIONS) for each in htmls]
        pages = [page for document in laid for page in document.pages]
        pdf = laid[0].copy(pages).write_pdf(**OPTIONS)
    except FatalURLFetchingError as error:
        # WeasyPrint's own is a BaseException: it would end a worker.
        raise AddressAsked(str(error)) from None
    return bytes(pdf or b"")


def vietnamese_letters() -> frozenset[str]:
    """All 146: twelve vowels with six tones, and đ, in both cases."""
    lower = {unicodedata.normalize("NFC", v + tone) for v in "aăâeêioôơuưy" for tone in _TONES}
    return frozenset(lower | {"đ", "Đ"} | {letter.upper() for letter in lower})


@cache
def require_fonts() -> None:
    """Once per process: the four styles are installed and draw every letter."""
    for style in STYLES:
        file = _find(f"Tinos-{style}.ttf", FONT_DIRS)
        if file is None or missing_letters(file):
            raise FontsMissing


def missing_letters(font_file: Path) -> frozenset[str]:
    """The Vietnamese letters for which the font file has no outline."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(font_file, lazy=True) as font:
        outlines: dict[int, str] = font.getBestCmap() or {}
        return frozenset(letter for letter in vietnamese_letters() if ord(letter) not in outlines)


def _find(name: str, directories: Iterable[str]) -> Path | None:
    roots = (Path(directory).expanduser() for directory in directories)
    return next((file for root in roots for file in root.rglob(name)), None)


@cache
def _closed_door() -> Any:
    """Nothing is fetched: pictures stand in the document itself (inline SVG, `data:`)."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class ClosedDoor(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            raise FatalURLFetchingError(f"A paper asks for an address: {url[:80]}")

    return ClosedDoor()
