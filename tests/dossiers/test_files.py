"""Uploads: judged by content, kept under random names, attached by their owner only."""

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage

from dossiers import errors, files, intake
from dossiers.intake import ComponentGiven
from dossiers.models import StoredFile
from tests import make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n..."
PNG = b"\x89PNG\r\n\x1a\n....."


def stored(content: bytes, name: str = "tờ khai.pdf") -> StoredFile:
    return files.store(BytesIO(content), name, stored_by=None, now=make.NOW)


def zipped(*names: str) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


def test_a_file_is_kept_under_a_name_that_says_nothing() -> None:
    kept = stored(PDF)
    assert "khai" not in kept.storage_key
    assert (kept.size, kept.media_type, kept.name) == (len(PDF), "application/pdf", "tờ khai.pdf")
    with default_storage.open(kept.storage_key) as content:
        assert content.read() == PDF
    assert stored(PDF).storage_key != kept.storage_key


def test_the_content_says_what_it_is_not_the_name() -> None:
    assert stored(PNG, "../../etc/passwd.pdf").name == "passwd.png"
    assert stored(zipped("word/document.xml"), "a").name == "a.docx"
    assert stored(zipped("xl/workbook.xml"), "<b>").name == "b.xlsx"
    assert stored(PDF, "C:\\mật\\thư.exe").name == "thư.pdf"
    assert stored(PDF, "").name == "tep.pdf"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b"MZ\x90\x00",
        b"PK\x03\x04broken",
        zipped("a.txt"),
        zipped("word/document.xml", "word/vbaProject.bin"),
    ],
)
def test_other_kinds_are_refused_and_leave_nothing(content: bytes) -> None:
    with pytest.raises(errors.FileRefused):
        stored(content)
    assert not StoredFile.objects.exists()


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(errors.FileRefused):
        stored(PDF)


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
