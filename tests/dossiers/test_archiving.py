"""The PDF/A copy of a paper: made once by a worker, and with it the holder's store."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.db import connection, connections
from PIL import Image

from dossiers import archiving, files, intake, tasks
from dossiers.intake import ComponentGiven
from dossiers.models import Dossier, StoredFile, StoredPaper
from motcua import pdf
from tests import make, papers_made
from tests.papers_made import picture, zipped

pytestmark = pytest.mark.django_db


def uploaded(content: bytes, by: Any) -> StoredFile:
    return files.store(
        BytesIO(content), "tờ khai", stored_by=by, now=make.NOW, retention="temporary"
    )


def handed_in(content: bytes) -> StoredFile:
    """A paper of an accepted dossier, not digitised yet."""
    commune = make.agency()
    clerk = make.staff(commune)
    version = make.version(posted_at=commune)
    file = uploaded(content, clerk)
    given = ComponentGiven(None, "Tờ khai", "original", file_id=file.pk)
    holder = make.person(citizen_id="079090001234")
    wanted = make.request(commune, version, holder=holder)
    wanted = type(wanted)(**vars(wanted) | {"components": (given,)})
    intake.accept(wanted, officer=clerk, now=make.NOW)
    file.refresh_from_db()
    return file


def copied(content: bytes) -> tuple[StoredFile, bytes]:
    """The copy and what is in it."""
    file = handed_in(content)
    assert archiving.archive_waiting(make.NOW) == 1
    file.refresh_from_db()
    assert file.archived_as is not None
    with default_storage.open(file.archived_as.storage_key) as copy:
        return file.archived_as, copy.read()


def test_a_photo_becomes_a_page_that_keeps_every_dot() -> None:
    made, copy = copied(picture(size=(1600, 1200), dpi=(200, 200)))

    assert (made.archive_of.archive_state, made.media_type) == ("done", "application/pdf")
    assert (made.name, made.retention) == ("tờ khai.pdf", "dossier")
    assert b"pdfaid:part" in copy
    page = pypdfium2.PdfDocument(copy)[0]
    assert page.get_size() == (576, 432)  # 8 × 6 inches
    assert page.render(scale=200 / 72).to_pil().size == (1600, 1200)


def test_a_picture_without_a_size_of_its_own_has_at_least_200_dots_an_inch() -> None:
    _, copy = copied(picture(size=(400, 200)))
    assert pypdfium2.PdfDocument(copy)[0].get_size() == (144, 72)
    _, copy = copied(picture("PNG", size=(3508, 2480), mode="RGBA"))
    assert max(pypdfium2.PdfDocument(copy)[0].get_size()) < 843


def test_all_pages_of_a_tiff() -> None:
    written = BytesIO()
    Image.new("1", (500, 700)).save(
        written, "TIFF", save_all=True, append_images=[Image.new("RGB", (700, 500), "red")]
    )
    _, copy = copied(written.getvalue())
    pdf_of_it = pypdfium2.PdfDocument(copy)
    assert len(pdf_of_it) == 2
    assert pdf_of_it[1].render(scale=1).to_pil().getpixel((20, 20))[0] > 200


def test_a_pdf_is_drawn_with_its_words_over_it() -> None:
    made, copy = copied(papers_made.pdf(12, text="Don de nghi"))

    assert made.pages == made.archive_of.pages == 12
    with pdfplumber.open(BytesIO(copy)) as opened:
        assert [page.extract_text() for page in opened.pages] == ["Don de nghi"] * 12
        image = opened.pages[0].images[0]
        assert image["srcsize"][0] / (opened.pages[0].width / 72) >= 199
    assert b"pdfaid:part" in copy


def test_what_is_pdf_a_already_is_its_own_copy() -> None:
    file = handed_in(pdf.render("<title>a</title><p>Quyết định</p>"))
    assert archiving.archive_waiting(make.NOW) == 1
    file.refresh_from_db()
    assert (file.archive_state, file.archived_as) == ("done", None)
    assert files.archive_of(file) == file


def test_without_libreoffice_an_office_file_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    file = handed_in(zipped("word/document.xml"))
    assert archiving.archive_waiting(make.NOW) == 1
    file.refresh_from_db()
    assert file.archive_state == "impossible"
    assert files.archive_of(file) is None
    assert StoredPaper.objects.filter(file=file).exists()  # kept all the same


def test_libreoffice_makes_the_copy_where_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ready, office = tmp_path / "ready.pdf", tmp_path / "soffice"
    ready.write_bytes(papers_made.pdf(3))
    office.write_text(
        "#!/bin/sh\n"
        'while [ "$1" != --outdir ]; do shift; done\n'
        f'mkdir -p "$2" && cp {ready} "$2/source.pdf"\n'
    )
    office.chmod(0o700)
    monkeypatch.setattr(shutil, "which", lambda _: str(office))
    made, copy = copied(zipped("word/document.xml"))
    assert copy == ready.read_bytes()
    assert made.pages == 3


def test_a_copy_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archiving, "SECONDS_FOR_ONE", -1)
    file = handed_in(picture())
    archiving.archive_waiting(make.NOW)
    file.refresh_from_db()
    assert file.archive_state == "impossible"


def test_a_lost_file_is_given_up() -> None:
    file = handed_in(picture())
    default_storage.delete(file.storage_key)
    archiving.archive_waiting(make.NOW)
    file.refresh_from_db()
    assert file.archive_state == "impossible"


def test_twice_is_once() -> None:
    file = copied(picture())[0].archive_of
    assert not archiving.archive(file.pk, make.NOW)
    assert archiving.archive_waiting(make.NOW) == 0
    assert StoredFile.objects.count() == 2
    assert StoredPaper.objects.filter(file=file).count() == 1


def test_a_worker_that_comes_too_late_throws_its_copy_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = handed_in(picture())
    made = archiving._copy_of

    def slowly(*arguments: Any) -> Any:
        copy = made(*arguments)
        StoredFile.objects.filter(pk=file.pk).update(archive_state="done")
        return copy

    monkeypatch.setattr(archiving, "_copy_of", slowly)
    assert not archiving.archive(file.pk, make.NOW)
    assert list(StoredFile.objects.all()) == [file]


def test_only_papers_and_results_are_copied() -> None:
    clerk = make.user(at=make.agency())
    waiting = uploaded(picture(), clerk)
    of_an_answer = files.store(BytesIO(picture()), "a", stored_by=clerk, now=make.NOW)
    assert archiving.archive_waiting(make.NOW) == 0
    states = dict(StoredFile.objects.values_list("pk", "archive_state"))
    assert states == {waiting.pk: "pending", of_an_answer.pk: "none"}


def test_the_schedule_copies_and_sweeps() -> None:
    file = handed_in(picture())
    lost = uploaded(picture(), None)
    tasks.archive_papers()
    tasks.sweep_uploads()  # long after the invented day
    file.refresh_from_db()
    assert file.archive_state == "done"
    assert not StoredFile.objects.filter(pk=lost.pk).exists()


@pytest.fixture
def _committed(transactional_db: None) -> Iterator[None]:
    yield
    connections.close_all()


@pytest.mark.usefixtures("_committed")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_make_one_copy() -> None:
    file = handed_in(papers_made.pdf(3))

    def work(_: int) -> bool:
        try:
            return archiving.archive(file.pk, make.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(work, range(3)))
    assert done.count(True) == 1
    assert StoredFile.objects.count() == 2
    assert Dossier.objects.count() == StoredPaper.objects.count() == 1
