"""Which of the four answers the counter gives, with what each of them needs."""

from datetime import datetime
from typing import Any

from django import forms

from agencies.models import User
from dossiers import intake, outcomes
from dossiers.models import Dossier
from dossiers.reasons import LONGEST
from dossiers.requests import IntakeRequest
from motcua.shared_fields import shared_fields
from motcua.text import VietnameseCharField, VietnameseTextField

ACCEPT, INCOMPLETE, REFUSE, AT_ONCE = "accept", "incomplete", "refuse", "at_once"
ANSWERS = (
    (ACCEPT, "Tiếp nhận"),
    (INCOMPLETE, "Yêu cầu bổ sung"),
    (REFUSE, "Từ chối"),
    (AT_ONCE, "Giải quyết ngay"),
)


@shared_fields
class OutcomeForm(forms.Form):
    """The submit button that was pressed names the answer; Enter alone takes in."""

    outcome = forms.ChoiceField(choices=ANSWERS, required=False)
    items = VietnameseTextField(
        label="Giấy tờ phải bổ sung, hoàn thiện",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một giấy tờ. Bỏ trống thì lấy các giấy tờ bắt buộc còn thiếu.",
    )
    reason = VietnameseTextField(
        label="Lý do",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ghi cụ thể; in trên phiếu.",
    )
    legal_ground = VietnameseCharField(label="Căn cứ", required=False, max_length=300)
    is_paid = forms.BooleanField(label="Đã thu đủ phí, lệ phí", required=False, initial=True)

    @property
    def chosen(self) -> str:
        return self.cleaned_data.get("outcome") or ACCEPT

    def answer(
        self, request: IntakeRequest, *, missing: list[str], officer: User, now: datetime
    ) -> Dossier:
        typed = self.cleaned_data
        who: dict[str, Any] = {"officer": officer, "now": now}
        if self.chosen == INCOMPLETE:
            items = typed["items"].splitlines() or missing
            ground = typed["legal_ground"]
            return outcomes.incomplete(
                request, items=items, reason=typed["reason"], legal_ground=ground, **who
            )
        if self.chosen == REFUSE:
            return outcomes.refuse(request, reason=typed["reason"], **who)
        if self.chosen == AT_ONCE:
            return outcomes.solve_at_once(request, is_paid=typed["is_paid"], **who)
        return intake.accept(request, **who)
