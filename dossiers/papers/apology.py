"""Phiếu xin lỗi và hẹn lại ngày trả kết quả (Mẫu 04 of Thông tư 01/2018/TT-VPCP).

Thông tư 03/2025/TT-VPCP makes of it "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết":
its rule set asks for the field "extension" too.
"""

from django.utils import timezone

from dossiers.models import Apology, SlipKind
from dossiers.papers.content import SEALED, Content, Field, Signature, Source
from dossiers.papers.fields import in_sentence, request_of, you
from motcua.papers import day_line, moment


def _letter(source: Source) -> Apology:
    assert source.slip.apology is not None
    return source.slip.apology


def _received(source: Source) -> str:
    dossier, accepted_at = source.dossier, source.dossier.accepted_at
    assert accepted_at is not None
    day = day_line(timezone.localdate(accepted_at)).capitalize()
    return (
        f"{day}, {dossier.lodged_at.name} tiếp nhận hồ sơ đề nghị "
        f"{in_sentence(request_of(dossier))} của {you(source)}, mã hồ sơ: {dossier.code}."
    )


def _late(source: Source) -> str:
    return (
        f"Đến nay, {source.issuer.name} chưa trả được kết quả giải quyết hồ sơ của {you(source)} "
        "theo đúng thời gian đã hẹn."
    )


def _reason(source: Source) -> str:
    letter = _letter(source)
    said = [letter.cause.name if letter.cause else "", letter.explanation]
    return "; ".join(text.rstrip(".") for text in said if text) + "."


def _sorry(source: Source) -> str:
    return (
        "Sự chậm trễ này đã gây phiền hà, tốn kém thời gian, chi phí, công sức của "
        f"{you(source)}. {source.issuer.name} xin lỗi {you(source)}."
    )


def _extension(source: Source) -> str:
    return (
        f"{source.issuer.name} đề nghị {you(source)} đồng ý gia hạn thời gian giải quyết hồ sơ "
        "đến thời gian hẹn trả lại dưới đây."
    )


def _again(source: Source) -> str:
    promised = _letter(source).promised_at
    return moment(promised) if promised else ""


def _signatures(source: Source) -> tuple[Signature, ...]:
    by = _letter(source).signed_by
    return (Signature("THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", SEALED, str(by) if by else ""),)


CONTENT = Content(
    kind=SlipKind.APOLOGY,
    suffix="PXL",
    fields=(
        Field("to", "Kính gửi", lambda s: f"{_addressed(s)} {s.dossier.holder_name}"),
        Field("received", "", _received),
        Field("due", "Thời gian hẹn trả kết quả", lambda s: moment(_letter(s).due_at)),
        Field("late", "", _late),
        Field("reason", "Lý do", _reason),
        Field("sorry", "", _sorry),
        Field("extension", "", _extension),
        Field("promised", "Thời gian hẹn trả lại kết quả", _again),
        Field(
            "closing",
            "",
            lambda s: f"Mong nhận được sự thông cảm của {you(s)} vì sự chậm trễ này./.",
        ),
    ),
    signatures=_signatures,
    needs=("apology__cause", "apology__signed_by"),
    is_sealed=True,
)


def _addressed(source: Source) -> str:
    return you(source)[0].upper() + you(source)[1:]
