"""What is typed about lateness: a letter, many letters at once, an agency's levels of warning."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from agencies.models import Agency
from dossiers.letters import Words
from dossiers.models import Apology, LatenessCause
from motcua.text import VietnameseCharField

FROM_PAGE = "%Y-%m-%dT%H:%M"


class CauseForm(forms.Form):
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    cause = forms.ModelChoiceField(
        LatenessCause.objects.filter(is_active=True),
        label="Nguyên nhân",
        empty_label="Chọn nguyên nhân",
        required=False,
    )
    explanation = VietnameseCharField(
        label="Nguyên nhân cụ thể",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def words(self) -> Words:
        typed = self.cleaned_data
        return Words(typed["cause"], typed["explanation"], typed.get("promised_at"))


class LetterForm(CauseForm):
    """One letter; `do` is the button that was pressed."""

    field_order = ["cause", "explanation", "promised_at"]
    seen = forms.IntegerField(widget=forms.HiddenInput)
    promised_at = forms.DateTimeField(
        label="Hẹn trả lại",
        required=False,
        widget=forms.DateTimeInput(format=FROM_PAGE, attrs={"type": "datetime-local"}),
        input_formats=[FROM_PAGE, "%d/%m/%Y %H:%M"],
    )

    @classmethod
    def of(cls, letter: Apology | None, status: int) -> "LetterForm":
        values: dict[str, Any] = {"seen": status}
        if letter is not None:
            values |= {
                "cause": letter.cause_id,
                "explanation": letter.explanation,
                "promised_at": letter.promised_at and timezone.localtime(letter.promised_at),
            }
        return cls(initial=values)


class SignManyForm(CauseForm):
    """The cause for those letters that have none yet; each keeps its own date."""

    prefix = "many"


class LevelsForm(forms.Form):
    """The working days before the due date at which an agency's people are told."""

    agency = forms.ModelChoiceField(
        Agency.objects.none(), label="Cơ quan", to_field_name="code", empty_label=None
    )
    days = forms.TypedMultipleChoiceField(
        label="Báo trước hạn",
        choices=[(number, f"{number} ngày làm việc") for number in (1, 2, 3, 5, 7, 10)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ngày đến hạn và khi quá hạn luôn được báo.",
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
