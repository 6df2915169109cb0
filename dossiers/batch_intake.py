"""Many small requests of one kind in one go (chứng thực bản sao): a table, one dossier per row.

Each row has its own intake key and is taken in wholly or not at all; sent again, the rows that
were taken in are found by their keys, at whichever of the clerk's counters, and left alone.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms

from agencies.models import Agency, User
from dossiers import intake, outcomes
from dossiers.forms import usual_form
from dossiers.models import Dossier, Party
from dossiers.parties import PartyDetails
from dossiers.party_form import show
from dossiers.requests import ComponentGiven, IntakeRequest
from motcua.errors import DomainError
from motcua.text import VietnameseCharField
from procedures.models import Channel, ProcedureVersion

ROWS, MORE, MOST = 5, 5, 50
_SMALL = {"autocomplete": "off"}


class BatchForm(forms.Form):
    """What all rows have in common."""

    agency = forms.TypedChoiceField(label="Nơi tiếp nhận")
    at_once = forms.BooleanField(label="Giải quyết ngay và trả kết quả", required=False)
    is_paid = forms.BooleanField(label="Đã thu đủ phí, lệ phí", required=False, initial=True)
    rows = forms.IntegerField(min_value=1, max_value=MOST, initial=ROWS, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, version: ProcedureVersion, counters: Iterable[Agency], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(each.pk): each for each in counters}
        agency = cast(forms.TypedChoiceField, self.fields["agency"])
        agency.choices = [(key, each.name) for key, each in by_key.items()]
        agency.coerce = by_key.__getitem__
        self.initial.setdefault("at_once", version.immediate)
        if not version.immediate:
            del self.fields["at_once"], self.fields["is_paid"]


class RowForm(forms.Form):
    """One citizen."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = VietnameseCharField(
        label="Họ tên", max_length=200, required=False, widget=forms.TextInput(attrs=_SMALL)
    )
    citizen_id = VietnameseCharField(
        label="Số định danh",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs=_SMALL | {"inputmode": "numeric"}),
    )
    phone = VietnameseCharField(
        label="Điện thoại",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs=_SMALL | {"type": "tel"}),
    )
    quantity = forms.IntegerField(label="Số bản", min_value=1, max_value=999, initial=1)
    dossier: Dossier | None = None

    @property
    def is_blank(self) -> bool:
        """Also when the number of copies was left as it is."""
        return not any(self[name].value() for name in ("name", "citizen_id", "phone"))

    def to_request(self, version: ProcedureVersion, agency: Agency) -> IntakeRequest:
        typed = self.cleaned_data
        return IntakeRequest(
            intake_key=typed["key"],
            agency=agency,
            version=version,
            channel=Channel.DIRECT,
            holder=PartyDetails(
                Party.Kind.PERSON, typed["name"], typed["citizen_id"], typed["phone"]
            ),
            components=tuple(
                ComponentGiven(each.pk, each.name, usual_form(each), typed["quantity"])
                for each in version.components.all()
            ),
        )


def rows_of(given: Mapping[str, Any] | None, count: int) -> list[RowForm]:
    rows = [RowForm(given, prefix=f"row{number}") for number in range(1, count + 1)]
    if given is None:
        rows[0].fields["name"].widget.attrs["autofocus"] = True
    return rows


def take_in(
    common: BatchForm,
    rows: Collection[RowForm],
    *,
    version: ProcedureVersion,
    counters: Collection[Agency],
    officer: User,
    now: datetime,
) -> bool:
    """Each row on its own; what is wrong stands beside it. True when none is left over."""
    filled = [row for row in rows if not row.is_blank]
    if not common.is_valid():
        return False
    known = _known([row.cleaned_data["key"] for row in filled if row.is_valid()], counters)
    for row in filled:
        if row.is_valid():
            row.dossier = known.get(row.cleaned_data["key"]) or _take(
                row, common, version, officer, now
            )
    return all(row.dossier for row in filled)


def _take(
    row: RowForm, common: BatchForm, version: ProcedureVersion, officer: User, now: datetime
) -> Dossier | None:
    typed = common.cleaned_data
    wanted = row.to_request(version, typed["agency"])
    try:
        if typed.get("at_once"):
            return outcomes.solve_at_once(
                wanted, officer=officer, now=now, is_paid=typed["is_paid"]
            )
        return intake.accept(wanted, officer=officer, now=now)
    except DomainError as error:
        show(row, error)
        return None


def _known(keys: Collection[UUID], counters: Collection[Agency]) -> dict[UUID, Dossier]:
    found = Dossier.objects.filter(lodged_at__in=counters, intake_key__in=keys)
    return {each.intake_key: each for each in found.exclude(accepted_at=None)} if keys else {}
