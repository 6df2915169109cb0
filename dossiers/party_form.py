"""A person or an organisation as typed at the counter."""

from typing import Any

from django import forms

from dossiers.errors import PartyInvalid
from dossiers.models import Party
from dossiers.parties import PartyDetails
from motcua.errors import DomainError
from motcua.shared_fields import shared_fields
from motcua.text import VietnameseCharField

_TYPED = {"autocomplete": "off"}


@shared_fields
class PartyFields(forms.Form):
    """A person or an organisation; the form's prefix tells holder from applicant."""

    citizen_id = VietnameseCharField(
        label="Số định danh cá nhân, mã số thuế",
        max_length=300,  # a scanned card says more than its number
        required=False,
        widget=forms.TextInput(attrs=_TYPED | {"inputmode": "numeric"}),
    )
    phone = VietnameseCharField(
        label="Điện thoại",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs=_TYPED | {"type": "tel"}),
    )
    kind = forms.ChoiceField(label="Loại", choices=Party.Kind.choices, initial=Party.Kind.PERSON)
    name = VietnameseCharField(
        label="Họ tên, tên tổ chức", max_length=200, widget=forms.TextInput(attrs=_TYPED)
    )
    address = VietnameseCharField(
        label="Địa chỉ", max_length=300, required=False, widget=forms.TextInput(attrs=_TYPED)
    )
    email = forms.EmailField(
        label="Thư điện tử", required=False, widget=forms.EmailInput(attrs=_TYPED)
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "name" in self.errors:
            return typed  # said once is enough
        try:
            PartyDetails(**{"name": "", "kind": "person", **typed}).cleaned()
        except PartyInvalid as error:
            show(self, error)
        return typed

    def details(self) -> PartyDetails:
        return PartyDetails(**self.cleaned_data)


def show(form: forms.Form, error: DomainError) -> None:
    """A refusal beside the fields to blame, else above the form."""
    known = {name: text for name, text in error.fields.items() if name in form.fields}
    for name, text in known.items():
        form.add_error(name, text)
    if not known:
        form.add_error(None, error.message)
