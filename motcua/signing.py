"""The only door to pyHanko: a finished PDF gets a digital signature (ký số, PAdES B-B).

The certificate is an office's own PKCS#12 file (SIGNING_PKCS12, SIGNING_PASSWORD); without one
nothing is signed here, and results are scans or were signed elsewhere. A signature is added to
the end of the file: what was there before, PDF/A metadata included, stays byte for byte.

pyHanko is imported at first use (0.4 s).
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

from motcua.errors import DomainError

# Where the picture of a stamp goes, in points from the corner of an A4 page: top right.
STAMP_BOX = (400, 760, 560, 820)


class SigningUnavailable(DomainError):
    code = "signing_unavailable"
    message = "Chưa cấu hình chứng thư số của cơ quan nên không ký số được ở đây."


class SigningFailed(DomainError):
    code = "signing_failed"
    message = "Không ký số được tệp này: tệp hoặc chứng thư số có lỗi."


@dataclass(frozen=True)
class Signature:
    """A signature in a PDF: who, and is what it signed still as it was?"""

    name: str
    is_intact: bool


def is_configured() -> bool:
    return bool(settings.SIGNING_PKCS12)


def sign(pdf: bytes, *, reason: str, signer: str) -> bytes:
    """The same file with one more signature at its end."""
    if not is_configured():
        raise SigningUnavailable
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields, signers
    from pyhanko.sign.general import SigningError

    try:
        writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
        field = f"Motcua{len(list(writer.prev.embedded_signatures)) + 1}"
        metadata = signers.PdfSignatureMetadata(
            field_name=field,
            reason=reason,
            name=signer,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
        )
        spec = fields.SigFieldSpec(field, **_place())
        ours = signers.PdfSigner(
            metadata, _signer(), stamp_style=_stamp(), new_field_spec=spec
        ).sign_pdf(writer)
    except (PdfError, SigningError, ValueError, OSError) as error:
        raise SigningFailed from error
    return bytes(ours.getvalue())


def signatures_of(pdf: bytes) -> list[Signature]:
    """Whose signatures stand in it, and are they whole? Trust in them is not judged here."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        found = list(PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures)
        return [_judged(one) for one in found]
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise SigningFailed("Không đọc được chữ ký số trong tệp này.") from error


def _judged(embedded: Any) -> Signature:
    embedded.compute_integrity_info()
    status = embedded.summarise_integrity_info()
    certificate = embedded.signer_cert
    name = str(certificate.subject.native.get("common_name", "")) if certificate else ""
    whole = status["docmdp_ok"] is not False and _is_intact(embedded)
    return Signature(name, whole)


def _is_intact(embedded: Any) -> bool:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    intact, valid = validate_sig_integrity(
        embedded.signer_info,
        embedded.signer_cert,
        expected_content_type="data",
        actual_digest=embedded.compute_digest(),
    )
    return bool(intact and valid)


def _signer() -> Any:
    from pyhanko.sign import signers

    password = settings.SIGNING_PASSWORD.encode() or None
    load: Any = signers.SimpleSigner.load_pkcs12
    found = load(settings.SIGNING_PKCS12, passphrase=password)
    if found is None:
        raise SigningFailed("Không mở được chứng thư số của cơ quan: sai tệp hoặc mật khẩu.")
    return found


def _stamp() -> Any:
    """A prepared picture (SIGNING_STAMP): pyHanko's own text clips Vietnamese letters."""
    if not settings.SIGNING_STAMP:
        return None
    from pyhanko.pdf_utils.images import PdfImage
    from pyhanko.stamp import StaticStampStyle

    picture = PdfImage(str(Path(settings.SIGNING_STAMP)))
    return StaticStampStyle(background=picture, background_opacity=1.0, border_width=0)


def _place() -> dict[str, Any]:
    return {"on_page": 0, "box": STAMP_BOX} if settings.SIGNING_STAMP else {}
