"""What is typed at the counter, cleaned into the request of the intake act."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.db.models import F

from agencies.models import Agency
from agencies.scope import Scope
from dossiers import permission
from dossiers.errors import PartyInvalid
from dossiers.models import Delivery, DossierComponent, Party
from dossiers.parties import PartyDetails
from dossiers.requests import ComponentGiven, IntakeRequest
from motcua.errors import DomainError
from motcua.text import VietnameseCharField, VietnameseTextField
from procedures.models import Channel, Component, ProcedureVersion

PAPER = DossierComponent.Form


def counters_of(scope: Scope, on: date) -> list[Agency]:
    """Where the user may take dossiers in; counters before their committees."""
    own = scope.agencies_as(*permission.STAFF)
    counters = Agency.objects.body_of_any(own).valid_on(on)
    return list(counters.select_related("calendar").order_by(F("committee").asc(nulls_last=True)))


class PartyFields(forms.Form):
    """A person or an organisation; the form's prefix tells holder from applicant."""

    kind = forms.ChoiceField(label="Loại", choices=Party.Kind.choices, initial=Party.Kind.PERSON)
    name = VietnameseCharField(label="Họ tên, tên tổ chức", max_length=200)
    citizen_id = VietnameseCharField(
        label="Số định danh cá nhân, mã số thuế",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = VietnameseCharField(
        label="Điện thoại",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label="Thư điện tử", required=False)
    address = VietnameseCharField(label="Địa chỉ", max_length=300, required=False)

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


class IntakeForm(forms.Form):
    """The rest of the request: where, how, which papers."""

    intake_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    agency = forms.TypedChoiceField(label="Nơi tiếp nhận")
    channel = forms.ChoiceField(label="Kênh", choices=Channel.choices, initial=Channel.DIRECT)
    submitted_at = forms.DateTimeField(
        label="Nộp trực tuyến lúc",
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
        help_text="Chỉ với hồ sơ trực tuyến.",
    )
    summary = VietnameseCharField(
        label="Nội dung yêu cầu",
        max_length=500,
        required=False,
        help_text="Bỏ trống nếu như tên thủ tục.",
    )
    delivery = forms.ChoiceField(
        label="Nhận kết quả", choices=Delivery.choices, initial=Delivery.COUNTER
    )
    others = VietnameseTextField(
        label="Giấy tờ khác",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Mỗi dòng một giấy tờ.",
    )
    has_applicant = forms.BooleanField(label="Người nộp không phải chủ hồ sơ", required=False)

    def __init__(
        self, *args: Any, version: ProcedureVersion, counters: Iterable[Agency], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.components: list[Component] = list(version.components.all())
        self.counters = {str(agency.pk): agency for agency in counters}
        agency = cast(forms.TypedChoiceField, self.fields["agency"])
        agency.choices = [(key, each.name) for key, each in self.counters.items()]
        agency.coerce = self.counters.__getitem__
        for component in self.components:
            self._add_component(component)

    def _add_component(self, component: Component) -> None:
        key = f"component_{component.pk}"
        usual = PAPER.ORIGINAL if component.originals else PAPER.PHOTOCOPY
        self.fields[key] = forms.BooleanField(label=component.name, required=False)
        self.fields[f"{key}_form"] = forms.ChoiceField(
            label="Loại", choices=PAPER.choices, initial=usual
        )
        self.fields[f"{key}_quantity"] = forms.IntegerField(
            label="Số lượng",
            min_value=1,
            max_value=999,
            initial=max(component.originals, component.copies, 1),
        )

    def checklist(self) -> Iterator[tuple[Component, forms.BoundField, Any, Any]]:
        """Each paper of the procedure with its three fields."""
        for component in self.components:
            key = f"component_{component.pk}"
            yield component, self[key], self[f"{key}_form"], self[f"{key}_quantity"]

    def to_request(self, holder: PartyDetails, applicant: PartyDetails | None) -> IntakeRequest:
        typed = self.cleaned_data
        return IntakeRequest(
            intake_key=typed["intake_key"],
            agency=typed["agency"],
            version=self.version,
            channel=typed["channel"],
            holder=holder,
            applicant=applicant,
            components=(*self._listed(), *self._others()),
            summary=typed["summary"],
            delivery=typed["delivery"],
            submitted_at=typed["submitted_at"],
        )

    def _listed(self) -> Iterator[ComponentGiven]:
        typed = self.cleaned_data
        for component in self.components:
            key = f"component_{component.pk}"
            if typed[key]:
                form, quantity = typed[f"{key}_form"], typed[f"{key}_quantity"]
                yield ComponentGiven(component.pk, component.name, form, quantity)

    def _others(self) -> Iterator[ComponentGiven]:
        for line in self.cleaned_data["others"].splitlines():
            if line:
                yield ComponentGiven(None, line[:500])


class CounterForms:
    """The three forms of the counter's page as one; the applicant's counts when it is ticked."""

    def __init__(
        self,
        given: Mapping[str, Any] | None,
        *,
        version: ProcedureVersion,
        counters: Iterable[Agency],
    ) -> None:
        self.main = IntakeForm(given, version=version, counters=counters)
        self.holder = PartyFields(given, prefix="holder")
        self.has_applicant = bool(given and given.get("has_applicant"))
        self.applicant = PartyFields(given if self.has_applicant else None, prefix="applicant")

    def is_valid(self) -> bool:
        forms = [self.main, self.holder, *([self.applicant] if self.has_applicant else ())]
        # Each of them, so that every error is shown at once.
        return [each.is_valid() for each in forms].count(False) == 0

    def to_request(self) -> IntakeRequest:
        applicant = self.applicant.details() if self.has_applicant else None
        return self.main.to_request(self.holder.details(), applicant)


def show(form: forms.Form, error: DomainError) -> None:
    """A refusal beside the fields to blame, else above the form."""
    known = {name: text for name, text in error.fields.items() if name in form.fields}
    for name, text in known.items():
        form.add_error(name, text)
    if not known:
        form.add_error(None, error.message)
