"""pyHanko behind its door: signatures that hold, added to the end of a file."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from motcua import pdf, signing
from motcua.scans import Sheet, write
from tests import make, papers_made
from tests.certificates import PASSWORD, pkcs12


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Path:
    """A certificate of its own making."""
    path = tmp_path / "office.p12"
    path.write_bytes(pkcs12("Ủy ban nhân dân xã Trà Bồng"))
    settings.SIGNING_PKCS12, settings.SIGNING_PASSWORD = str(path), PASSWORD
    return path


def archivable() -> bytes:
    target = BytesIO()
    page = Sheet(papers_made.picture(), 300, 200, (60, 40))
    write([page], target, title="Kết quả", created=make.NOW)
    return target.getvalue()


def sign(content: bytes) -> bytes:
    return signing.sign(content, reason="Kết quả", signer="Nguyễn Thị Đào")


def test_without_a_certificate_nothing_is_signed(settings: Any) -> None:
    settings.SIGNING_PKCS12 = ""
    assert not signing.is_configured()
    with pytest.raises(signing.SigningUnavailable):
        sign(archivable())


def test_the_signature_holds_and_covers_the_whole_file(office: Path) -> None:
    signed = sign(archivable())
    (embedded,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    roots = ValidationContext(trust_roots=[embedded.signer_cert])
    status = validate_pdf_signature(embedded, roots)

    assert status.bottom_line
    assert embedded.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert embedded.sig_object["/Reason"] == "Kết quả"
    assert signing.signatures_of(signed) == [
        signing.Signature("Ủy ban nhân dân xã Trà Bồng", is_intact=True)
    ]


@pytest.mark.parametrize("made", ["scan", "paper"])
def test_what_stood_before_stays_and_it_is_still_pdf_a(office: Path, made: str) -> None:
    content = archivable() if made == "scan" else pdf.render("<title>a</title><p>Kết quả</p>")
    signed = sign(content)
    assert signed.startswith(content)
    reader = PdfFileReader(BytesIO(signed))
    assert b"pdfaid:part" in reader.root["/Metadata"].data
    assert "/OutputIntents" in reader.root
    assert len(pypdfium2.PdfDocument(signed)) == 1


def test_a_second_signature_leaves_the_first_whole(office: Path) -> None:
    twice = sign(sign(archivable()))
    assert [one.is_intact for one in signing.signatures_of(twice)] == [True, True]


def test_a_changed_file_is_seen(office: Path) -> None:
    signed = sign(archivable())
    changed = signed.replace(b"300.00 200.00", b"200.00 300.00", 1)
    assert changed != signed
    assert [one.is_intact for one in signing.signatures_of(changed)] == [False]


def test_a_picture_is_the_visible_stamp(office: Path, settings: Any, tmp_path: Path) -> None:
    stamp = tmp_path / "stamp.png"
    stamp.write_bytes(papers_made.picture("PNG", (160, 60)))
    settings.SIGNING_STAMP = str(stamp)
    signed = sign(papers_made.pdf())
    (embedded,) = PdfFileReader(BytesIO(signed)).embedded_signatures
    assert [float(each) for each in embedded.sig_field["/Rect"]] == list(signing.STAMP_BOX)


def test_a_wrong_password_or_file_is_said(office: Path, settings: Any) -> None:
    settings.SIGNING_PASSWORD = "another"
    with pytest.raises(signing.SigningFailed):
        sign(archivable())
    settings.SIGNING_PASSWORD = PASSWORD
    with pytest.raises(signing.SigningFailed):
        sign(b"%PDF-1.7\nbroken")
