"""What reporters type: which report, its text, the parts of the paper."""

from datetime import date
from typing import Any

from django import forms

from agencies.models import Agency
from motcua.text import VietnameseCharField, VietnameseTextField
from reports import periods
from reports.models import Report
from reports.outline import DISTRICT_QUARTER, PAPER, Shape
from reports.periods import Calendar

# Parts of the paper that take several lines.
LINES = frozenset({"paper.addressees", "paper.grounds", "paper.signature", "paper.recipients"})
LONGEST = 20_000


class NewReportForm(forms.Form):
    """Which quarter of which agency; only agencies where the user may report."""

    kind = forms.ChoiceField(label="Loại báo cáo", choices=Report.Kind.choices)
    agency = forms.ModelChoiceField(queryset=Agency.objects.none(), label="Cơ quan")
    period = VietnameseCharField(
        label="Kỳ (năm và quý)",
        max_length=10,
        widget=forms.TextInput(attrs={"placeholder": "2024-Q2"}),
    )
    calendar = forms.ChoiceField(
        label="Lịch kỳ báo cáo",
        choices=[(calendar.value, periods.NAMES[calendar]) for calendar in Calendar],
        initial=Calendar.ND09.value,
    )

    def __init__(self, *args: Any, agency_ids: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Agency.objects.filter(pk__in=agency_ids).order_by("sort_key")
        field.empty_label = None


class NarrativeForm(forms.Form):
    """The whole text of a report: a field for each section that takes text, and the paper's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in PAPER.items():
            self.fields[key] = _part(key, label)
        for section in DISTRICT_QUARTER:
            if section.shape is Shape.NONE:
                continue
            self.fields[section.key] = VietnameseTextField(
                label=section.name,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 5, "data-takes-tokens": ""}),
            )

    def texts(self) -> dict[str, str]:
        """What was typed, as it is stored."""
        return {key: _stored(value) for key, value in self.cleaned_data.items()}


def _part(key: str, label: str) -> forms.Field:
    if key == "paper.dated":
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, required=False, widget=widget)
    if key in LINES:
        area = forms.Textarea(attrs={"rows": 3})
        return VietnameseTextField(label=label, required=False, max_length=2000, widget=area)
    return VietnameseCharField(label=label, required=False, max_length=200)


def _stored(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "")
