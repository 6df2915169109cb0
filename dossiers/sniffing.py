"""What is this file (kiểm tra tệp theo nội dung)? Judged by its bytes, never by its name.

Taken: PDF, JPEG, PNG, TIFF, DOCX, XLSX, ODT, ODS. A file that is also something else (a
picture with an archive behind it, a PDF that ends as a ZIP) is refused.
"""

import re
import struct
import zipfile
from typing import BinaryIO, NamedTuple

from dossiers.errors import FileRefused

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
DOCX, XLSX = f"{_OOXML}.wordprocessingml.document", f"{_OOXML}.spreadsheetml.sheet"
ODT, ODS = f"{_ODF}.text", f"{_ODF}.spreadsheet"
PICTURES = frozenset({JPEG, PNG, TIFF})
OFFICE = frozenset({DOCX, XLSX, ODT, ODS})
MB = 1024 * 1024


class Kind(NamedTuple):
    """How a kind is called, what its files end in, and how large they may be."""

    name: str
    extension: str
    largest: int = 20 * MB


KINDS = {
    PDF: Kind("PDF", ".pdf"),
    JPEG: Kind("JPEG", ".jpg"),
    PNG: Kind("PNG", ".png"),
    TIFF: Kind("TIFF", ".tif"),
    DOCX: Kind("DOCX", ".docx"),
    XLSX: Kind("XLSX", ".xlsx"),
    ODT: Kind("ODT", ".odt"),
    ODS: Kind("ODS", ".ods"),
}
TAKEN = ", ".join(kind.name for kind in KINDS.values())
_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
# What an archive of an office document may unpack to, and of how many parts it may be.
UNPACKED, PARTS = 300 * MB, 10_000
_RUNS = re.compile(r"vbaProject|activeX|oleObject|^Basic/|^Scripts/|\.(exe|dll|js|vbs|bat)$", re.I)
# A marker within a JPEG's scan that is no stuffed byte and no restart.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def sniff(content: BinaryIO) -> str:
    """The media type by what the file is; refuses every other kind."""
    content.seek(0)
    head = content.read(32)
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            _refuse_archives(content)
            return media_type
    if head.startswith(b"PK\x03\x04"):
        return _zipped(content)
    if head.startswith(_OLD_OFFICE):
        raise FileRefused(
            "Tệp .doc, .xls kiểu cũ hoặc có mật khẩu: hãy lưu lại thành DOCX, XLSX hoặc PDF."
        )
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        raise FileRefused("Ảnh HEIC: hãy đổi máy ảnh sang JPEG, hoặc lưu lại thành JPEG.")
    raise FileRefused(f"Chỉ nhận tệp {TAKEN}.")


def after_the_end(picture: bytes, media_type: str) -> bytes:
    """What stands behind a picture's end; phones add previews of their own, others hide there."""
    end = {JPEG: _end_of_jpeg, PNG: _end_of_png}.get(media_type)
    return picture[end(picture) :] if end else b""


def _refuse_archives(content: BinaryIO) -> None:
    """A ZIP is read from its end: it can stand behind anything."""
    if zipfile.is_zipfile(content):
        raise FileRefused("Tệp chứa thêm một tệp nén giấu bên trong.")


def _zipped(content: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(content) as archive:
            parts = archive.infolist()
            mimetype = _mimetype(archive, parts)
            behind = archive.start_dir  # the directory stands last
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise FileRefused("Tệp bị hỏng.") from error
    if behind <= 0 or any(part.flag_bits & 1 for part in parts):
        raise FileRefused("Tệp có mật khẩu hoặc bị hỏng.")
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        raise FileRefused("Tệp giải nén ra quá lớn.")
    names = {part.filename for part in parts}
    if any(_RUNS.search(name) for name in names):
        raise FileRefused("Không nhận tệp có macro hoặc chương trình.")
    if mimetype in {ODT, ODS} and "content.xml" in names:
        return mimetype
    for inner, media_type in _PARTS.items():
        if inner in names:
            return media_type
    raise FileRefused(f"Chỉ nhận tệp {TAKEN}.")


def _mimetype(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    """An OpenDocument file says what it is in its first part."""
    if parts and parts[0].filename == "mimetype" and parts[0].file_size < 100:
        return archive.read(parts[0]).decode("ascii", "replace")
    return ""


def _end_of_jpeg(picture: bytes) -> int:
    at = 2
    while at + 4 <= len(picture):
        marker = picture[at + 1]
        if picture[at] != 0xFF:
            break
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", picture, at + 2)
        at += 2 + int(length)
        if marker == 0xDA:
            found = _MARKER.search(picture, at)
            at = found.start() if found else len(picture)
    if picture[at : at + 2] == b"\xff\xd9":
        return at + 2
    raise FileRefused("Ảnh bị hỏng hoặc chưa tải hết.")


def _end_of_png(picture: bytes) -> int:
    at = 8
    while at + 12 <= len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        kind = picture[at + 4 : at + 8]
        at += 12 + int(length)
        if kind == b"IEND":
            return at
    raise FileRefused("Ảnh bị hỏng hoặc chưa tải hết.")
