"""Thông báo dừng giải quyết hồ sơ (Mẫu 05 of Thông tư 03/2025/TT-VPCP).

Thông tư 01/2018/TT-VPCP has no form for it, but the agency tells the citizen in writing all the
same: then it is a plain notice in the layout of Nghị định 30/2020/NĐ-CP, without a form's number.
"""

from django.utils import timezone

from dossiers.models import Payment, SlipKind
from dossiers.papers.content import SEALED, Content, Field, Signature, Source
from dossiers.papers.fields import ADDRESS, EMAIL, PHONE, REQUEST, submitter
from motcua.papers import day_line, number

TITLE = "Thông báo dừng giải quyết hồ sơ"


def _stage(source: Source) -> str:
    """Where it was when it was stopped; no result had been decided."""
    return f"đang giải quyết tại {source.dossier.held_by.name}, chưa có kết quả giải quyết"


def _decision(source: Source) -> str:
    stopped_at = source.dossier.ended_at or source.slip.issued_at
    day = day_line(timezone.localdate(stopped_at))
    return f"{source.issuer.name} dừng giải quyết hồ sơ này từ {day}."


def _settlement(source: Source) -> str:
    fees = list(source.dossier.fees.all())
    if not fees:
        return "không phát sinh phí, lệ phí."
    words = {Payment.SETTLED: "đã nộp", Payment.WAIVED: "được miễn", Payment.DUE: "chưa nộp"}
    return "; ".join(
        f"{fee.name}: {number(fee.amount_vnd)} đồng ({words[Payment(fee.state)]})" for fee in fees
    )


def _signatures(source: Source) -> tuple[Signature, ...]:
    by = source.slip.issued_by
    return (
        Signature("NGƯỜI NHẬN THÔNG BÁO", "(Ký và ghi rõ họ tên)", submitter(source.dossier)),
        Signature("THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", SEALED, str(by) if by else ""),
    )


CONTENT = Content(
    kind=SlipKind.STOP,
    suffix="TB",
    fields=(
        Field("to", "Kính gửi", lambda s: s.dossier.holder_name),
        ADDRESS,
        PHONE,
        EMAIL,
        REQUEST,
        Field("reason", "Lý do dừng", lambda s: f"{s.dossier.closing_reason.rstrip('.')}."),
        Field("stage", "Giai đoạn giải quyết", _stage),
        Field("decision", "Quyết định", _decision),
        Field("settlement", "Nghĩa vụ tài chính", _settlement),
    ),
    signatures=_signatures,
    needs=("dossier__fees",),
    is_sealed=True,
)
