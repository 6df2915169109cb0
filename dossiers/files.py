"""Keep an uploaded file (tệp đính kèm): judged by its content, under a random name.

The stored name says nothing and is guessed by nobody; views hand files out to those who may see
the dossier. What the sender calls the type is not believed. A PDF is kept byte for byte (it may
be signed) unless it was turned; a picture is kept without what the camera wrote beside it.

A PDF with scripts, other files or programs in it is refused, not flagged: a paper needs none of
them, and whoever has one can print it to PDF again.
"""

import hashlib
import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import BinaryIO, NamedTuple

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet

from agencies.models import User
from agencies.scope import Scope
from dossiers import pictures
from dossiers.errors import FileRefused
from dossiers.models import (
    Dossier,
    DossierComponent,
    Handover,
    Opinion,
    Result,
    StoredFile,
)
from dossiers.sniffing import KINDS, PDF, PICTURES, sniff
from motcua import pdfium
from motcua.text import clean

# Of every kind; a kind of its own may be smaller (dossiers.sniffing).
LARGEST = 20 * 1024 * 1024
MOST_PAGES = 500
ROTATIONS = (0, 90, 180, 270)
# What nobody attached to anything by then is thrown away.
TEMPORARY_FOR = timedelta(days=2)
# Where a file of a dossier stands.
_PARTS_OF_A_DOSSIER = (
    (DossierComponent, "file"),
    (Result, "file"),
    (Opinion, "file"),
    (Handover, "signature"),
)
_CHUNK = 256 * 1024
_FAULTS = {
    "encrypted": "Tệp PDF có mật khẩu hoặc bị khóa: hãy bỏ khóa rồi tải lên lại.",
    "broken": "Tệp PDF bị hỏng hoặc không có trang nào.",
    "pages": f"Tệp PDF có quá {MOST_PAGES} trang: hãy tách thành nhiều tệp.",
    "active": "Tệp PDF có mã lệnh hoặc tệp đính kèm bên trong: hãy in lại ra PDF rồi tải lên.",
}


class Judged(NamedTuple):
    """A file that may be kept; `content` is what is kept of it."""

    content: BinaryIO
    media_type: str
    thumbnail: bytes = b""
    pages: int | None = None


def store(
    content: BinaryIO,
    name: str,
    *,
    stored_by: User | None,
    now: datetime,
    retention: str = StoredFile.Retention.DOSSIER,
    rotation: int = 0,
) -> StoredFile:
    """Refuses what is empty, too large or of no known kind; nothing is kept then."""
    judged = judge(content, rotation)
    kept = _row(shown_name(name, judged.media_type), judged.media_type, retention, stored_by, now)
    kept.pages = judged.pages
    kept.archive_state = StoredFile.Archive.PENDING
    return _write(kept, judged.content, judged.thumbnail)


def keep(
    content: BinaryIO,
    name: str,
    media_type: str,
    *,
    stored_by: User | None,
    now: datetime,
    retention: str = StoredFile.Retention.DOSSIER,
    pages: int | None = None,
) -> StoredFile:
    """What the portal made itself, of whatever kind: nothing to judge, no PDF/A copy."""
    kept = _row(clean(name)[:200], media_type, retention, stored_by, now)
    kept.pages = pages
    return _write(kept, content, b"")


def judge(content: BinaryIO, rotation: int = 0) -> Judged:
    """What it is, whole and harmless; turned clockwise by so many degrees."""
    size = _size(content)
    media_type = sniff(content)
    kind = KINDS[media_type]
    if size > kind.largest:
        raise FileRefused(f"Tệp {kind.name} lớn hơn {kind.largest // 1024 // 1024} MB.")
    if rotation not in ROTATIONS:
        raise FileRefused("Chỉ xoay được 90, 180 hoặc 270 độ.")
    content.seek(0)
    if media_type == PDF:
        return _judged_pdf(content.read(), rotation)
    if media_type in PICTURES:
        picture, thumbnail, pages = pictures.cleaned(content.read(), media_type, rotation)
        return Judged(BytesIO(picture), media_type, thumbnail, pages)
    return Judged(content, media_type)


def shown_name(name: str, media_type: str) -> str:
    """What people see and download: no folders, no control characters, the true extension."""
    stem = PurePosixPath(clean(name).replace("\\", "/")).stem
    stem = re.sub(r'[<>:"/|?*]', "", stem).strip(". ")[:150]
    return (stem or "tep") + KINDS[media_type].extension


def visible_to(user: User, scope: Scope) -> QuerySet[StoredFile]:
    """One's own upload until something takes it; then those of the dossiers that one may see."""
    dossiers = Dossier.objects.in_scope(scope)
    anywhere = Q(retention=StoredFile.Retention.TEMPORARY, stored_by=user)
    for model, name in _PARTS_OF_A_DOSSIER:
        part = model._base_manager.filter(**{name: OuterRef("pk")}, dossier__in=dossiers)
        anywhere |= Q(Exists(part))
    return StoredFile.objects.filter(anywhere).select_related("archived_as")


def archive_of(file: StoredFile) -> StoredFile | None:
    """Its PDF/A copy, or the file itself when it is PDF/A already."""
    if file.archive_state != StoredFile.Archive.DONE:
        return None
    return file.archived_as or file


def of(dossier: Dossier) -> list[DossierComponent]:
    """The papers handed in with their files and PDF/A copies (one query)."""
    return list(dossier.components.select_related("file__archived_as", "reused_from"))


def thumbnail_key(file: StoredFile) -> str:
    return f"{file.storage_key}.jpg"


def sweep(now: datetime) -> int:
    """Throw away uploads that nothing took within two days, row and file; how many."""
    old = StoredFile.objects.filter(
        retention=StoredFile.Retention.TEMPORARY, stored_at__lt=now - TEMPORARY_FOR
    )
    for relation in StoredFile._meta.related_objects:
        # Whatever points at it keeps it, even what this module does not know.
        pointing = relation.related_model._base_manager.filter(
            **{relation.field.name: OuterRef("pk")}
        )
        old = old.exclude(Exists(pointing))
    return sum(_throw_away(pk) for pk in old.order_by("pk").values_list("pk", flat=True)[:1000])


def delete_content(file: StoredFile) -> None:
    for key in (file.storage_key, thumbnail_key(file)):
        with suppress(FileNotFoundError):
            default_storage.delete(key)


def _throw_away(pk: int) -> bool:
    """An act takes a file by changing its retention: whichever comes second finds nothing."""
    waiting = StoredFile.objects.select_for_update(skip_locked=True)
    try:
        with transaction.atomic():
            file = waiting.filter(pk=pk, retention=StoredFile.Retention.TEMPORARY).first()
            if file is None:
                return False
            file.delete()
    except ProtectedError:  # attached a moment ago
        return False
    delete_content(file)
    return True


def _judged_pdf(content: bytes, rotation: int) -> Judged:
    if len(content) - content.rfind(b"%%EOF") > 2048:
        raise FileRefused("Tệp PDF bị hỏng, chưa tải hết hoặc có dữ liệu khác phía sau.")
    with TemporaryDirectory(prefix="upload-") as folder:
        path, small = Path(folder, "a.pdf"), Path(folder, "a.jpg")
        path.write_bytes(content)
        facts = pdfium.inspect(path, small, most_pages=MOST_PAGES, rotation=rotation)
        if facts.fault:
            raise FileRefused(_FAULTS[facts.fault])
        if rotation and facts.signatures:
            raise FileRefused("Tệp PDF đã ký số thì không xoay được: chữ ký sẽ mất hiệu lực.")
        kept = path.read_bytes() if rotation else content
        return Judged(BytesIO(kept), PDF, small.read_bytes(), facts.pages)


def _row(
    name: str, media_type: str, retention: str, stored_by: User | None, now: datetime
) -> StoredFile:
    # Two levels of folders, so that none holds millions of files.
    token = secrets.token_hex(16)
    return StoredFile(
        storage_key=f"{token[:2]}/{token[2:4]}/{token}",
        name=name,
        media_type=media_type,
        retention=retention,
        stored_at=now,
        stored_by=stored_by,
    )


def _write(kept: StoredFile, content: BinaryIO, thumbnail: bytes) -> StoredFile:
    kept.size, kept.sha256 = _measure(content)
    content.seek(0)
    kept.storage_key = default_storage.save(kept.storage_key, File(content))
    try:
        if thumbnail:
            default_storage.save(thumbnail_key(kept), ContentFile(thumbnail))
        kept.save(force_insert=True)
    except Exception:
        delete_content(kept)  # a file without its row would stay for ever
        raise
    return kept


def _size(content: BinaryIO) -> int:
    size = content.seek(0, 2)
    if size > LARGEST:
        raise FileRefused(f"Tệp lớn hơn {LARGEST // 1024 // 1024} MB.")
    if not size:
        raise FileRefused("Tệp rỗng.")
    return size


def _measure(content: BinaryIO) -> tuple[int, str]:
    content.seek(0)
    size, digest = 0, hashlib.sha256()
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        digest.update(chunk)
    return size, digest.hexdigest()
