"""What is typed at the counter, cleaned into the request of the intake act."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db import connection
from django.db.models import QuerySet

from agencies.models import Agency, User
from agencies.scope import Scope
from calendars.models import Calendar
from dossiers import permission
from dossiers.errors import FileRefused
from dossiers.models import Capacity, Delivery, DossierComponent, Party, StoredFile, StoredPaper
from dossiers.parties import PartyDetails
from dossiers.party_form import PartyFields, show
from dossiers.requests import ComponentGiven, IntakeRequest
from motcua.reading import columns, taken
from motcua.shared_fields import shared_fields
from motcua.text import VietnameseCharField, VietnameseTextField
from procedures.models import Channel, Component, ProcedureVersion

__all__ = ["CounterForms", "IntakeForm", "PartyFields", "counters_of", "show"]

PAPER = DossierComponent.Form


# Written out: building it anew each time cost more than running it.
_COUNTERS = f"""
    SELECT {columns(Agency, "agency")}, {columns(Calendar, "calendar")}
    FROM agencies_agency agency JOIN calendars_calendar calendar ON calendar.id = agency.calendar_id
    WHERE (agency.id = ANY(%(own)s::bigint[]) OR agency.committee_id = ANY(%(own)s::bigint[]))
    AND agency.valid_from <= %(day)s AND (agency.valid_to IS NULL OR agency.valid_to >= %(day)s)
    ORDER BY agency.committee_id NULLS LAST
"""  # noqa: S608 - only names of our own models


def counters_of(scope: Scope, on: date) -> list[Agency]:
    """Where the user may take dossiers in; counters before their committees."""
    own = list(scope.agencies_as(*permission.STAFF))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTERS, {"own": own, "day": on})
        return [_counter(list(row)) for row in cursor.fetchall()]


def _counter(values: list[Any]) -> Agency:
    agency = taken(Agency, values)
    agency.calendar = taken(Calendar, values)
    return agency


def usual_form(component: Component) -> str:
    """An original where the catalogue asks for one."""
    return PAPER.ORIGINAL if component.originals else PAPER.PHOTOCOPY


_GIVEN = forms.BooleanField(required=False)
_FORMS: dict[str, forms.ChoiceField] = {
    usual: forms.ChoiceField(label="Loại", choices=PAPER.choices, initial=usual)
    for usual in (PAPER.ORIGINAL, PAPER.PHOTOCOPY)
}
_ID = forms.UUIDField(required=False, widget=forms.HiddenInput)


@cache
def _quantity(usual: int) -> forms.IntegerField:
    return forms.IntegerField(label="Số lượng", min_value=1, max_value=999, initial=usual)


@dataclass(frozen=True)
class Line:
    """One paper of the checklist with its fields."""

    component: Component
    given: forms.BoundField
    form: forms.BoundField
    quantity: forms.BoundField
    file: forms.BoundField
    reused: forms.BoundField


@shared_fields
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
    agency = forms.TypedChoiceField()  # each form's own: the counters of the clerk
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
        self.fields["agency"] = forms.TypedChoiceField(
            label="Nơi tiếp nhận",
            choices=[(key, each.name) for key, each in self.counters.items()],
            coerce=self.counters.__getitem__,
        )
        for component in self.components:
            self._add_component(component)

    def _add_component(self, component: Component) -> None:
        """Fields hold no state of a form: the papers share theirs."""
        key = f"component_{component.pk}"
        self.fields[key] = _GIVEN
        self.fields[f"{key}_form"] = _FORMS[usual_form(component)]
        self.fields[f"{key}_quantity"] = _quantity(max(component.originals, component.copies, 1))
        self.fields[f"{key}_file"] = self.fields[f"{key}_reused"] = _ID

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
        files = self._ids(lambda: StoredFile.objects.filter(stored_by=officer), "file")
        stored = self._ids(StoredPaper.objects.all, "reused")
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

    def _ids(self, rows: Callable[[], QuerySet[Any]], what: str) -> dict[UUID, int]:
        """public id → id; no statement when nothing was given."""
        names = [f"component_{component.pk}_{what}" for component in self.components]
        wanted = {name: key for name in names if (key := self.cleaned_data[name])}
        if not wanted:
            return {}
        found = dict(rows().filter(public_id__in=wanted.values()).values_list("public_id", "pk"))
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
            first_field = deepcopy(self.holder.fields["citizen_id"])
            first_field.widget.attrs["autofocus"] = True
            self.holder.fields["citizen_id"] = first_field
        self.has_applicant = _has_applicant(given)
        self._given, self._first = given, first

    @cached_property
    def applicant(self) -> PartyFields:
        """Made when it is needed: most citizens come for themselves."""
        given = self._given if self.has_applicant else None
        return PartyFields(given, prefix="applicant", initial=_of("applicant", self._first))

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
