"""The base of the forms of acts: what each carries, and how it calls its act."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, NamedTuple
from uuid import uuid4

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from agencies.models import Agency, Appointment, User
from agencies.scope import Scope
from dossiers import permission, routing
from dossiers.kept import kept
from dossiers.lifecycle import Pending
from dossiers.models import Dossier, Opinion, Status, StepRun
from motcua.text import VietnameseCharField
from procedures.models import Step

CARRIED = ("request_id", "seen", "since")


@dataclass(frozen=True)
class Proposal:
    """The next step, and who would do it where."""

    step: Step
    office: Agency
    officer: User | None

    def typed(self) -> dict[str, int | None]:
        """As the fields of the form take it."""
        officer = self.officer.pk if self.officer else None
        return {"step": self.step.pk, "to_agency": self.office.pk, "to_officer": officer}


class Colleague(NamedTuple):
    """Somebody to choose, and where."""

    pk: int
    name: str
    at: int


@dataclass
class Case:
    """A dossier before somebody who may act on it; what several forms offer is read once."""

    dossier: Dossier
    scope: Scope
    user: User
    now: datetime

    @cached_property
    def passage(self) -> routing.Passage:
        return routing.read(self.dossier, was_sent=StepRun in self.kept)

    @cached_property
    def kept(self) -> frozenset[type[Model]]:
        return kept(self.dossier)

    @cached_property
    def opinions(self) -> list[Opinion]:
        if Opinion not in self.kept:
            return []
        rows = self.dossier.opinions.select_related(
            "asked_from", "asked_of", "asked_by", "answered_by", "file__archived_as"
        )
        return list(rows)

    @property
    def pending(self) -> Pending:
        unanswered = [one for one in self.opinions if one.answered_at is None]
        return Pending(self.passage.on_its_way, unanswered)

    @cached_property
    def bodies(self) -> list[int]:
        return routing.bodies(self.dossier)

    @cached_property
    def places(self) -> list[Agency]:
        """Offices of the bodies that the dossier concerns and of those above them, here too."""
        return list(self.reachable().order_by("level", "sort_key"))

    @cached_property
    def staff(self) -> list[Colleague]:
        """Who works at these places, each with the agency where."""
        return _staff_of([one.pk for one in self.places], self.now)

    def reachable(self) -> QuerySet[Agency]:
        today = timezone.localdate(self.now)
        return Agency.objects.body_of_any(self.bodies).valid_on(today)

    @property
    def is_done(self) -> bool:
        return self.dossier.status == Status.DONE

    @property
    def _next(self) -> Step | None:
        return next(iter(self.passage.following), None)

    @cached_property
    def proposal(self) -> Proposal | None:
        """None when there is no next step, or nobody can say where it is done."""
        step = routing.step_back(self.dossier, self.passage) if self.is_done else self._next
        office = routing.office_of(step, self.dossier, lambda: self.bodies) if step else None
        if step is None or office is None:
            return None
        officer = routing.officer_for(step, office, self.passage, self.now)
        stays = office.pk == self.dossier.held_by_id
        return None if stays and officer is None else Proposal(step, office, officer)


class ActForm(forms.Form):
    """The id of the request (a second click writes nothing), the state and last event seen."""

    title: ClassVar[str]
    button: ClassVar[str] = "Ghi"
    is_main: ClassVar[bool] = False
    # What to say besides when it is done.
    afterwards: ClassVar[str] = ""
    act: ClassVar[Callable[..., Dossier]]
    template: ClassVar[str] = "dossiers/detail/_fields.html"

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    # The last event on the page; what others have done since is told.
    since = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, typed: Any, *, name: str, case: Case, since: int | None = None) -> None:
        self.name = name
        self.case = case
        first = {"seen": case.dossier.status, "since": since}
        super().__init__(typed, initial=first, auto_id=f"id_{name}_%s")
        self.offer()

    def offer(self) -> None:
        """What there is to choose from, for this dossier."""

    def choose_from(
        self, field: str, rows: Callable[[], QuerySet[Any]], shown: Iterable[tuple[Any, Any]]
    ) -> None:
        """`rows` judge what was typed, if anything was; `shown` are the options, read already."""
        chosen: Any = self.fields[field]
        if self.is_bound:
            chosen.queryset = rows()
        blank = [] if chosen.empty_label is None else [("", chosen.empty_label)]
        chosen.choices = [*blank, *shown]

    def carried(self) -> list[tuple[str, str]]:
        """What goes back with every act unseen: plain fields, no widgets (nine acts a page)."""
        values = ((name, self[name].value()) for name in CARRIED)
        return [(name, "" if value is None else str(value)) for name, value in values]

    def fresh(self, since: int | None) -> None:
        """Shown again as typed, on the state that stands there now."""
        typed = {name: self.data[name] for name in self.data}
        self.data = {**typed, "seen": self.case.dossier.status, "since": since or ""}

    def arguments(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {name: typed[name] for name in typed if name not in CARRIED}

    def perform(self, actor: User, now: datetime) -> None:
        act = type(self).act
        key = self.cleaned_data["request_id"]
        act(self.case.dossier, actor=actor, now=now, request_id=key, **self.arguments())


def reason(label: str = "Lý do") -> VietnameseCharField:
    area = forms.Textarea(attrs={"rows": 2})
    return VietnameseCharField(label=label, max_length=1000, widget=area)


def legal_ground() -> VietnameseCharField:
    return VietnameseCharField(label="Căn cứ pháp lý", max_length=300, required=False)


def staff_at(places: Collection[int] | QuerySet[Any], now: datetime) -> QuerySet[User]:
    """Whoever works on dossiers there today."""
    return User.objects.filter(pk__in=_held_at(places, now).values("user"), is_active=True)


def _held_at(places: Collection[int] | QuerySet[Any], now: datetime) -> QuerySet[Appointment]:
    today = timezone.localdate(now)
    return Appointment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        valid_from__lte=today,
        agency__in=places,
        role__in=permission.STAFF,
    ).order_by()


def _staff_of(places: Collection[int], now: datetime) -> list[Colleague]:
    """By name; whoever holds two roles at a place once."""
    rows = (
        _held_at(places, now)
        .filter(user__is_active=True)
        .order_by("user__full_name", "user_id")
        .values_list("user_id", "user__full_name", "user__username", "agency_id")
    )
    return list(dict.fromkeys(Colleague(pk, full or login, at) for pk, full, login, at in rows))
