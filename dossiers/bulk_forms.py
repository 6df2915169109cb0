"""What was chosen in a list, and what a bulk act asks for before it begins.

The chosen dossiers travel through the confirmation as a signed list of (id, state seen): what is
done is what was shown, and what changed in between is refused one by one.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing
from django.db.models import Q, QuerySet

from agencies.models import Agency, User
from dossiers import bulk, bulk_printing, errors, permission
from dossiers.bulk_acts import BulkAct
from dossiers.models import Dossier
from dossiers.querysets import DossierQuerySet

_SALT = "dossiers.bulk"
_MINUTES = 60
_LEVEL = "level", "sort_key"


def most(act: BulkAct) -> int:
    return bulk_printing.MOST if act.name == "print" else bulk.MOST


def chosen(dossiers: DossierQuerySet, public_ids: Collection[UUID]) -> list[tuple[int, int]]:
    """(id, state) of those among the dossiers."""
    found = dossiers.filter(public_id__in=public_ids).order_by("pk")
    return list(found.values_list("pk", "status")[: bulk.MOST + 1])


def all_of(dossiers: DossierQuerySet, order: str, act: BulkAct) -> list[tuple[int, int]]:
    """Everything that a filter matches, when it is not too much."""
    limit = most(act)
    found = list(dossiers.order_by(order, "pk").values_list("pk", "status")[: limit + 1])
    if len(found) > limit:
        raise errors.BulkRefused(f"Bộ lọc khớp hơn {limit} hồ sơ; hãy lọc bớt rồi chọn lại.")
    return found


def sealed(user: User, found: Collection[tuple[int, int]]) -> str:
    return signing.dumps([user.pk, [list(each) for each in found]], salt=_SALT, compress=True)


def opened(user: User, text: str) -> list[tuple[int, int]]:
    try:
        owner, found = signing.loads(text, salt=_SALT, max_age=_MINUTES * 60)
    except signing.BadSignature as error:
        raise errors.BulkRefused("Danh sách đã chọn quá cũ. Hãy chọn lại.") from error
    if owner != user.pk:
        raise errors.BulkRefused
    return [(int(pk), int(seen)) for pk, seen in found]


class BulkForm(forms.Form):
    """The confirmation: the sealed list, and what the act asks for besides."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    items = forms.CharField(widget=forms.HiddenInput)
    field_order = ("request_id", "items", "to_agency", "officer")
    officer = forms.ModelChoiceField(
        User.objects.none(), label="Người xử lý", empty_label="Chọn người"
    )
    to_agency = forms.ModelChoiceField(
        Agency.objects.none(), label="Nơi nhận", empty_label="Chọn nơi nhận"
    )

    def __init__(
        self, typed: Any, *, act: BulkAct, held: Collection[int], today: date, items: str = ""
    ) -> None:
        super().__init__(typed, initial={"items": items})
        self.act = act
        for name in ("officer", "to_agency"):
            if name not in act.asks:
                del self.fields[name]
        if "to_agency" in act.asks:
            self._choose("to_agency", _places(held, today))
        if "officer" in act.asks:
            places = _places(held, today) if "to_agency" in act.asks else _own(held)
            self._choose("officer", _staff_of(places, today))
            if "to_agency" in act.asks:
                self.fields["officer"].required = False
                self.fields["officer"].label = "Người nhận (nếu đã rõ)"
        for field in self.visible_fields()[:1]:
            field.field.widget.attrs["autofocus"] = True

    def _choose(self, name: str, among: QuerySet[Any]) -> None:
        self.fields[name].queryset = among  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, int | None]:
        given = {name: self.cleaned_data[name] for name in self.act.asks}
        return {name: value.pk if value else None for name, value in given.items()}


def _own(held: Collection[int]) -> QuerySet[Agency]:
    """The offices that have the chosen dossiers."""
    return Agency.objects.filter(pk__in=held)


def _places(held: Collection[int], today: date) -> QuerySet[Agency]:
    """Offices of the bodies that have them, and of the level above."""
    offices = list(_own(held))
    bodies = {permission.body_of(each) for each in offices}
    above = Agency.objects.filter(children__in=bodies).ids()
    reached = Agency.objects.body_of_any({*bodies, *above})
    return reached.valid_on(today).order_by(*_LEVEL)


def _staff_of(places: QuerySet[Agency], today: date) -> QuerySet[User]:
    """Whoever works on dossiers there today, at the committee of an office too."""
    ids = permission.with_committees(places)
    return (
        User.objects.filter(
            Q(appointments__valid_to__isnull=True) | Q(appointments__valid_to__gte=today),
            appointments__agency__in=ids,
            appointments__role__in=permission.STAFF,
            appointments__valid_from__lte=today,
            is_active=True,
        )
        .order_by("full_name", "pk")
        .distinct()
    )


def held_by(found: Collection[tuple[int, int]]) -> set[int]:
    ids = [pk for pk, _ in found]
    return set(Dossier.objects.filter(pk__in=ids).order_by().values_list("held_by", flat=True))
