"""What may be asked of the catalogue."""

from datetime import date
from typing import Any

from django import forms

from agencies.models import Level
from motcua.text import VietnameseCharField
from procedures.models import ProcedureField, ProcedureVersion
from procedures.querysets import VersionQuerySet


class CatalogueFilter(forms.Form):
    """The state of the list; it stands in the address."""

    q = VietnameseCharField(
        label="Tìm thủ tục",
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "Tên không cần dấu, hoặc mã",
                "autocomplete": "off",
            }
        ),
    )
    field = forms.ModelChoiceField(
        ProcedureField.objects.order_by("block__position", "position"),
        label="Lĩnh vực",
        required=False,
        empty_label="Tất cả",
    )
    level = forms.ChoiceField(label="Cấp", required=False, choices=[("", "Tất cả"), *Level.choices])
    online = forms.ChoiceField(
        label="Trực tuyến",
        required=False,
        choices=[("", "Tất cả"), *ProcedureVersion.Online.choices],
    )
    day = forms.DateField(
        label="Có hiệu lực ngày",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )

    def versions(self, today: date) -> VersionQuerySet:
        """The versions asked for; in force today when no day is given."""
        asked: dict[str, Any] = self.cleaned_data
        found = ProcedureVersion.objects.in_force(asked["day"] or today).for_list()
        if asked["q"]:
            found = found.search(asked["q"])
        if asked["field"]:
            found = found.filter(field=asked["field"])
        if asked["level"]:
            found = found.filter(levels__contains=[asked["level"]])
        if asked["online"]:
            found = found.filter(online=asked["online"])
        return found
