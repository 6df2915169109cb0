"""The forms of the acts on a dossier: what each asks for, and the act that it calls."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Agency, User
from agencies.scope import Scope
from dossiers import (
    extension,
    financial,
    forwarding,
    handover,
    lifecycle,
    permission,
    result,
    stopping,
    submission,
    supplement,
    withdrawal,
)
from dossiers.lifecycle import Move
from dossiers.models import Dossier
from motcua.text import VietnameseCharField, VietnameseTextField
from procedures.models import Step

FROM_PAGE = "%Y-%m-%dT%H:%M"


def _reason(label: str = "Lý do") -> VietnameseCharField:
    area = forms.Textarea(attrs={"rows": 2})
    return VietnameseCharField(label=label, max_length=1000, widget=area)


def _ground() -> VietnameseCharField:
    return VietnameseCharField(label="Căn cứ pháp lý", max_length=300, required=False)


class ActForm(forms.Form):
    """The base: the id of the request (a second click writes nothing) and the state seen."""

    title: ClassVar[str]
    button: ClassVar[str] = "Ghi"
    is_main: ClassVar[bool] = False
    act: ClassVar[Callable[..., Dossier]]

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, typed: Any, *, name: str, dossier: Dossier) -> None:
        self.name = name
        self.dossier = dossier
        super().__init__(typed, initial={"seen": dossier.status}, auto_id=f"id_{name}_%s")

    def seen_status(self) -> int:
        return int(self.cleaned_data["seen"])

    def arguments(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {name: typed[name] for name in typed if name not in {"request_id", "seen"}}

    def perform(self, actor: User, now: datetime) -> None:
        act = type(self).act
        key = self.cleaned_data["request_id"]
        act(self.dossier, actor=actor, now=now, request_id=key, **self.arguments())


class Start(ActForm):
    title, button, is_main = "Bắt đầu xử lý", "Nhận xử lý", True
    act = staticmethod(lifecycle.start_processing)


class Accept(ActForm):
    title, button, is_main = "Tiếp nhận hồ sơ", "Tiếp nhận", True
    act = staticmethod(submission.accept)


class Refuse(ActForm):
    title, button = "Không tiếp nhận", "Từ chối tiếp nhận"
    act = staticmethod(submission.refuse)
    reason = _reason("Lý do cụ thể")


class Supplement(ActForm):
    title, button = "Yêu cầu bổ sung", "Gửi yêu cầu"
    act = staticmethod(supplement.request)
    items = VietnameseTextField(
        label="Giấy tờ cần bổ sung",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một giấy tờ; ghi đủ trong một lần.",
    )
    reason = _reason()
    legal_ground = _ground()

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
    reason = _reason()
    legal_ground = _ground()


class Finish(ActForm):
    title, button, is_main = "Có kết quả", "Ghi đã có kết quả", True
    act = staticmethod(result.finish)


class HandOver(ActForm):
    title, button, is_main = "Trả kết quả", "Ghi đã trả kết quả", True
    act = staticmethod(handover.hand_over)


class Withdraw(ActForm):
    title, button = "Công dân rút hồ sơ", "Ghi rút hồ sơ"
    act = staticmethod(withdrawal.withdraw)
    reason = _reason()


class Stop(ActForm):
    title, button = "Dừng giải quyết", "Dừng giải quyết"
    act = staticmethod(stopping.stop)
    reason = _reason()


class Reopen(ActForm):
    title, button = "Mở lại để sửa kết quả", "Mở lại"
    act = staticmethod(result.reopen)
    reason = _reason()


class TakeBack(ActForm):
    title, button = "Thu hồi việc trả kết quả", "Thu hồi"
    act = staticmethod(handover.take_back)
    reason = _reason()


class Acknowledge(ActForm):
    title, button, is_main = "Nhận bàn giao", "Đã nhận", True
    act = staticmethod(forwarding.acknowledge)


class Send(ActForm):
    title, button = "Chuyển hồ sơ", "Chuyển"
    act = staticmethod(forwarding.send)
    to_agency = forms.ModelChoiceField(Agency.objects.none(), label="Nơi nhận")
    to_officer = forms.ModelChoiceField(
        User.objects.none(), label="Người nhận", required=False, empty_label="Chưa chỉ định"
    )
    step = forms.ModelChoiceField(
        Step.objects.none(), label="Bước", required=False, empty_label="Không theo bước"
    )
    note = VietnameseCharField(label="Ghi chú", max_length=500, required=False)

    def __init__(self, typed: Any, *, name: str, dossier: Dossier) -> None:
        super().__init__(typed, name=name, dossier=dossier)
        today = timezone.localdate()
        places = _within_reach(dossier, today)
        self._offer("to_agency", places)
        self._offer("to_officer", _staff_of(places, today))
        self._offer("step", Step.objects.filter(version=dossier.version_id))

    def _offer(self, field: str, choices: QuerySet[Any]) -> None:
        self.fields[field].queryset = choices  # type: ignore[attr-defined]


def _within_reach(dossier: Dossier, today: date) -> QuerySet[Agency]:
    """Offices of the bodies that the dossier concerns, and of the level above them."""
    concerned = (dossier.held_by, dossier.lodged_at, dossier.competent)
    bodies = {permission.body_of(agency) for agency in concerned}
    above = {agency.parent_id for agency in concerned if agency.parent_id}
    places = Agency.objects.body_of_any(bodies | above).valid_on(today)
    return places.exclude(pk=dossier.held_by_id).order_by("level", "sort_key")


def _staff_of(places: QuerySet[Agency], today: date) -> QuerySet[User]:
    held = User.objects.filter(
        appointments__agency__in=places.order_by().values("pk"),
        appointments__role__in=permission.STAFF,
        appointments__valid_from__lte=today,
        is_active=True,
    ).exclude(appointments__valid_to__lt=today)
    return held.order_by("full_name").distinct()


FORMS: dict[Move, type[ActForm]] = {
    Move.ACKNOWLEDGE: Acknowledge,
    Move.ACCEPT: Accept,
    Move.START: Start,
    Move.SUPPLEMENTED: Supplemented,
    Move.FINISH: Finish,
    Move.HAND_OVER: HandOver,
    Move.SEND: Send,
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


def act_forms(dossier: Dossier, scope: Scope, refused: ActForm | None = None) -> list[ActForm]:
    """The forms of the legal moves now, the refused one as it was typed, first."""
    legal = lifecycle.legal_moves(dossier, scope)
    others = [
        made(None, name=move, dossier=dossier)
        for move, made in FORMS.items()
        if move in legal and (refused is None or move != refused.name)
    ]
    return [refused, *others] if refused else others


def bound_form(move: str, dossier: Dossier, typed: Mapping[str, Any]) -> ActForm | None:
    """The typed form of a move; None for what is no move. Whether it is legal the act says."""
    made = FORMS.get(Move(move)) if move in set(Move) else None
    return made(typed, name=move, dossier=dossier) if made else None
