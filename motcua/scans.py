"""Scanned pages as an archivable PDF (PDF/A-3u), written page by page.

Each page is one JPEG over its whole size, with the words that are known of it laid invisibly
over it, so that they can be found and copied ("PDF hai lớp"). Written straight to a file: a book
needs no more memory than a page. What stands here is what PDF/A asks of such a file: embedded
colour profile, metadata, no encryption, Unicode for every letter. Text that is never drawn needs
no embedded font (ISO 19005-3, 6.2.11.4.1). We test these parts, and claim no certification.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import BinaryIO
from xml.sax.saxutils import escape

from PIL import ImageCms

# Objects with numbers of their own; those of the pages follow.
_CATALOG, _PAGES, _METADATA, _PROFILE, _FONT, _LETTERS, _UNICODE = range(1, 8)
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{created}</xmp:CreateDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True)
class Sheet:
    """A page: a JPEG (grey or RGB), its size in points and in dots, and runs of words."""

    picture: bytes
    width: float
    height: float
    dots: tuple[int, int]
    is_grey: bool = False
    # each with the left, bottom, right and top of its box in points
    words: tuple[tuple[str, float, float, float, float], ...] = ()


def write(sheets: Iterable[Sheet], target: BinaryIO, *, title: str, created: datetime) -> int:
    """How many pages were written."""
    paper = _Writer(target)
    kids = [_write_sheet(paper, sheet) for sheet in sheets]
    metadata = _XMP.format(title=escape(title), created=created.isoformat(timespec="seconds"))
    paper.stream(_METADATA, b"/Type/Metadata/Subtype/XML", metadata.encode())
    paper.stream(_PROFILE, b"/N 3", _srgb())
    paper.put(
        _FONT,
        b"<</Type/Font/Subtype/Type0/BaseFont/Words/Encoding/Identity-H"
        b"/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>" % (_LETTERS, _UNICODE),
    )
    paper.put(
        _LETTERS,
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Words/DW 1000/CIDToGIDMap/Identity"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/Words/Flags 4/FontBBox[0 0 1000 1000]"
        b"/ItalicAngle 0/Ascent 1000/Descent 0/CapHeight 1000/StemV 80>>>>",
    )
    paper.stream(_UNICODE, b"", _to_unicode())
    paper.put(
        _PAGES,
        b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (len(kids), b" ".join(b"%d 0 R" % each for each in kids)),
    )
    paper.put(
        _CATALOG,
        b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/OutputIntents[<</Type/OutputIntent"
        b"/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile %d 0 R>>]>>"
        % (_PAGES, _METADATA, _PROFILE),
    )
    paper.close()
    return len(kids)


class _Writer:
    """Objects one after another, then the table of where they stand."""

    def __init__(self, target: BinaryIO) -> None:
        self.target = target
        self.at = 0
        self.places: dict[int, int] = {}
        self.last = _UNICODE
        self.digest = sha256()
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def next(self) -> int:
        self.last += 1
        return self.last

    def put(self, number: int, body: bytes) -> None:
        self.places[number] = self.at
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def stream(self, number: int, entries: bytes, content: bytes) -> None:
        self.put(
            number,
            b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content),
        )

    def close(self) -> None:
        start, mark = self.at, self.digest.hexdigest()[:32].encode()
        table = b"".join(b"%010d 00000 n \n" % self.places[n] for n in range(1, self.last + 1))
        self._write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (self.last + 1, table))
        self._write(
            b"trailer\n<</Size %d/Root %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (self.last + 1, _CATALOG, mark, mark, start)
        )

    def _write(self, part: bytes) -> None:
        self.target.write(part)
        self.digest.update(part)
        self.at += len(part)


def _write_sheet(paper: _Writer, sheet: Sheet) -> int:
    picture, content, page = paper.next(), paper.next(), paper.next()
    across, down = sheet.dots
    colours = b"Gray" if sheet.is_grey else b"RGB"
    paper.stream(
        picture,
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/Device%s"
        b"/BitsPerComponent 8/Filter/DCTDecode" % (across, down, colours),
        sheet.picture,
    )
    drawn = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q" % (sheet.width, sheet.height)
    if words := b"".join(_line(*run) for run in sheet.words):
        drawn += b"\nBT 3 Tr\n%sET" % words
    paper.stream(content, b"", drawn)
    paper.put(
        page,
        b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Contents %d 0 R"
        b"/Resources<</XObject<</P %d 0 R>>/Font<</W %d 0 R>>>>>>"
        % (_PAGES, sheet.width, sheet.height, content, picture, _FONT),
    )
    return page


def _line(words: str, left: float, bottom: float, right: float, top: float) -> bytes:
    """Invisible words as wide as their box: every letter of the font is one em."""
    letters = "".join(each for each in words if 0 < ord(each) < 0xD800)
    size = max(top - bottom, 1.0)
    if not letters or right <= left:
        return b""
    stretch = 100 * (right - left) / (size * len(letters))
    code = letters.encode("utf-16-be").hex().encode()
    return b"/W %.2f Tf %.2f Tz 1 0 0 1 %.2f %.2f Tm <%s> Tj\n" % (
        size,
        stretch,
        left,
        bottom,
        code,
    )


@cache
def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@cache
def _to_unicode() -> bytes:
    """A letter's code is its number in Unicode."""
    rows = [b"<%02X%02X><%02XFF><%02X%02X>" % (h, h == 0, h, h, h == 0) for h in range(0xD8)]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    ranges = b"".join(
        b"%d beginbfrange\n%s\nendbfrange\n" % (len(block), b"\n".join(block)) for block in blocks
    )
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n"
        b"/CMapName /Words def /CMapType 2 def\n"
        b"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
        + ranges
        + b"endcmap CMapName currentdict /CMap defineresource pop end end\n"
    )
