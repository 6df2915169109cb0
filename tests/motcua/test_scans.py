"""Scanned pages as PDF/A: parts of the standard, pixels, and the words over them."""

from io import BytesIO

import pdfplumber
import pypdfium2

from motcua.scans import Sheet, write
from tests import make
from tests.papers_made import picture

WORDS = "Giấy chứng nhận quyền sử dụng đất: Nguyễn Thị Ưởng"


def book(*sheets: Sheet) -> bytes:
    target = BytesIO()
    assert write(iter(sheets), target, title="Bản & số hóa", created=make.NOW) == len(sheets)
    return target.getvalue()


def sheet(**fields: object) -> Sheet:
    values = {"picture": picture(size=(600, 400)), "width": 300, "height": 200, "dots": (600, 400)}
    return Sheet(**values | fields)  # type: ignore[arg-type]


def test_it_says_and_has_what_pdf_a_asks_for() -> None:
    made = book(sheet(words=((WORDS, 20.0, 50.0, 200.0, 62.0),)))

    assert made.startswith(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U<" in made
    assert "Bản &amp; số hóa".encode() in made
    for part in (b"/GTS_PDFA1", b"/DestOutputProfile", b"/ToUnicode", b"/ID[<"):
        assert part in made
    for banned in (b"/Encrypt", b"/JavaScript", b"/SMask", b"/Interpolate"):
        assert banned not in made


def test_every_object_stands_where_the_table_says() -> None:
    made = book(sheet(), sheet())
    start = int(made.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    lines = made[start:].split(b"\n")
    count = int(lines[1].split()[1])
    for number in range(1, count):
        place = int(lines[2 + number].split()[0])
        assert made[place:].startswith(b"%d 0 obj" % number)


def test_pages_have_their_size_and_their_picture() -> None:
    pdf = pypdfium2.PdfDocument(book(sheet(), sheet(width=595, height=842)))
    assert [pdf[0].get_size(), pdf[1].get_size()] == [(300, 200), (595, 842)]
    drawn = pdf[0].render(scale=1).to_pil().convert("L")
    assert drawn.getpixel((10, 10)) < 60
    assert drawn.getpixel((290, 190)) > 200


def test_the_words_are_found_where_they_stand_and_are_not_drawn() -> None:
    made = book(sheet(words=((WORDS, 20.0, 50.0, 220.0, 62.0),)))
    with pdfplumber.open(BytesIO(made)) as opened:
        page = opened.pages[0]
        assert page.extract_text() == WORDS
        chars = page.chars
    assert abs(chars[0]["x0"] - 20) < 1
    assert abs(chars[-1]["x1"] - 220) < 1
    plain, with_words = (
        pypdfium2.PdfDocument(one)[0].render(scale=1).to_pil().tobytes()
        for one in (book(sheet()), made)
    )
    assert plain == with_words


def test_a_grey_picture_is_grey() -> None:
    made = book(sheet(picture=picture(size=(600, 400), mode="L"), is_grey=True))
    assert b"/DeviceGray" in made
