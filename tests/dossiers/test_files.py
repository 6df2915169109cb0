"""Uploads: judged by content, kept under random names, attached by their owner only."""

import time
import zlib
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from dossiers import errors, files, intake, sniffing
from dossiers.intake import ComponentGiven
from dossiers.models import StoredFile
from motcua import pdfium
from motcua.errors import DomainError
from tests import make, papers_made
from tests.papers_made import picture, zipped

pytestmark = pytest.mark.django_db
PDF = papers_made.pdf()
PNG = picture("PNG")
ODT = "application/vnd.oasis.opendocument.text"


def stored(content: bytes, name: str = "tờ khai.pdf", rotation: int = 0) -> StoredFile:
    return files.store(BytesIO(content), name, stored_by=None, now=make.NOW, rotation=rotation)


def content_of(kept: StoredFile) -> bytes:
    with default_storage.open(kept.storage_key) as content:
        return bytes(content.read())


def test_a_file_is_kept_under_a_name_that_says_nothing() -> None:
    kept = stored(PDF)
    assert "khai" not in kept.storage_key
    assert (kept.size, kept.media_type, kept.name) == (len(PDF), "application/pdf", "tờ khai.pdf")
    assert (kept.pages, kept.archive_state) == (1, "pending")
    assert content_of(kept) == PDF
    assert stored(PDF).storage_key != kept.storage_key


def test_the_content_says_what_it_is_not_the_name() -> None:
    assert stored(PNG, "../../etc/passwd.pdf").name == "passwd.png"
    assert stored(picture("TIFF"), "a.jpg").name == "a.tif"
    assert stored(zipped("word/document.xml"), "a").name == "a.docx"
    assert stored(zipped("xl/workbook.xml"), "<b>").name == "b.xlsx"
    assert stored(zipped("content.xml", mimetype=ODT), "c").name == "c.odt"
    assert stored(PDF, "C:\\mật\\thư.exe").name == "thư.pdf"
    assert stored(PDF, "").name == "tep.pdf"


HOSTILE = {
    "empty": b"",
    "html": b"<html><script>alert(1)</script>",
    "program": b"MZ\x90\x00",
    "broken zip": b"PK\x03\x04broken",
    "a zip of other things": zipped("a.txt"),
    "macro": zipped("word/document.xml", "word/vbaProject.bin"),
    "macro of LibreOffice": zipped("content.xml", "Basic/Standard/Module1.xml", mimetype=ODT),
    "says OpenDocument, holds nothing": zipped("a.xml", mimetype=ODT),
    "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "HEIC": b"\x00\x00\x00\x18ftypheic" + bytes(60),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "head of a PDF alone": b"%PDF-1.7\n...",
    "head of a PNG alone": PNG[:8] + b".....",
    "half a JPEG": picture()[: len(picture()) // 2],
    "PNG and ZIP": PNG + zipped("a.html"),
    "JPEG and ZIP": picture() + zipped("a.html"),
    "PDF and ZIP": PDF + zipped("a.html"),
    "PNG and PHP": PNG + b"<?php system($_GET[0]);",
    "JPEG and HTML": picture() + b"<script>alert(1)</script>",
    "PDF and much else": PDF + b"x" * 3000,
    "PDF with a script": papers_made.pdf(
        catalog=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"
    ),
    "PDF with a hidden script": papers_made.pdf(
        catalog=b"/OpenAction<</S/J#61vaScript/#4aS(app.alert\\(1\\))>>"
    ),
    "PDF that starts a program": papers_made.pdf(
        catalog=b"/OpenAction<</S/Launch/F(calc.exe)>>"
    ),
    "PDF with a file in it": papers_made.pdf(
        catalog=b"/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>",
        objects=[b"<</Type/Filespec/F(a.exe)/EF<</F 4 0 R>>>>"],
    ),
    "PDF without pages": papers_made.pdf(0),
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_other_kinds_are_refused_and_leave_nothing(content: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        stored(content)
    assert refused.value.message
    assert not StoredFile.objects.exists()


def test_a_script_packed_in_an_object_stream_is_found() -> None:
    packed = zlib.compress(b"6 0 <</S/JavaScript/JS(x)>>")
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
    with pytest.raises(errors.FileRefused, match="mã lệnh"):
        stored(papers_made.pdf(objects=[stream % (len(packed), packed)]))


def test_a_locked_pdf_is_refused() -> None:
    lock = b"<</Filter/Standard/V 1/R 2/P -44/O<" + b"28" * 32 + b">/U<" + b"41" * 32 + b">>>"
    with pytest.raises(errors.FileRefused, match="mật khẩu"):
        stored(papers_made.pdf(objects=[lock], trailer=b"/Encrypt 5 0 R/ID[<00><00>]"))


def test_ten_thousand_pages_are_refused_at_once() -> None:
    book = papers_made.pdf(10_000)
    began = time.monotonic()
    with pytest.raises(errors.FileRefused, match="quá 500 trang"):
        stored(book)
    assert time.monotonic() - began < 10


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfium, "SECONDS_TO_INSPECT", 0)
    with pytest.raises(pdfium.Unreadable):
        stored(PDF)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_picture_that_unpacks_to_too_much_is_refused(kind: str) -> None:
    packing = {"compression": "group4"} if kind == "TIFF" else {}
    bomb = picture(kind, (20_000, 20_000), "1", **packing)
    assert len(bomb) < sniffing.MB
    with pytest.raises(errors.FileRefused, match="50 triệu"):
        stored(bomb)


def test_an_office_file_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sniffing, "PARTS", 2)
    with pytest.raises(errors.FileRefused, match="giải nén"):
        stored(zipped("word/document.xml", "a", "b"))


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(errors.FileRefused):
        stored(PDF)


def test_where_the_phone_stood_is_not_kept() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: to be turned clockwise by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "Hãng điện thoại"
    for kind in ("JPEG", "TIFF"):
        kept = stored(picture(kind, exif=exif))
        with Image.open(BytesIO(content_of(kept))) as image:
            assert not image.getexif().get_ifd(0x8825)
            assert 0x010F not in image.getexif()
            if kind == "JPEG":
                assert image.size == (40, 60)  # stands upright now


def test_a_picture_that_needs_nothing_keeps_its_quality() -> None:
    sheet = picture(quality=95, comment=b"secret")
    kept = content_of(stored(sheet))
    assert b"secret" not in kept
    with Image.open(BytesIO(sheet)) as before, Image.open(BytesIO(kept)) as after:
        assert before.quantization == after.quantization  # type: ignore[attr-defined]


@pytest.mark.parametrize(("rotation", "corner"), [(90, (1, 0)), (180, (1, 1)), (270, (0, 1))])
def test_the_server_turns_pictures(rotation: int, corner: tuple[int, int]) -> None:
    for kind in ("JPEG", "PNG"):
        kept = content_of(stored(picture(kind), rotation=rotation))
        assert max(papers_made.pixel(kept, *corner)) < 60
        assert min(papers_made.pixel(kept, 1 - corner[0], 1 - corner[1])) > 200


def test_the_server_turns_the_pages_of_a_pdf() -> None:
    kept = stored(papers_made.pdf(2), rotation=90)
    assert kept.pages == 2
    assert b"/Rotate 90" in content_of(kept)


def test_no_other_angle() -> None:
    with pytest.raises(errors.FileRefused):
        stored(PNG, rotation=45)


def test_a_phones_second_picture_is_cut_off() -> None:
    """Multi-picture JPEG, motion photos: real phones put them behind the first picture."""
    kept = content_of(stored(picture() + picture(size=(8, 8))))
    assert kept.count(b"\xff\xd8\xff") == 1


def test_all_pages_of_a_tiff_are_kept() -> None:
    first, second = Image.new("1", (50, 70)), Image.new("RGB", (50, 70))
    written = BytesIO()
    first.save(written, "TIFF", save_all=True, append_images=[second])
    kept = stored(written.getvalue())
    assert kept.pages == 2
    with Image.open(BytesIO(content_of(kept))) as image:
        assert getattr(image, "n_frames", 1) == 2


def test_a_thumbnail_stands_beside() -> None:
    for content in (PDF, PNG, picture(), picture("TIFF")):
        with default_storage.open(files.thumbnail_key(stored(content))) as small:
            assert max(Image.open(small).size) <= 240


def test_nobody_attaches_the_file_of_another() -> None:
    commune = make.agency()
    clerk, other = make.staff(commune), make.staff(commune)
    version = make.version(posted_at=commune, components=1)
    component = version.components.get()
    mine = files.store(BytesIO(PDF), "a.pdf", stored_by=clerk, now=make.NOW, retention="temporary")
    given = ComponentGiven(component.pk, "", "electronic", file_id=mine.pk)
    wanted = replace(make.request(commune, version), components=(given,))
    with pytest.raises(errors.FileRefused):
        intake.accept(wanted, officer=other, now=make.NOW)
    assert intake.accept(wanted, officer=clerk, now=make.NOW).components.get().file == mine
    again = replace(make.request(commune, version), components=(given,))
    with pytest.raises(errors.FileRefused):  # one file, one dossier
        intake.accept(again, officer=clerk, now=make.NOW)


def test_what_nobody_attached_is_swept_after_two_days() -> None:
    temporary = StoredFile.Retention.TEMPORARY
    lone = files.store(BytesIO(PNG), "a", stored_by=None, now=make.NOW, retention=temporary)
    attached = files.store(BytesIO(PNG), "b", stored_by=None, now=make.NOW, retention=temporary)
    paper = make.dossier().components.create(position=1, name="Tờ khai", form="electronic")
    paper.file = attached
    paper.save()
    kept = stored(PNG)

    assert files.sweep(make.NOW + timedelta(hours=47)) == 0
    assert files.sweep(make.NOW + timedelta(hours=49)) == 1
    assert files.sweep(make.NOW + timedelta(hours=49)) == 0
    assert set(StoredFile.objects.all()) == {attached, kept}
    assert not default_storage.exists(lone.storage_key)
    assert not default_storage.exists(files.thumbnail_key(lone))
    assert default_storage.exists(attached.storage_key)
