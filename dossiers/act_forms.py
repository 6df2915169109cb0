"""The forms of the acts on a dossier: what each asks for, and the act that it calls."""

from collections.abc import Mapping
from typing import Any

from django import forms

from dossiers import (
    extension,
    financial,
    handover,
    lifecycle,
    result,
    stopping,
    submission,
    supplement,
    withdrawal,
)
from dossiers.act_form import ActForm, Case
from dossiers.act_form import legal_ground as ground_field
from dossiers.act_form import reason as reason_field
from dossiers.lifecycle import Move
from dossiers.passing_forms import Acknowledge, Answer, Ask, Assign, HandOver, Recall, Send
from motcua.text import VietnameseCharField, VietnameseTextField

FROM_PAGE = "%Y-%m-%dT%H:%M"


class Start(ActForm):
    title, button, is_main = "Bắt đầu xử lý", "Nhận xử lý", True
    act = staticmethod(lifecycle.start_processing)


class Accept(ActForm):
    title, button, is_main = "Tiếp nhận hồ sơ", "Tiếp nhận", True
    act = staticmethod(submission.accept)


class Refuse(ActForm):
    title, button = "Không tiếp nhận", "Từ chối tiếp nhận"
    act = staticmethod(submission.refuse)
    reason = reason_field("Lý do cụ thể")


class Supplement(ActForm):
    title, button = "Yêu cầu bổ sung", "Gửi yêu cầu"
    act = staticmethod(supplement.request)
    items = VietnameseTextField(
        label="Giấy tờ cần bổ sung",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một giấy tờ; ghi đủ trong một lần.",
    )
    reason = reason_field()
    legal_ground = ground_field()

    def clean_items(self) -> list[str]:
        return [line for line in str(self.cleaned_data["items"]).splitlines() if line]


class Supplemented(ActForm):
    title, button, is_main = "Đã nhận đủ bổ sung", "Ghi nhận đủ", True
    act = staticmethod(supplement.complete)


class Charge(ActForm):
    title, button = "Yêu cầu nghĩa vụ tài chính", "Gửi yêu cầu"
    act = staticmethod(financial.request)
    name_of_charge = VietnameseCharField(
        label="Khoản thu phát sinh",
        max_length=200,
        required=False,
        help_text="Bỏ trống nếu chỉ là phí, lệ phí đã ghi khi tiếp nhận.",
    )
    amount_vnd = forms.IntegerField(
        label="Số tiền (đồng)", min_value=1, max_value=10**12, required=False
    )
    ground = VietnameseCharField(label="Căn cứ thu", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if bool(typed.get("name_of_charge")) != bool(typed.get("amount_vnd")):
            self.add_error("amount_vnd", "Khoản thu cần cả tên và số tiền.")
        return typed

    def arguments(self) -> dict[str, Any]:
        typed = self.cleaned_data
        name, amount = typed["name_of_charge"], typed["amount_vnd"]
        return {"charges": [financial.Charge(name, amount, typed["ground"])] if name else []}


class Settle(ActForm):
    title, button = "Đã thực hiện nghĩa vụ tài chính", "Ghi nhận"
    act = staticmethod(financial.settle)
    waiver_ground = VietnameseCharField(
        label="Lý do miễn, giảm",
        max_length=300,
        required=False,
        help_text="Chỉ ghi khi được miễn; bỏ trống khi đã nộp đủ.",
    )


class Extend(ActForm):
    title, button = "Gia hạn", "Gia hạn"
    act = staticmethod(extension.extend)
    new_due_at = forms.DateTimeField(
        label="Hạn mới",
        widget=forms.DateTimeInput(format=FROM_PAGE, attrs={"type": "datetime-local"}),
        input_formats=[FROM_PAGE, "%d/%m/%Y %H:%M"],
    )
    reason = reason_field()
    legal_ground = ground_field()


class Finish(ActForm):
    title, button, is_main = "Có kết quả", "Ghi đã có kết quả", True
    act = staticmethod(result.finish)


class Withdraw(ActForm):
    title, button = "Công dân rút hồ sơ", "Ghi rút hồ sơ"
    act = staticmethod(withdrawal.withdraw)
    reason = reason_field()


class Stop(ActForm):
    title, button = "Dừng giải quyết", "Dừng giải quyết"
    act = staticmethod(stopping.stop)
    reason = reason_field()


class Reopen(ActForm):
    title, button = "Mở lại để sửa kết quả", "Mở lại"
    act = staticmethod(result.reopen)
    reason = reason_field()


class TakeBack(ActForm):
    title, button = "Thu hồi việc trả kết quả", "Thu hồi"
    act = staticmethod(handover.take_back)
    reason = reason_field()


FORMS: dict[Move, type[ActForm]] = {
    Move.ACKNOWLEDGE: Acknowledge,
    Move.ANSWER: Answer,
    Move.ACCEPT: Accept,
    Move.START: Start,
    Move.SUPPLEMENTED: Supplemented,
    Move.FINISH: Finish,
    Move.HAND_OVER: HandOver,
    Move.SEND: Send,
    Move.RECALL: Recall,
    Move.ASSIGN: Assign,
    Move.ASK: Ask,
    Move.SUPPLEMENT: Supplement,
    Move.CHARGE: Charge,
    Move.SETTLE: Settle,
    Move.EXTEND: Extend,
    Move.WITHDRAW: Withdraw,
    Move.REFUSE: Refuse,
    Move.STOP: Stop,
    Move.REOPEN: Reopen,
    Move.TAKE_BACK: TakeBack,
}


def act_forms(
    case: Case, *, since: int | None = None, refused: ActForm | None = None
) -> list[ActForm]:
    """The forms of the legal moves now, the refused one as it was typed, first."""
    legal = lifecycle.legal_moves(case.dossier, case.scope, case.user.pk, case.pending)
    others = [
        made(None, name=move, case=case, since=since)
        for move, made in FORMS.items()
        if move in legal and (refused is None or move != refused.name)
    ]
    return [refused, *others] if refused else others


def bound_form(move: str, case: Case, typed: Mapping[str, Any]) -> ActForm | None:
    """The typed form of a move; None for what is no move. Whether it is legal the act says."""
    made = FORMS.get(Move(move)) if move in set(Move) else None
    return made(typed, name=move, case=case) if made else None
