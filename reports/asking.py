"""What a user asks on the screen of figures: the address is the question."""

from datetime import date
from functools import cache
from typing import Any

from django import forms

from agencies.models import Agency
from motcua.text import VietnameseCharField
from reports import periods
from reports.periods import Calendar
from reports.questions import By, Interagency, Question

BY_NAMES = {
    "": "Không phân tổ",
    By.BLOCK: "Khối lĩnh vực",
    By.FIELD: "Lĩnh vực",
    By.PROCEDURE: "Thủ tục",
    By.AGENCY: "Cơ quan",
    By.LEVEL: "Cấp",
    By.CHANNEL: "Kênh nộp",
}
INTERAGENCY_NAMES = {
    Interagency.COUNTED_ONCE: "Mỗi hồ sơ một lần (hồ sơ liên thông đếm nơi tiếp nhận)",
    Interagency.AS_RECEIVED: "Theo lượt tiếp nhận (cả hồ sơ liên thông chuyển đến)",
}
PERIOD_HELP = "Ví dụ 2024-05, 2024-Q2, 2024-H1, 2024-H2, 2024-9M hoặc 2024."


class FigureForm(forms.Form):
    """Every field has a default but the agency; an agency outside the scope is no choice."""

    agency = forms.ModelChoiceField(
        queryset=Agency.objects.none(), label="Cơ quan", to_field_name="code", empty_label=None
    )
    period = VietnameseCharField(label="Kỳ", max_length=10, help_text=PERIOD_HELP)
    calendar = forms.ChoiceField(
        label="Lịch kỳ báo cáo",
        choices=[(calendar.value, periods.NAMES[calendar]) for calendar in Calendar],
        required=False,
    )
    by = forms.ChoiceField(
        label="Phân tổ theo",
        choices=[(str(by), name) for by, name in BY_NAMES.items()],
        required=False,
    )
    interagency = forms.ChoiceField(
        label="Hồ sơ liên thông",
        choices=[(str(way), name) for way, name in INTERAGENCY_NAMES.items()],
        required=False,
    )
    as_of = forms.DateField(
        label="Chốt số liệu hết ngày",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    below = forms.BooleanField(label="Gộp cả đơn vị cấp dưới", required=False)

    def __init__(self, *args: Any, agency_ids: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        agencies = Agency.objects.filter(pk__in=agency_ids).order_by("sort_key")
        field.queryset = agencies
        # Read when printed, and once: a select goes through its choices twice.
        field.widget.choices = cache(lambda: [(each.code, _named(each)) for each in agencies])

    def question(self) -> Question:
        given = self.cleaned_data
        return Question(
            agency=given["agency"],
            period=given["period"],
            calendar=given["calendar"] or Calendar.ND09,
            below=given["below"],
            as_of=given["as_of"],
            interagency=given["interagency"] or Interagency.COUNTED_ONCE,
            by=given["by"] or None,
        )


def _named(agency: Agency) -> str:
    """Names come back after a merger: a closed agency says until when it was."""
    until = f" (đến hết ngày {agency.valid_to:%d/%m/%Y})" if agency.valid_to else ""
    return f"{agency.name}{until}"


def defaults(agency: Agency, today: date) -> dict[str, str]:
    """The question before anything is asked: the quarter under way, by block.

    Of an agency that has closed, the last quarter that it saw.
    """
    last = min(today, agency.valid_to or today)
    return {"agency": agency.code, "period": current_quarter(last), "by": By.BLOCK.value}


def current_quarter(today: date) -> str:
    """The quarter of Nghị định 09/2019/NĐ-CP that a day lies in."""
    month = today.month + (today.day > 14)
    year, month = (today.year + 1, 1) if month > 12 else (today.year, month)
    return f"{year}-Q{(month + 2) // 3}"


def address(question: Question) -> dict[str, str]:
    """The question as a query string, without what is default."""
    parts = {
        "agency": question.agency.code,
        "period": question.period,
        "calendar": str(question.calendar),
        "by": question.by or "",
        "interagency": str(question.interagency),
        "below": "1" if question.below else "",
        "as_of": question.as_of.isoformat() if question.as_of else "",
    }
    return {name: value for name, value in parts.items() if value}
