"""What is typed on the roster's screens."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms

from agencies import roster
from agencies.models import Agency, User
from motcua.text import VietnameseCharField

WEEKDAYS = (
    (1, "Thứ Hai"),
    (2, "Thứ Ba"),
    (3, "Thứ Tư"),
    (4, "Thứ Năm"),
    (5, "Thứ Sáu"),
    (6, "Thứ Bảy"),
    (7, "Chủ nhật"),
)


class _Time(forms.TimeInput):
    input_type = "time"


class DutyForm(forms.Form):
    """A duty in the week that is open."""

    user = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Người trực", empty_label="Chọn người trực"
    )
    day = forms.TypedChoiceField(label="Ngày", coerce=date.fromisoformat)
    starts = forms.TimeField(label="Từ", widget=_Time(format="%H:%M"), initial="07:30")
    ends = forms.TimeField(label="Đến", widget=_Time(format="%H:%M"), initial="11:30")
    window = VietnameseCharField(label="Quầy số", max_length=20, required=False)

    def __init__(self, agency: Agency, days: Sequence[date], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = cast("forms.ModelChoiceField[User]", self.fields["user"])
        user.queryset = roster.staff_of(agency, days)
        day = cast(forms.TypedChoiceField, self.fields["day"])
        names = dict(WEEKDAYS)
        day.choices = [
            (each.isoformat(), f"{names[each.isoweekday()]}, {each:%d/%m/%Y}") for each in days
        ]


class ShiftForm(forms.Form):
    """Hours in which the counter is open and no deadline runs."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Các ngày", choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple,
        initial=[6],
    )  # fmt: skip
    starts = forms.TimeField(label="Từ", widget=_Time(format="%H:%M"), initial="07:30")
    ends = forms.TimeField(label="Đến", widget=_Time(format="%H:%M"), initial="11:30")
