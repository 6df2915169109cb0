"""The one door to pdfium: what is in an uploaded PDF, and pictures of its pages.

pdfium is a large C++ program and the PDF a stranger's: each question is a process of its own
(motcua.pdfium_child), bounded in memory and time. `Unreadable` when it dies of it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from motcua.errors import DomainError

_CHILD = Path(__file__).with_name("pdfium_child.py")
SECONDS_TO_INSPECT = 20
SECONDS_TO_DRAW = 120
# Pages are drawn by so many at a time: a big book needs no more disk or memory than a small one.
AT_ONCE = 10


class Unreadable(DomainError):
    code = "pdf_unreadable"
    message = "Không đọc được tệp PDF này: tệp bị hỏng hoặc quá phức tạp."


@dataclass(frozen=True)
class Facts:
    """What pdfium says of a PDF. `fault`: "", encrypted, broken, pages or active."""

    pages: int = 0
    fault: str = ""
    signatures: int = 0
    # It says of itself that it is PDF/A.
    archivable: bool = False


@dataclass(frozen=True)
class Page:
    """A page as a JPEG, its size in points and in dots, its runs of text with their boxes."""

    picture: bytes
    width: float
    height: float
    dots: tuple[int, int]
    text: tuple[tuple[str, float, float, float, float], ...]


def inspect(path: Path, thumbnail: Path, *, most_pages: int, rotation: int = 0) -> Facts:
    """Turns the pages of `path` itself; writes a small JPEG of the first one."""
    asked = {"source": str(path), "thumbnail": str(thumbnail)}
    answer = _ask("inspect", SECONDS_TO_INSPECT, **asked, most_pages=most_pages, rotation=rotation)
    return Facts(**answer)


def pages(path: Path, count: int, dpi: int) -> Iterator[Page]:
    """Every page, drawn when its turn comes."""
    for first in range(0, count, AT_ONCE):
        with TemporaryDirectory(prefix="pages-") as folder:
            asked = {"source": str(path), "folder": folder, "dpi": dpi}
            span = {"first": first, "last": first + AT_ONCE}
            for one in _ask("draw", SECONDS_TO_DRAW, **asked, **span):
                picture = Path(folder, one["file"]).read_bytes()
                text = tuple(tuple(run) for run in one["text"])
                yield Page(picture, one["width"], one["height"], tuple(one["dots"]), text)


def _ask(act: str, seconds: int, **asked: Any) -> Any:
    command = [sys.executable, "-I", str(_CHILD), json.dumps({"act": act, **asked})]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=True)  # noqa: S603
        return json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise Unreadable from error
