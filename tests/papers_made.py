"""Small real files, and hostile ones, made by code."""

from collections.abc import Sequence
from io import BytesIO
from zipfile import ZipFile

from PIL import Image, ImageDraw


def pdf(
    pages: int = 1,
    *,
    catalog: bytes = b"",
    objects: Sequence[bytes] = (),
    text: str = "Giay to",
    trailer: bytes = b"",
) -> bytes:
    """A whole PDF with its table; `catalog` and `trailer` are added to their dictionaries."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    drawn = f"BT /F1 24 Tf 40 200 Td ({text}) Tj ET".encode()
    content = b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn)
    first = 5 + len(objects)
    kids = b" ".join(b"%d 0 R" % (first + number) for number in range(pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 420]"
        b"/Resources<</Font<</F1 3 0 R>>>>/Contents 4 0 R>>"
    )
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
        font,
        content,
        *objects,
        *[page] * pages,
    ]
    out, table = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(bodies, 1):
        table.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(table) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in table)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\n" % (len(table) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object
) -> bytes:
    """A white sheet with a black corner at the top left."""
    image = Image.new(mode, size, "white" if mode != "1" else 1)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill=0)
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def zipped(*names: str, mimetype: str = "") -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


def pixel(content: bytes, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place between 0 and 1."""
    with Image.open(BytesIO(content)) as image:
        rgb = image.convert("RGB")
        found = rgb.getpixel((int(x * (rgb.width - 1)), int(y * (rgb.height - 1))))
    assert isinstance(found, tuple)
    return found
