"""Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (Mẫu 02): once, fully, specifically."""

from dossiers.models import SlipKind, SupplementRequest
from dossiers.papers.content import SIGN_HERE, Content, Field, Listed, Signature, Source
from dossiers.papers.fields import ADDRESS, EMAIL, PHONE, REQUEST, contact


def _asked(source: Source) -> SupplementRequest:
    assert source.slip.supplement is not None
    return source.slip.supplement


def _reason(source: Source) -> str:
    asked = _asked(source)
    ground = f" Căn cứ: {asked.legal_ground}." if asked.legal_ground else ""
    return f"{asked.reason.rstrip('.')}.{ground}"


def _signatures(source: Source) -> tuple[Signature, ...]:
    by = _asked(source).requested_by
    return (Signature("NGƯỜI HƯỚNG DẪN", SIGN_HERE, str(by) if by else ""),)


CONTENT = Content(
    kind=SlipKind.SUPPLEMENT,
    suffix="HDHS",
    fields=(
        Field("holder", "Tiếp nhận hồ sơ, yêu cầu của", lambda s: s.dossier.holder_name),
        REQUEST,
        ADDRESS,
        PHONE,
        EMAIL,
        Field("items", "Yêu cầu hoàn thiện hồ sơ gồm", lambda s: Listed(tuple(_asked(s).items))),
        Field("reason", "Lý do", _reason),
        Field(
            "contact",
            "",
            lambda s: contact(s, "Trong quá trình hoàn thiện hồ sơ,", _asked(s).requested_by),
        ),
    ),
    signatures=_signatures,
    needs=("supplement__requested_by",),
)
