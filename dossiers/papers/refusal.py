"""Phiếu từ chối tiếp nhận giải quyết hồ sơ (Mẫu 03), with its specific reason."""

from dossiers.models import SlipKind
from dossiers.papers.content import SIGN_HERE, Content, Field, Signature, Source
from dossiers.papers.fields import ADDRESS, EMAIL, HOLDER, PHONE, REQUEST, contact, submitter


def _decision(source: Source) -> str:
    return (
        f"Qua xem xét, {source.issuer.name} thông báo không tiếp nhận, giải quyết hồ sơ này "
        "với lý do cụ thể như sau:"
    )


def _signatures(source: Source) -> tuple[Signature, ...]:
    by = source.slip.issued_by
    return (
        Signature("NGƯỜI NỘP HỒ SƠ", SIGN_HERE, submitter(source.dossier)),
        Signature("NGƯỜI TIẾP NHẬN HỒ SƠ", SIGN_HERE, str(by) if by else ""),
    )


CONTENT = Content(
    kind=SlipKind.REFUSAL,
    suffix="PTC",
    fields=(
        HOLDER,
        ADDRESS,
        PHONE,
        EMAIL,
        REQUEST,
        Field("decision", "", _decision),
        Field("reason", "", lambda s: f"{s.dossier.closing_reason.rstrip('.')}."),
        Field("contact", "", lambda s: contact(s, "Về nội dung này,", s.slip.issued_by)),
    ),
    signatures=_signatures,
)
