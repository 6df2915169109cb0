"""What pdfium does with somebody else's PDF, in a process of its own (started by motcua.pdfium).

Run as a plain script: it knows nothing of the portal, its settings or its database. It answers
one line of JSON; a PDF that makes pdfium crash or turn for ever ends this process alone.
"""

import json
import re
import resource
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

MEMORY = 1024**3
SECONDS = 60
THUMBNAIL = 240
# An object stream unpacks to at most this much.
UNPACKED = 8 * 1024**2
# Of all that a PDF can carry: what runs, starts something, or brings other files.
ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|ImportData|SubmitForm|GoToE|XFA)"
    rb"(?![A-Za-z0-9])"
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_CLAIM = re.compile(rb"pdfaid:part\s*(?:=\s*[\"']|>)\s*[1-4]")


def inspect(source: str, thumbnail: str, most_pages: int, rotation: int) -> dict[str, Any]:
    """Pages, encryption, active content, signatures; then the picture of the first page."""
    content = Path(source).read_bytes()
    try:
        pdf = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        return {"fault": "encrypted" if "password" in str(error).lower() else "broken"}
    facts: dict[str, Any] = {"pages": len(pdf), "fault": _fault(pdf, content, most_pages)}
    if facts["fault"]:
        return facts
    facts["signatures"] = max(0, raw.FPDF_GetSignatureCount(pdf))
    facts["archivable"] = any(_CLAIM.search(part) for part in _parts(content, b"/Metadata"))
    if rotation and not facts["signatures"]:
        for page in pdf:
            page.set_rotation((page.get_rotation() + rotation) % 360)
        pdf.save(source)
        facts["archivable"] = False  # pdfium writes the file anew
    _draw(pdf[0], THUMBNAIL / max(pdf[0].get_size()), thumbnail, 70)
    return facts


def _fault(pdf: Any, content: bytes, most_pages: int) -> str:
    if raw.FPDF_GetSecurityHandlerRevision(pdf) != -1:
        return "encrypted"
    if not len(pdf):
        return "broken"
    if len(pdf) > most_pages:
        return "pages"
    return "active" if _is_active(content, pdf) else ""


def draw(source: str, folder: str, first: int, last: int, dpi: int) -> list[dict[str, Any]]:
    """Pages first … last-1 as JPEG files of the folder, with size in points and lines of text."""
    pdf = pypdfium2.PdfDocument(source)
    drawn = []
    for number in range(first, min(last, len(pdf))):
        page = pdf[number]
        width, height = page.get_size()
        # A page of a map is drawn smaller rather than not at all.
        scale = min(dpi / 72, (40_000_000 / max(width * height, 1)) ** 0.5)
        name = f"{number:05}.jpg"
        dots = _draw(page, scale, f"{folder}/{name}", 80)
        size = {"width": width, "height": height, "dots": dots}
        drawn.append({"file": name, **size, "text": _lines(page)})
        page.close()
    return drawn


def _draw(page: Any, scale: float, target: str, quality: int) -> list[int]:
    picture = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    picture.save(target, "JPEG", quality=quality, dpi=(round(72 * scale),) * 2)
    return list(picture.size)


def _lines(page: Any) -> list[tuple[str, float, float, float, float]]:
    """(text, left, bottom, right, top) of the runs; nothing of a page that is turned."""
    if page.get_rotation() or page.get_cropbox()[:2] != (0, 0):
        return []
    text = page.get_textpage()
    found = []
    for number in range(min(text.count_rects(), 3000)):
        box = text.get_rect(number)
        words = text.get_text_bounded(*box).replace("\r", " ").replace("\n", " ").strip()
        if words:
            found.append((words[:500], *box))
    return found


def _is_active(content: bytes, pdf: Any) -> bool:
    if raw.FPDFDoc_GetJavaScriptActionCount(pdf) > 0 or raw.FPDFDoc_GetAttachmentCount(pdf) > 0:
        return True
    return any(ACTIVE.search(_plain(part)) for part in _parts(content, b"ObjStm"))


def _parts(content: bytes, kind: bytes) -> Any:
    """The file without its streams, and what its streams of one kind hold; one walk through it."""
    at = 0
    for start in _STREAM.finditer(content):
        if start.start() < at:
            continue
        yield (head := content[at : start.start()])
        end = content.find(b"endstream", start.end())
        at = len(content) if end < 0 else end
        if kind in _plain(head[-600:]):
            yield _unpacked(content[start.end() : at])
    yield content[at:]


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, UNPACKED)
    except zlib.error:
        return packed


def _plain(part: bytes) -> bytes:
    """/J#61vaScript is /JavaScript."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def main() -> None:
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        resource.setrlimit(what, (most, most))
    asked = json.loads(sys.argv[1])
    acts: dict[str, Callable[..., Any]] = {"inspect": inspect, "draw": draw}
    sys.stdout.write(json.dumps(acts[asked.pop("act")](**asked)))


if __name__ == "__main__":
    main()
