"""Keep an uploaded file (tệp đính kèm): judged by its content, under a random name.

The stored name says nothing and is guessed by nobody; views hand files out to those who may see
the dossier. What the sender calls the type is not believed.
"""

import hashlib
import re
import secrets
import zipfile
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage

from agencies.models import User
from dossiers.errors import FileRefused
from dossiers.models import StoredFile
from motcua.text import clean

LARGEST = 20 * 1024 * 1024
_CHUNK = 256 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
}
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)
_ZIPPED = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
}


def store(
    content: BinaryIO,
    name: str,
    *,
    stored_by: User | None,
    now: datetime,
    retention: str = StoredFile.Retention.DOSSIER,
) -> StoredFile:
    """Refuses what is empty, too large or of no known kind; nothing is kept then."""
    size, sha256 = _measure(content)
    media_type = sniff(content)
    # Two levels of folders, so that none holds millions of files.
    token = secrets.token_hex(16)
    key = f"{token[:2]}/{token[2:4]}/{token}"
    content.seek(0)
    stored_key = default_storage.save(key, File(content))
    try:
        return StoredFile.objects.create(
            storage_key=stored_key,
            name=shown_name(name, media_type),
            sha256=sha256,
            size=size,
            media_type=media_type,
            retention=retention,
            stored_at=now,
            stored_by=stored_by,
        )
    except Exception:
        default_storage.delete(stored_key)  # a file without its row would stay for ever
        raise


def sniff(content: BinaryIO) -> str:
    """The media type by what the file is; refuses every other kind."""
    content.seek(0)
    head = content.read(16)
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith(b"PK\x03\x04"):
        return _zipped(content)
    raise FileRefused("Chỉ nhận tệp PDF, JPEG, PNG, DOCX, XLSX.")


def shown_name(name: str, media_type: str) -> str:
    """What people see and download: no folders, no control characters, the true extension."""
    stem = PurePosixPath(clean(name).replace("\\", "/")).stem
    stem = re.sub(r'[<>:"/|?*]', "", stem).strip(". ")[:150]
    return (stem or "tep") + _EXTENSIONS[media_type]


def _measure(content: BinaryIO) -> tuple[int, str]:
    content.seek(0)
    size, digest = 0, hashlib.sha256()
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        if size > LARGEST:
            raise FileRefused(f"Tệp lớn hơn {LARGEST // 1024 // 1024} MB.")
        digest.update(chunk)
    if not size:
        raise FileRefused("Tệp rỗng.")
    return size, digest.hexdigest()


def _zipped(content: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(content) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileRefused("Tệp bị hỏng.") from error
    if any(name.endswith("vbaProject.bin") for name in names):
        raise FileRefused("Không nhận tệp có macro.")
    for inner, media_type in _ZIPPED.items():
        if inner in names:
            return media_type
    raise FileRefused("Chỉ nhận tệp PDF, JPEG, PNG, DOCX, XLSX.")
