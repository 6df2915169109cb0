"""What the page of one dossier shows besides its forms, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, QuerySet

from dossiers import attaching, files, lateness, result, routing, slips, step_clock, story
from dossiers.act_form import ActForm, Case, Proposal
from dossiers.act_forms import act_forms
from dossiers.lateness import Lateness, Told
from dossiers.lifecycle import Move
from dossiers.models import (
    Apology,
    Dossier,
    DossierComponent,
    FeeDue,
    Handover,
    Opinion,
    Payment,
    Result,
    Slip,
    StepRun,
    SupplementRequest,
    Suspension,
)
from dossiers.step_clock import StepLine
from dossiers.story import Story
from dossiers.time_left import TimeLeft, time_left

Row = TypeVar("Row", bound=Model)


@dataclass
class Page:
    """Read lazily by the template's parts, each once."""

    case: Case
    refused: ActForm | None = None

    @property
    def dossier(self) -> Dossier:
        return self.case.dossier

    @cached_property
    def story(self) -> Story:
        return story.tell(self.dossier, has_waited=Suspension in self.case.kept)

    @cached_property
    def left(self) -> TimeLeft:
        return time_left(self.dossier, self.case.now)

    @cached_property
    def acts(self) -> list[ActForm]:
        since = self.story.last_event
        if self.refused is not None:
            self.refused.fresh(since)
        return act_forms(self.case, since=since, refused=self.refused)

    @property
    def main_acts(self) -> list[ActForm]:
        return [form for form in self.acts if form.is_main or form == self.refused]

    @property
    def other_acts(self) -> list[ActForm]:
        return [form for form in self.acts if not (form.is_main or form == self.refused)]

    @cached_property
    def to_next(self) -> tuple[Proposal, ActForm] | None:
        """The next step by one click."""
        send = next((form for form in self.acts if form.name == Move.SEND), None)
        proposal = self.case.proposal if send is not None else None
        return (proposal, send) if send is not None and proposal is not None else None

    @cached_property
    def steps(self) -> list[StepLine]:
        return step_clock.lines_of(self.dossier, self.case.passage, self.story.waits, self.case.now)

    @property
    def current(self) -> StepLine | None:
        """The step under way; None when the work is over."""
        last = self.steps[-1] if self.steps else None
        return last if last is not None and last.is_current else None

    @cached_property
    def passing(self) -> routing.Passing | None:
        return routing.passing(self.dossier, self.case.passage, self.case.now)

    @property
    def on_its_way(self) -> StepRun | None:
        """Sent and not acknowledged."""
        return self.case.passage.on_its_way

    @cached_property
    def components(self) -> Sequence[DossierComponent]:
        return files.of(self.dossier)

    @cached_property
    def fees(self) -> Sequence[FeeDue]:
        return self._rows(FeeDue, self.dossier.fees.order_by("pk"))

    @property
    def owed_vnd(self) -> int:
        return sum(fee.amount_vnd for fee in self.fees if fee.state == Payment.DUE)

    @cached_property
    def supplements(self) -> Sequence[SupplementRequest]:
        return self._rows(SupplementRequest, self.dossier.supplements.order_by("number"))

    @cached_property
    def opinions(self) -> list[tuple[Opinion, bool]]:
        """Each with whether it was, or is, late: of the office that was asked."""
        return [(one, _is_late(one, self.case.now)) for one in self.case.opinions]

    @cached_property
    def results(self) -> Sequence[Result]:
        return result.of(self.dossier) if Result in self.case.kept else []

    @property
    def may_record(self) -> bool:
        return result.may_record(self.dossier, self.case.scope)

    @property
    def may_attach(self) -> bool:
        lacks = any(paper.file_id is None for paper in self.components)
        return lacks and attaching.may_attach(self.dossier, self.case.scope)

    @cached_property
    def handovers(self) -> Sequence[Handover]:
        rows = self.dossier.handovers.select_related("handed_by", "signature")
        return self._rows(Handover, rows.order_by("pk"))

    @cached_property
    def slips(self) -> Sequence[slips.Paper]:
        return slips.of(self.dossier, were_issued=Slip in self.case.kept)

    @cached_property
    def lateness(self) -> Lateness:
        return lateness.lateness_of(self.dossier, had_letter=Apology in self.case.kept)

    @cached_property
    def told(self) -> list[Told]:
        """What the citizen was told about it."""
        return lateness.told_about(self.dossier)

    def _rows(self, kind: type[Row], rows: QuerySet[Row]) -> list[Row]:
        return list(rows) if kind in self.case.kept else []


def _is_late(one: Opinion, now: datetime) -> bool:
    return (one.answered_at or now) > one.due_at
