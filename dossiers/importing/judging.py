"""Is a staged dossier with its events lawful, and what did it come to?

Clock, outcome and spans come from the same functions as those of the acts at the counter
(dossiers.ledger).
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from agencies.models import Agency
from calendars.clock import ZONE, Limit, Policy, Suspension, Unit, WorkingTime
from dossiers.importing.catalogue import Catalogue
from dossiers.importing.faults import Wrong
from dossiers.importing.history import Forwarded, History, Move
from dossiers.importing.replay import EventWrong, replay
from dossiers.importing.rows import EventRow
from dossiers.importing.staging import Staged
from dossiers.ledger import Span, outcome, timeline
from dossiers.models import Outcome
from dossiers.opening import lodged_leg_agency
from procedures.models import ProcedureVersion, RuleSet

# The end of work on a day off, where a bare date names the due moment.
_EVENING = time(17)


class JudgedLeg(NamedTuple):
    agency: Agency
    is_forwarded: bool
    limit: Limit
    accepted_at: datetime
    given_due_at: datetime | None
    ended_at: datetime | None
    spans: list[Span]
    outcome: Outcome | None


class Extended(NamedTuple):
    move: Move
    old_due_at: datetime
    new_due_at: datetime


class Judged(NamedTuple):
    staged: Staged
    version: ProcedureVersion
    rule_set: RuleSet
    history: History
    legs: list[JudgedLeg]
    extended: list[Extended]


def judge(
    staged: Staged, events: Sequence[EventRow], catalogue: Catalogue, now: datetime
) -> Judged:
    """Refuses with Wrong (the dossier's row) or EventWrong (an event's)."""
    if staged.accepted_at > now:
        raise Wrong("accepted_at", "Sau thời điểm nhập.")
    day = staged.accepted_at.astimezone(ZONE).date()
    version = catalogue.version(staged.procedure, day)
    rule_set = catalogue.rule_set(day)
    lodged_at = catalogue.agency(staged.agency, day, "agency", at_counter=True)
    if staged.competent_agency:
        competent = catalogue.agency(staged.competent_agency, day, "competent_agency")
    else:
        competent = catalogue.competent(version, lodged_at, day)
    history = replay(events, staged.accepted_at, lodged_at, competent, catalogue, now)
    agency = lodged_leg_agency(version, lodged_at, competent)
    clock = _Clock(version, staged, history, catalogue, agency)
    legs = [clock.lodged(), *map(clock.forwarded, history.forwarded)]
    return Judged(staged, version, rule_set, history, legs, clock.extended)


class _Clock:
    """The legs of one dossier: the dossier's waits stop all of them."""

    def __init__(
        self,
        version: ProcedureVersion,
        staged: Staged,
        history: History,
        catalogue: Catalogue,
        agency: Agency,
    ) -> None:
        self.limit = Limit(version.limit_value, Unit(version.limit_unit))
        self.policy = Policy(version.clock_policy)
        self.accepted_at, self.history = staged.accepted_at, history
        self.catalogue, self.agency = catalogue, agency
        self.office = catalogue.working_time(agency)
        self.due_at = self._given_due(staged.due_at)
        self.waits = [Suspension(wait.starts_at, wait.ends_at) for wait in history.waits]
        self.extended: list[Extended] = []
        for move in history.moves:
            self.extended.append(self._extend(move))

    def lodged(self) -> JudgedLeg:
        ended_at = self.history.ended_at
        spans = self._spans(self.waits, ended_at)
        return JudgedLeg(
            self.agency,
            is_forwarded=False,
            limit=self.limit,
            accepted_at=self.accepted_at,
            given_due_at=self.due_at,
            ended_at=ended_at,
            spans=spans,
            outcome=self._outcome(spans, ended_at),
        )

    def forwarded(self, leg: Forwarded) -> JudgedLeg:
        """Its own limit waits with the dossier; only the dossier's may run anew."""
        spans = timeline(
            self.limit,
            leg.since,
            self.catalogue.working_time(leg.agency),
            suspensions=self.waits,
            ended_at=leg.until,
        )
        return JudgedLeg(
            leg.agency,
            is_forwarded=True,
            limit=self.limit,
            accepted_at=leg.since,
            given_due_at=None,
            ended_at=leg.until,
            spans=spans,
            outcome=self._outcome(spans, leg.until),
        )

    def _spans(self, waits: Sequence[Suspension], ended_at: datetime | None) -> list[Span]:
        return timeline(
            self.limit,
            self.accepted_at,
            self.office,
            policy=self.policy,
            suspensions=waits,
            extensions=[(one.move.at, one.new_due_at) for one in self.extended],
            due_at=self.due_at,
            ended_at=ended_at,
        )

    def _outcome(self, spans: list[Span], ended_at: datetime | None) -> Outcome | None:
        if ended_at is None:
            return None
        negative = self.history.ended_negatively and ended_at == self.history.ended_at
        return outcome(spans, ended_at, self.limit.unit, negative=negative)

    def _given_due(self, due_at: datetime | None) -> datetime | None:
        if due_at is None:
            return None
        due_at = self._moment(due_at)
        if due_at < self.accepted_at:
            raise Wrong("due_at", "Hẹn trả trước khi tiếp nhận.")
        return due_at

    def _extend(self, move: Move) -> Extended:
        """What was due just before the decision; it must move forward."""
        waits = [wait for wait in self.waits if wait.starts_at < move.at]
        before = [span for span in self._spans(waits, None) if span.starts_at <= move.at]
        old_due_at, new_due_at = before[-1].due_at, self._moment(move.new_due_at)
        if old_due_at is None or new_due_at <= old_due_at:
            raise EventWrong(
                move.row, Wrong("new_date", "Hẹn trả mới phải sau hẹn trả đang có hiệu lực.")
            )
        return Extended(move, old_due_at, new_due_at)

    def _moment(self, at: datetime) -> datetime:
        """A bare date means the end of work on that day."""
        on_clock = at.astimezone(ZONE)
        if on_clock.time() != time():
            return on_clock
        return end_of_work(on_clock.date(), self.office)


def end_of_work(day: date, office: WorkingTime) -> datetime:
    if office.is_working_day(day):
        return office.end_of(day)
    return datetime.combine(day, _EVENING, ZONE)
