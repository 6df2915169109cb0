"""The screen of a province's own form: each field with its place, its words, what is wrong."""

from datetime import date
from typing import Any

from django import forms

from agencies.models import Agency
from dossiers import slip_forms
from dossiers.models import SlipForm, SlipKind
from dossiers.papers.content import Form
from dossiers.papers.form import CONTENTS, form_of
from dossiers.slip_forms import Draft
from motcua.text import VietnameseCharField, VietnameseTextField
from procedures.models import RuleSet

_DAY = {"type": "date"}


class SlipFormForm(forms.Form):
    """Built for one agency and one kind; `place_<key>` orders the fields, `label_<key>` words."""

    legal_basis = VietnameseCharField(
        label="Căn cứ (quyết định ban hành mẫu)", max_length=400, required=False
    )
    effective_from = forms.DateField(
        label="Áp dụng từ ngày", widget=forms.DateInput(_DAY, "%Y-%m-%d")
    )
    effective_to = forms.DateField(
        label="đến hết ngày", required=False, widget=forms.DateInput(_DAY, "%Y-%m-%d")
    )
    title = VietnameseCharField(label="Tên phiếu", required=False, max_length=400)
    number = VietnameseCharField(label="Mẫu số", required=False, max_length=40)
    suffix = VietnameseCharField(
        label="Ký hiệu sau số", required=False, max_length=40, help_text="Ví dụ: HDHS."
    )
    notes = VietnameseTextField(
        label="Ghi chú thêm",
        required=False,
        help_text="Mỗi dòng một ghi chú, in cuối phiếu.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, typed: Any, *, agency: Agency, kind: str, day: date, existing: SlipForm | None = None
    ) -> None:
        self.agency, self.kind, self.existing = agency, kind, existing
        law = RuleSet.objects.filter(effective_on__lte=day).order_by("-effective_on").first()
        self.law: dict[str, Any] = law.forms if law else {}
        self.statutory = form_of(kind, self.law, {})
        layout = existing.layout if existing else {}
        super().__init__(typed, initial=self._initial(layout, day))
        content = CONTENTS.get(kind)
        self.keys = content.keys if content else ()
        order = list(layout.get("fields", self.statutory.fields))
        for key in sorted(self.keys, key=lambda key: _place(order, key)):
            self._add(key, order, layout.get("labels", {}).get(key, ""))
        if not self.statutory.suffix:
            del self.fields["suffix"]

    @property
    def title_of_kind(self) -> str:
        return str(SlipKind(self.kind).label)

    @property
    def general(self) -> list[Any]:
        """The fields above the table of places and labels."""
        return [field for field in self if not field.name.startswith(("place_", "label_"))]

    @property
    def places(self) -> list[tuple[str, Any, Any, bool]]:
        """Each field of the paper: its name, its place, its label, whether the law asks for it."""
        return [
            (
                slip_forms.field_name(self.kind, key),
                self[f"place_{key}"],
                self[f"label_{key}"],
                key in self.statutory.fields,
            )
            for key in self._in_order()
        ]

    def draft(self) -> Draft:
        typed = self.cleaned_data
        placed = [key for key in self.keys if typed.get(f"place_{key}") is not None]
        return Draft(
            agency=self.agency,
            kind=self.kind,
            effective_from=typed["effective_from"],
            effective_to=typed.get("effective_to"),
            legal_basis=typed.get("legal_basis", ""),
            title=typed.get("title", ""),
            number=typed.get("number", ""),
            suffix=typed.get("suffix", ""),
            fields=tuple(sorted(placed, key=lambda key: typed[f"place_{key}"])),
            labels={key: typed.get(f"label_{key}", "") for key in self.keys},
            notes=tuple(typed.get("notes", "").splitlines()),
        )

    def judged(self) -> bool:
        """Valid, and nothing of the law's missing; errors stand beside their fields."""
        if not self.is_valid():
            return False
        for name, words in slip_forms.check(self.draft(), self.existing).items():
            self.add_error(name if name in self.fields else None, words)
        return not self.errors

    def form(self) -> Form:
        """As it would be printed."""
        return form_of(self.kind, self.law, self.draft().layout())

    def _in_order(self) -> list[str]:
        return [name.removeprefix("place_") for name in self.fields if name.startswith("place_")]

    def _add(self, key: str, order: list[str], label: str) -> None:
        self.fields[f"place_{key}"] = forms.IntegerField(
            label=f"Thứ tự: {slip_forms.field_name(self.kind, key)}",
            required=False,
            min_value=1,
            max_value=99,
            initial=order.index(key) + 1 if key in order else None,
        )
        self.fields[f"label_{key}"] = VietnameseCharField(
            label=f"Nhãn in: {slip_forms.field_name(self.kind, key)}",
            required=False,
            max_length=400,
            initial=label,
            widget=forms.TextInput(attrs={"placeholder": CONTENTS[self.kind].field(key).label}),
        )

    def _initial(self, layout: dict[str, Any], day: date) -> dict[str, Any]:
        known = self.existing
        return {
            "legal_basis": known.legal_basis if known else "",
            "effective_from": known.effective_from if known else day,
            "effective_to": known.effective_to if known else None,
            "title": layout.get("title", ""),
            "number": layout.get("number", ""),
            "suffix": layout.get("suffix", ""),
            "notes": "\n".join(layout.get("notes", [])),
        }


def _place(order: list[str], key: str) -> int:
    return order.index(key) if key in order else len(order)
