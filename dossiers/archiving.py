"""The PDF/A copy of a paper (số hóa): made by a worker when the paper belongs to a dossier.

Pictures and PDFs become pages of at least 200 dpi with the words of the original laid over them;
a file that is PDF/A already is its own copy (`archived_as` stays empty); office files go through
LibreOffice where it is installed. What cannot be copied is IMPOSSIBLE and stays as it is.

With its copy a paper goes to the holder's store (dossiers.store): there is this one place.
"""

import logging
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dossiers import files, pictures, store
from dossiers.models import DossierComponent, Result, StoredFile
from dossiers.sniffing import JPEG, OFFICE, PDF, PICTURES
from motcua import pdfium, scans
from motcua.errors import DomainError

logger = logging.getLogger(__name__)
Archive = StoredFile.Archive
DPI = 200
# A picture that does not say how large it is fills an A4 page at most.
_A4_INCHES = 11.69
SECONDS_FOR_ONE = 420
SECONDS_FOR_OFFICE = 120
# One run of the sweep; the next one goes on.
SECONDS_FOR_ALL = 60
_LOCKS = 0x41524348 << 31


class Impossible(Exception):
    """No copy can be made of this file."""


def archive_waiting(now: datetime, clock: Callable[[], float] = time.monotonic) -> int:
    """Every half a minute, by as many workers as are free: each takes what no other has."""
    _forget_the_rest()
    began, made = clock(), 0
    for pk in list(_waiting().order_by("pk").values_list("pk", flat=True)[:200]):
        if clock() - began > SECONDS_FOR_ALL:
            break
        made += archive(pk, now)
    return made


def archive(file_id: int, now: datetime) -> bool:
    """Make the copy, once; False when it is made, or another worker is at it."""
    with _claimed(file_id) as is_ours:
        file = _waiting().filter(pk=file_id).first() if is_ours else None
        if file is None:
            return False
        copy, state = None, Archive.DONE
        try:
            copy = _copy_of(file, now)
        except (Impossible, DomainError, OSError, ValueError) as error:
            logger.warning("no archive copy file=%s why=%s", file.pk, type(error).__name__)
            state = Archive.IMPOSSIBLE
        return _record(file, copy, state, now)


def _waiting() -> QuerySet[StoredFile]:
    """Papers of accepted dossiers, and results."""
    papers = DossierComponent.objects.filter(
        file=OuterRef("pk"), dossier__accepted_at__isnull=False
    )
    results = Result.objects.filter(file=OuterRef("pk"))
    return StoredFile.objects.filter(
        Q(Exists(papers)) | Q(Exists(results)), archive_state=Archive.PENDING
    )


def _forget_the_rest() -> None:
    """Signatures, answers of offices, papers of dossiers that were never taken in: no copy."""
    papers = DossierComponent.objects.filter(file=OuterRef("pk")).exclude(
        dossier__accepted_at__isnull=True, dossier__ended_at__isnull=False
    )
    results = Result.objects.filter(file=OuterRef("pk"))
    taken = StoredFile.objects.exclude(retention=StoredFile.Retention.TEMPORARY)
    taken.filter(archive_state=Archive.PENDING).exclude(Exists(papers)).exclude(
        Exists(results)
    ).update(archive_state=Archive.NONE)


@contextmanager
def _claimed(file_id: int) -> Iterator[bool]:
    """A lock of the session: no transaction stays open, and it is gone with its worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCKS + file_id])
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCKS + file_id])


def _record(file: StoredFile, copy: StoredFile | None, state: str, now: datetime) -> bool:
    with transaction.atomic():
        waiting = StoredFile.objects.filter(pk=file.pk, archive_state=Archive.PENDING)
        if waiting.update(archive_state=state, archived_as=copy):
            store.keep(file, now)
            return True
        if copy is not None:
            copy.delete()
    if copy is not None:
        files.delete_content(copy)
    return False


def _copy_of(file: StoredFile, now: datetime) -> StoredFile | None:
    """None: the file is PDF/A itself."""
    with TemporaryDirectory(prefix="archive-") as folder:
        source, target = Path(folder, "source"), Path(folder, "copy.pdf")
        with default_storage.open(file.storage_key) as content, source.open("wb") as local:
            shutil.copyfileobj(content, local)
        if file.media_type == PDF:
            facts = pdfium.inspect(source, target, most_pages=files.MOST_PAGES)
            if facts.fault:
                raise Impossible
            if facts.archivable:
                return None
        pages = _make(file, source, target, now)
        with target.open("rb") as made:
            return files.keep(
                made,
                f"{PurePosixPath(file.name).stem}.pdf",
                PDF,
                stored_by=None,
                now=now,
                retention=file.retention,
                pages=pages,
            )


def _make(file: StoredFile, source: Path, target: Path, now: datetime) -> int:
    if file.media_type in OFFICE:
        return _by_office(source, target)
    if file.media_type == PDF:
        sheets = _drawn(source, file.pages or files.MOST_PAGES)
    elif file.media_type in PICTURES:
        sheets = _pictured(source, file.media_type)
    else:
        raise Impossible
    with target.open("wb") as written:
        # No name in the file's own data: it may be a person's.
        return scans.write(_in_time(sheets), written, title="Bản số hóa", created=now)


def _drawn(source: Path, pages: int) -> Iterator[scans.Sheet]:
    for page in pdfium.pages(source, pages, DPI):
        yield scans.Sheet(page.picture, page.width, page.height, page.dots, words=page.text)


def _pictured(source: Path, media_type: str) -> Iterator[scans.Sheet]:
    with source.open("rb") as content:
        for image in pictures.frames(content):
            across, down = image.size
            said = float(image.info.get("dpi", (0, 0))[0])
            dpi = said if said >= 100 else max(DPI, max(image.size) / _A4_INCHES)
            is_kept = media_type == JPEG and image.format == "JPEG"
            picture = source.read_bytes() if is_kept else pictures.as_jpeg(image, 85)
            is_grey = image.mode in {"1", "L"}
            width, height = across * 72 / dpi, down * 72 / dpi
            yield scans.Sheet(picture, width, height, (across, down), is_grey=is_grey)


def _in_time(sheets: Iterator[scans.Sheet]) -> Iterator[scans.Sheet]:
    began = time.monotonic()
    for sheet in sheets:
        if time.monotonic() - began > SECONDS_FOR_ONE:
            raise Impossible
        yield sheet


def _by_office(source: Path, target: Path) -> int:
    """LibreOffice, with a profile of its own: two at once do not meet."""
    office = shutil.which("soffice")
    if office is None:
        raise Impossible
    folder = source.parent
    as_archive = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"3"}}'
    asked = [f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
    asked += ["--convert-to", as_archive, "--outdir", str(folder / "out"), str(source)]
    try:
        subprocess.run(  # noqa: S603 - a program of the system, arguments of our own
            [office, *asked], check=True, capture_output=True, timeout=SECONDS_FOR_OFFICE
        )
        shutil.move(folder / "out" / "source.pdf", target)
    except subprocess.SubprocessError as error:
        raise Impossible from error
    facts = pdfium.inspect(target, folder / "first.jpg", most_pages=files.MOST_PAGES)
    if facts.fault:
        raise Impossible
    return facts.pages
