"""Papers are archivable, closed to the network, and Vietnamese letters are really drawn."""

from io import BytesIO
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageStat

from motcua import pdf

TINOS = Path("/usr/share/fonts/truetype/croscore")
PAGE = """<html lang="vi"><head><title>Báo cáo</title><meta name="author" content="UBND xã">
<meta name="dcterms.created" content="2024-06-14T10:00:00+07:00"><style>
@page {{ size: 200mm 200mm; margin: 0 }} body {{ font: 24pt Tinos; margin: 0 }}
span {{ position: absolute; width: 15mm; height: 15mm; text-align: center; line-height: 15mm }}
</style></head><body>{}</body></html>"""


def test_a_paper_is_archivable() -> None:
    with pdfplumber.open(BytesIO(pdf.render(PAGE.format("Trà Bồng")))) as document:
        catalog = document.doc.catalog
        metadata = catalog["Metadata"].resolve().get_data().decode()
        assert 'pdfaid:part="3" pdfaid:conformance="U"' in metadata
        assert "sRGB" in str(catalog["OutputIntents"])
        assert document.metadata["Title"] == "Báo cáo"
        assert document.metadata["Author"] == "UBND xã"
        assert document.metadata["CreationDate"] == "D:20240614100000+07'00"


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf.render(PAGE.format("Ữ")) == pdf.render(PAGE.format("Ữ"))


@pytest.mark.parametrize("address", ["http://10.0.0.1/a.png", "file:///etc/passwd", "//x/y.css"])
def test_a_paper_fetches_nothing(address: str) -> None:
    with pytest.raises(pdf.AddressAsked):
        pdf.render(PAGE.format(f'<base href="https://a.b"><img src="{address}">'))


def test_pictures_inside_the_document_are_drawn() -> None:
    dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    assert pdf.render(PAGE.format(f'<img src="{dot}">'))


def test_all_vietnamese_letters_are_asked_of_the_fonts() -> None:
    assert len(pdf.vietnamese_letters()) == 146
    for style in pdf.STYLES:
        assert not pdf.missing_letters(TINOS / f"Tinos-{style}.ttf")


def test_a_font_without_vietnamese_letters_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf, "FONT_DIRS", (str(tmp_path),))
    pdf.require_fonts.cache_clear()
    with pytest.raises(pdf.FontsMissing, match="fonts-croscore"):
        pdf.render(PAGE.format("A"))
    monkeypatch.undo()
    pdf.require_fonts.cache_clear()
    pdf.require_fonts()


def test_each_letter_is_drawn_as_the_font_draws_it() -> None:
    """Pixels, not text: extraction does not notice a glyph that is blank or another one."""
    letters = sorted(pdf.vietnamese_letters())
    cells = {letter: (16 * (i % 12) + 4, 15 * (i // 12) + 2) for i, letter in enumerate(letters)}
    spans = [
        f'<span style="left:{x}mm;top:{y}mm">{letter}</span>' for letter, (x, y) in cells.items()
    ]
    page = pypdfium2.PdfDocument(pdf.render(PAGE.format("".join(spans))))[0]
    scale = 16  # pixels per millimetre
    paper = page.render(scale=scale * 25.4 / 72).to_pil().convert("L")
    font = ImageFont.truetype(str(TINOS / "Tinos-Regular.ttf"), round(24 / 72 * 25.4 * scale))
    wanted = {letter: _letter(letter, font) for letter in letters}
    for letter, (x, y) in cells.items():
        square = (x * scale, y * scale, (x + 15) * scale, (y + 15) * scale)
        drawn = _ink(paper.crop(square))
        assert drawn is not None, f"{letter} is blank"
        nearest = min(letters, key=lambda other: _difference(drawn, wanted[other]))
        assert nearest == letter
        assert _difference(drawn, wanted[letter]) < 20


def _letter(letter: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    canvas = Image.new("L", (400, 400), 255)
    ImageDraw.Draw(canvas).text((100, 100), letter, font=font, fill=0)
    ink = _ink(canvas)
    assert ink is not None
    return ink


def _ink(image: Image.Image) -> Image.Image | None:
    """What is drawn, cut out and set to one size with soft edges (hinting moves them a pixel)."""
    ink = ImageChops.invert(image).point(lambda value: 255 if value > 100 else 0)
    box = ink.getbbox()
    if box is None:
        return None
    return ink.crop(box).resize((48, 72)).filter(ImageFilter.GaussianBlur(1.5))


def _difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of pixels, 0–255."""
    return float(ImageStat.Stat(ImageChops.difference(one, other)).mean[0])
