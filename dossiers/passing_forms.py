"""The forms of acts by which a dossier or its result changes hands, and of opinions."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet

from agencies.models import Agency, User
from calendars.clock import Unit
from dossiers import assignment, forwarding, handover, opinion, permission
from dossiers.act_form import ActForm, Case, staff_at
from dossiers.models import Delivery, Handover, Opinion, Payment
from motcua.text import VietnameseCharField
from procedures.models import Step

UNITS = {Unit.WORKING_DAY.value: "ngày làm việc", Unit.WORKING_HOUR.value: "giờ làm việc"}


class Acknowledge(ActForm):
    title, button, is_main = "Nhận bàn giao", "Nhận hồ sơ", True
    act = staticmethod(forwarding.acknowledge)


class Recall(ActForm):
    title, button = "Rút lại việc chuyển", "Rút lại"
    act = staticmethod(forwarding.recall)


class Send(ActForm):
    """The next step, its office and its officer are chosen already."""

    title, button = "Chuyển hồ sơ", "Chuyển"
    act = staticmethod(forwarding.send)
    template = "dossiers/detail/_send.html"
    step = forms.ModelChoiceField(
        Step.objects.none(), label="Bước", required=False, empty_label="Không theo bước"
    )
    to_agency = forms.ModelChoiceField(
        Agency.objects.none(), label="Nơi nhận", empty_label="Chọn nơi nhận"
    )
    to_officer = forms.ModelChoiceField(
        User.objects.none(), label="Người nhận", required=False, empty_label="Chưa chỉ định"
    )
    note = VietnameseCharField(label="Ghi chú", max_length=500, required=False)

    def offer(self) -> None:
        case = self.case
        steps = [(one.pk, one) for one in case.passage.steps]
        self.choose_from(
            "step", lambda: Step.objects.filter(version=case.dossier.version_id), steps
        )
        self.choose_from("to_agency", case.reachable, _by_level(case.places))
        self.choose_from(
            "to_officer",
            lambda: staff_at(case.reachable().order_by().values("pk"), case.now),
            _by_place(case),
        )
        if case.proposal is not None:
            self.initial.update(case.proposal.typed())


class Assign(ActForm):
    title, button = "Phân công thụ lý", "Giao"
    act = staticmethod(assignment.assign)
    officer = forms.ModelChoiceField(
        User.objects.none(), label="Người thụ lý", empty_label="Chọn người thụ lý"
    )

    def offer(self) -> None:
        """Anybody of the office for its leader and for whoever has it; else oneself alone."""
        case = self.case
        here = permission.with_committees([case.dossier.held_by])
        own = case.dossier.officer_id == case.user.pk
        anybody = own or permission.allows(case.scope, [case.dossier.held_by], permission.LEADERS)
        shown = {
            one.pk: one.name
            for one in case.staff
            if one.at in here and (anybody or one.pk == case.user.pk)
        }
        shown.pop(case.dossier.officer_id or 0, None)

        def rows() -> QuerySet[User]:
            staff = staff_at(here, case.now)
            return staff if anybody else staff.filter(pk=case.user.pk)

        self.choose_from("officer", rows, shown.items())


class Ask(ActForm):
    title, button = "Lấy ý kiến phối hợp", "Gửi lấy ý kiến"
    act = staticmethod(opinion.ask)
    of = forms.ModelChoiceField(
        Agency.objects.none(), label="Cơ quan được hỏi", empty_label="Chọn cơ quan"
    )
    question = VietnameseCharField(
        label="Nội dung lấy ý kiến", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    limit_value = forms.IntegerField(label="Hạn trả lời", min_value=1, max_value=200, initial=2)
    limit_unit = forms.ChoiceField(label="Đơn vị", choices=list(UNITS.items()))

    def offer(self) -> None:
        case = self.case
        here = case.dossier.held_by_id
        others = [one for one in case.places if one.pk != here]
        self.choose_from("of", lambda: case.reachable().exclude(pk=here), _by_level(others))


class Answer(ActForm):
    title, button, is_main = "Trả lời ý kiến phối hợp", "Gửi ý kiến", True
    act = staticmethod(opinion.answer)
    template = "dossiers/detail/_answer.html"
    opinion = forms.ModelChoiceField(Opinion.objects.none(), label="Câu hỏi", empty_label=None)
    conclusion = forms.ChoiceField(
        label="Kết luận", choices=Opinion.Conclusion.choices, widget=forms.RadioSelect
    )
    text = VietnameseCharField(
        label="Ý kiến",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Cần ghi khi không đồng ý hoặc đồng ý có điều kiện.",
    )
    file_id = forms.UUIDField(label="Văn bản kèm theo", required=False, widget=forms.HiddenInput)

    def offer(self) -> None:
        case = self.case
        own = case.scope.agencies_as(*permission.STAFF)
        mine = [
            one for one in case.pending.opinions if permission.with_committees([one.asked_of]) & own
        ]
        self.choose_from(
            "opinion",
            lambda: opinion.waiting(case.dossier),
            [(one.pk, _question(one)) for one in mine],
        )


class HandOver(ActForm):
    """To whom, how, with what signature; and what is still due."""

    title, button, is_main = "Trả kết quả", "Ghi đã trả kết quả", True
    act = staticmethod(handover.hand_over)
    template = "dossiers/detail/_hand_over.html"
    afterwards = "Mời người nhận đánh giá trên máy ở quầy."
    receiver = forms.ChoiceField(
        label="Người nhận",
        choices=Handover.Receiver.choices,
        initial=Handover.Receiver.HOLDER,
        required=False,
        widget=forms.RadioSelect,
    )
    receiver_name = VietnameseCharField(
        label="Họ tên người được ủy quyền", max_length=200, required=False
    )
    method = forms.ChoiceField(
        label="Cách trả",
        choices=Delivery.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    post_number = VietnameseCharField(label="Số bưu gửi", max_length=40, required=False)
    signature_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    fee = forms.ChoiceField(
        label="Phí, lệ phí còn phải nộp",
        choices=[("settled", "Đã thu đủ"), ("waived", "Được miễn, giảm")],
        required=False,
        widget=forms.RadioSelect,
    )
    waiver_ground = VietnameseCharField(label="Lý do miễn, giảm", max_length=300, required=False)

    def offer(self) -> None:
        dossier = self.case.dossier
        self.initial["method"] = dossier.delivery
        self.owes = dossier.financial_status == Payment.DUE
        receivers: Any = self.fields["receiver"]
        if dossier.applicant_id is None:
            no_applicant = Handover.Receiver.APPLICANT
            receivers.choices = [one for one in Handover.Receiver.choices if one[0] != no_applicant]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("fee") == "waived" and not typed.get("waiver_ground"):
            self.add_error("waiver_ground", "Ghi lý do được miễn, giảm.")
        return typed

    def arguments(self) -> dict[str, Any]:
        typed = super().arguments()
        fee, ground = typed.pop("fee"), typed.pop("waiver_ground")
        typed["receiver"] = typed["receiver"] or Handover.Receiver.HOLDER
        typed["method"] = typed["method"] or self.case.dossier.delivery
        waived = {"waiver_ground": ground} if fee == "waived" else {}
        return {**typed, "settle": fee == "settled", **waived}


def _by_level(places: Iterable[Agency]) -> Iterator[tuple[str, list[tuple[int, Agency]]]]:
    for level, group in groupby(places, key=lambda one: one.get_level_display()):
        yield level, [(one.pk, one) for one in group]


def _by_place(case: Case) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    staff: dict[int, list[tuple[int, str]]] = {}
    for one in case.staff:
        staff.setdefault(one.at, []).append((one.pk, one.name))
    for place in case.places:
        if place.pk in staff:
            yield place.name, staff[place.pk]


def _question(one: Opinion) -> str:
    return f"{one.asked_of}: {one.question[:80]}"
