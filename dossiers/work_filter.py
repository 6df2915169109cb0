"""What may be asked of the lists of dossiers; the state stands in the address."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from agencies.models import Agency, User
from agencies.scope import Scope
from dossiers import work_lists
from dossiers.models import Dossier, Status
from dossiers.querysets import DossierQuerySet
from dossiers.search import matching
from dossiers.work_lists import Desk, WorkList
from motcua.text import VietnameseCharField, fold
from procedures.models import Channel, ProcedureField, ProcedureVersion

ANY = ("", "Tất cả")
ORDERS = {
    "": "Thứ tự của danh sách",
    "due": "Hạn gần nhất trước",
    "accepted": "Tiếp nhận trước",
    "-accepted": "Mới tiếp nhận trước",
    "name": "Tên chủ hồ sơ",
    "code": "Mã hồ sơ",
}
COLUMNS = {"due": "lapses_at", "accepted": "accepted_at", "name": "holder_fold", "code": "code"}

# As an account is printed (User.__str__).
_NAME = Coalesce(NullIf("full_name", Value("")), "username")


def _day(label: str) -> forms.DateField:
    picker = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(
        label=label, required=False, widget=picker, input_formats=["%Y-%m-%d", "%d/%m/%Y"]
    )


class _Names(ModelChoiceIterator):  # type: ignore[type-arg]
    """Numbers and names alone: no object is made for an option of a <select>."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        field = cast("_Named", self.field)
        yield "", field.empty_label
        yield from self.queryset.values_list("pk", field.shown)


class _Named(forms.ModelChoiceField):  # type: ignore[type-arg]
    iterator = _Names

    def __init__(self, rows: Any, *, label: str, shown: str | Combinable) -> None:
        self.shown = shown
        super().__init__(rows, label=label, required=False, empty_label="Tất cả")


class ListFilter(forms.Form):
    """All dossiers of one's scope."""

    usual_order = "-id"

    q = VietnameseCharField(
        label="Tìm hồ sơ",
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "placeholder": "Tên không dấu, mã hoặc số cuối, định danh, điện thoại",
            }
        ),
    )
    status = forms.TypedChoiceField(
        label="Trạng thái",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[ANY, *Status.choices],
    )
    channel = forms.ChoiceField(label="Kênh", required=False, choices=[ANY, *Channel.choices])
    sort = forms.ChoiceField(label="Sắp xếp", required=False, choices=list(ORDERS.items()))
    procedure = VietnameseCharField(label="Thủ tục (mã hoặc tên)", required=False, max_length=100)
    field = _Named(ProcedureField.objects.order_by("name"), label="Lĩnh vực", shown="name")
    agency = VietnameseCharField(label="Cơ quan đang giữ", required=False, max_length=100)
    officer = _Named(User.objects.none(), label="Người xử lý", shown=_NAME)
    accepted_from = _day("Tiếp nhận từ ngày")
    accepted_to = _day("Tiếp nhận đến ngày")
    due_from = _day("Hẹn trả từ ngày")
    due_to = _day("Hẹn trả đến ngày")
    risk = forms.BooleanField(label="Chỉ hồ sơ có nguy cơ trễ hạn", required=False)
    # The rest is folded away until somebody needs it.
    first: ClassVar[tuple[str, ...]] = ("q", "status", "channel")

    def __init__(self, typed: Any, *, scope: Scope) -> None:
        super().__init__(typed)
        self.scope = scope
        self.fields["officer"].queryset = _staff_in_reach(scope)  # type: ignore[attr-defined]

    def shown_first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name in self.first]

    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.first]

    def is_unfolded(self) -> bool:
        return any(bound.data or bound.errors for bound in self.folded())

    def order(self) -> str:
        """The column, "-column" downwards."""
        asked: str = self.cleaned_data["sort"]
        if not asked:
            return self.usual_order
        return ("-" if asked.startswith("-") else "") + COLUMNS[asked.lstrip("-")]

    def all_in(self, scope: Scope) -> DossierQuerySet:
        return self.narrowed(Dossier.objects.in_scope(scope))

    def narrowed(self, dossiers: DossierQuerySet) -> DossierQuerySet:
        asked: dict[str, Any] = self.cleaned_data
        for name in ("status", "channel", "officer"):
            if asked[name]:
                dossiers = dossiers.filter(**{name: asked[name]})
        if asked["field"]:
            dossiers = dossiers.filter(version__field=asked["field"])
        if asked["risk"]:
            dossiers = dossiers.filter(risk__isnull=False)
        for name, place in (("procedure", _versions), ("agency", _places)):
            if asked[name]:
                dossiers = place(dossiers, asked[name])
        dossiers = _between(dossiers, "accepted_at", asked["accepted_from"], asked["accepted_to"])
        dossiers = _due(dossiers, asked["due_from"], asked["due_to"])
        return matching(dossiers, asked["q"]) if asked["q"] else dossiers


class WorkFilter(ListFilter):
    """One list of the work: for one's office, for oneself, or for the whole scope."""

    list = forms.ChoiceField(
        required=False,
        choices=[("", ""), *((each.slug, each.title) for each in work_lists.ALL)],
        widget=forms.HiddenInput,
    )
    whose = forms.ChoiceField(
        label="Việc của",
        required=False,
        choices=[("", "Cơ quan tôi"), ("own", "Tôi"), ("all", "Toàn bộ phạm vi")],
    )
    field_order = ["q", "whose", "status", "channel", "sort"]
    first = ("q", "whose", "status", "channel", "list")

    @property
    def chosen(self) -> WorkList:
        asked = self.cleaned_data.get("list") if self.is_valid() else ""
        return work_lists.BY_SLUG.get(asked or "") or work_lists.usual(self.scope)

    def order(self) -> str:
        return super().order() if self.cleaned_data["sort"] else self.chosen.order

    def work_at(self, desk: Desk) -> DossierQuerySet:
        """The dossiers asked for, within the scope in every case."""
        return self.narrowed(work_lists.rows(self.chosen, desk))


def _staff_in_reach(scope: Scope) -> Any:
    """Those who work where the user does."""
    held = {agency for agency, _ in scope.roles}
    places = Agency.objects.body_of_any(held).order_by().values("pk")
    return (
        User.objects.filter(is_active=True, appointments__agency__in=places)
        .order_by("full_name", "pk")
        .distinct()
    )


def _versions(dossiers: DossierQuerySet, typed: str) -> DossierQuerySet:
    found = ProcedureVersion.objects.filter(procedure__code=typed)
    if not any(letter.isdigit() for letter in typed):
        found = ProcedureVersion.objects.all()
        for word in fold(typed).split():
            found = found.filter(name_fold__contains=word)
    return dossiers.filter(version__in=list(found.order_by().values_list("pk", flat=True)))


def _places(dossiers: DossierQuerySet, typed: str) -> DossierQuerySet:
    found = Agency.objects.all()
    for word in fold(typed).split():
        found = found.filter(name_fold__contains=word)
    named = found | Agency.objects.filter(code=typed)
    return dossiers.held_in(named.ids())


def _between(
    dossiers: DossierQuerySet, column: str, first: date | None, last: date | None
) -> DossierQuerySet:
    if first:
        dossiers = dossiers.filter(**{f"{column}__gte": _midnight(first)})
    if last:
        dossiers = dossiers.filter(**{f"{column}__lt": _midnight(last + timedelta(days=1))})
    return dossiers


def _due(dossiers: DossierQuerySet, first: date | None, last: date | None) -> DossierQuerySet:
    """By the lapse, in whose order the lists stand: a day's due dates lapse at its end."""
    if first:
        dossiers = dossiers.filter(lapses_at__gt=_midnight(first))
    if last:
        dossiers = dossiers.filter(lapses_at__lte=_midnight(last + timedelta(days=1)))
    return dossiers


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
