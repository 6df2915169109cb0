"""What is typed at the counter, cleaned into the request of the intake act."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.db.models import F

from agencies.models import Agency, User
from agencies.scope import Scope
from dossiers import permission
from dossiers.errors import FileRefused
from dossiers.models import Capacity, Delivery, DossierComponent, Party, StoredFile, StoredPaper
from dossiers.parties import PartyDetails
from dossiers.party_form import PartyFields, show
from dossiers.requests import ComponentGiven, IntakeRequest
from motcua.text import VietnameseCharField, VietnameseTextField
from procedures.models import Channel, Component, ProcedureVersion

__all__ = ["CounterForms", "IntakeForm", "PartyFields", "counters_of", "show"]

PAPER = DossierComponent.Form


def counters_of(scope: Scope, on: date) -> list[Agency]:
    """Where the user may take dossiers in; counters before their committees."""
    own = scope.agencies_as(*permission.STAFF)
    counters = Agency.objects.body_of_any(own).valid_on(on)
    return list(counters.select_related("calendar").order_by(F("committee").asc(nulls_last=True)))


def usual_form(component: Component) -> str:
    """An original where the catalogue asks for one."""
    return PAPER.ORIGINAL if component.originals else PAPER.PHOTOCOPY


@dataclass(frozen=True)
class Line:
    """One paper of the checklist with its fields."""

    component: Component
    given: forms.BoundField
    form: forms.BoundField
    quantity: forms.BoundField
    file: forms.BoundField
    reused: forms.BoundField


class IntakeForm(forms.Form):
    """The rest of the request: in what capacity, where, how, which papers."""

    intake_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    capacity = forms.ChoiceField(
        label="Người đến quầy",
        choices=Capacity.choices,
        initial=Capacity.OWN,
        required=False,
        widget=forms.RadioSelect,
    )
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
        label="Giấy tờ nộp thêm (tự nguyện)",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ngoài danh mục: công dân tự nộp, không được yêu cầu. Mỗi dòng một giấy tờ.",
    )

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
        self.fields[key] = forms.BooleanField(label=component.name, required=False)
        self.fields[f"{key}_form"] = forms.ChoiceField(
            label="Loại", choices=PAPER.choices, initial=usual_form(component)
        )
        self.fields[f"{key}_quantity"] = forms.IntegerField(
            label="Số lượng",
            min_value=1,
            max_value=999,
            initial=max(component.originals, component.copies, 1),
        )
        for what in ("file", "reused"):
            self.fields[f"{key}_{what}"] = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def checklist(self) -> Iterator[Line]:
        """Each paper of the procedure with its fields."""
        for component in self.components:
            key = f"component_{component.pk}"
            parts = (key, f"{key}_form", f"{key}_quantity", f"{key}_file", f"{key}_reused")
            yield Line(component, *(self[name] for name in parts))

    def clean_capacity(self) -> str:
        return self.cleaned_data["capacity"] or Capacity.OWN

    def listed(self, officer: User) -> Iterator[ComponentGiven]:
        """The papers that were ticked or scanned; one of the store only while it is ticked."""
        typed = self.cleaned_data
        files = self._ids(StoredFile.objects.filter(stored_by=officer), "file")
        stored = self._ids(StoredPaper.objects.all(), "reused")
        for component in self.components:
            key = f"component_{component.pk}"
            file = typed[f"{key}_file"]
            reused = typed[f"{key}_reused"] if typed[key] else None
            if typed[key] or file:
                yield ComponentGiven(
                    component.pk,
                    component.name,
                    PAPER.ELECTRONIC if reused else typed[f"{key}_form"],
                    typed[f"{key}_quantity"],
                    file_id=None if reused else files[file] if file else None,
                    reused_id=stored[reused] if reused else None,
                )

    def others_given(self) -> Iterator[ComponentGiven]:
        for line in self.cleaned_data["others"].splitlines():
            if line:
                yield ComponentGiven(None, line[:500])

    def missing(self) -> list[str]:
        """The names of the required papers that were not given: what Mẫu 02 asks for."""
        typed = self.cleaned_data
        return [
            component.name
            for component in self.components
            if component.is_required
            and not any(typed.get(f"component_{component.pk}{part}") for part in ("", "_file"))
        ]

    def _ids(self, rows: Any, what: str) -> dict[UUID, int]:
        """public id → id; no statement when nothing was given."""
        names = [f"component_{component.pk}_{what}" for component in self.components]
        wanted = {name: key for name in names if (key := self.cleaned_data[name])}
        if not wanted:
            return {}
        found = dict(rows.filter(public_id__in=wanted.values()).values_list("public_id", "pk"))
        for name, key in wanted.items():
            if key not in found:
                blame = {name.removesuffix(f"_{what}"): "Tệp không còn; hãy tải lên lại."}
                raise FileRefused(fields=blame)
        return found


class CounterForms:
    """The three forms of the counter's page as one; the applicant's by the capacity."""

    def __init__(
        self,
        given: Mapping[str, Any] | None,
        *,
        version: ProcedureVersion,
        counters: Iterable[Agency],
        restored: Mapping[str, Any] | None = None,
    ) -> None:
        first = restored if given is None else None
        self.main = IntakeForm(given, version=version, counters=counters, initial=first)
        self.holder = PartyFields(given, prefix="holder", initial=_of("holder", first))
        if given is None:  # a new form begins here; a refused one at its first error
            self.holder.fields["citizen_id"].widget.attrs["autofocus"] = True
        self.has_applicant = _has_applicant(given)
        self.applicant = PartyFields(
            given if self.has_applicant else None,
            prefix="applicant",
            initial=_of("applicant", first),
        )

    def is_valid(self) -> bool:
        forms = [self.main, self.holder, *([self.applicant] if self.has_applicant else ())]
        # Each of them, so that every error is shown at once.
        return [each.is_valid() for each in forms].count(False) == 0

    def to_request(self, officer: User) -> IntakeRequest:
        typed, holder = self.main.cleaned_data, self.holder.details()
        capacity = _capacity(typed["capacity"], holder)
        is_assisted = capacity == Capacity.ASSISTED
        return IntakeRequest(
            intake_key=typed["intake_key"],
            agency=typed["agency"],
            version=self.main.version,
            channel=Channel.ONLINE if is_assisted else typed["channel"],
            holder=holder,
            applicant=self.applicant.details() if self.has_applicant else None,
            components=(*self.main.listed(officer), *self.main.others_given()),
            summary=typed["summary"],
            delivery=typed["delivery"],
            submitted_at=typed["submitted_at"],
            capacity=capacity,
            assisted_by_id=officer.pk if is_assisted else None,
        )


def _capacity(chosen: str, holder: PartyDetails) -> str:
    """Whoever stands there for an organisation submits for it, whatever was ticked."""
    is_organisation = holder.kind == Party.Kind.ORGANISATION
    return Capacity.ORGANISATION if is_organisation and chosen == Capacity.OWN else chosen


def _has_applicant(given: Mapping[str, Any] | None) -> bool:
    """An authorised person always; an organisation's representative when one is named."""
    if given is None:
        return False
    capacity = given.get("capacity")
    named = str(given.get("applicant-name", "")).strip()
    return capacity == Capacity.AUTHORISED or bool(capacity == Capacity.ORGANISATION and named)


def _of(prefix: str, fields: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The fields of one party; a form's initial values have no prefix."""
    start = f"{prefix}-"
    return {
        name.removeprefix(start): value
        for name, value in (fields or {}).items()
        if name.startswith(start)
    } or None
