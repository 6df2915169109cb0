"""The legs of an imported dossier: which due moments were in force, and how each leg ended.

The same as if the acts at the counter had done it one by one (dossiers.legs): the dossier's waits
stop all its legs, an extension moves those that share the dossier's own due moment.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from agencies.models import Agency
from calendars.clock import ZONE, Limit, Policy, Suspension, Unit, WorkingTime
from dossiers.importing.catalogue import Catalogue
from dossiers.importing.faults import Wrong
from dossiers.importing.history import Forwarded, History, Move
from dossiers.importing.replay import EventWrong
from dossiers.importing.staging import Staged
from dossiers.ledger import Clock, Extended, Reason, Span, outcome, timeline
from dossiers.models import Outcome
from procedures.models import ProcedureVersion

# The end of work on a day off, where a bare date names the due moment.
_EVENING = time(17)


class Decision(NamedTuple):
    """An extension as a leg has it."""

    at: datetime
    old_due_at: datetime
    new_due_at: datetime
    reason: str


class JudgedLeg(NamedTuple):
    agency: Agency
    is_forwarded: bool
    limit: Limit
    accepted_at: datetime
    given_due_at: datetime | None
    original_due_at: datetime | None
    ended_at: datetime | None
    spans: list[Span]
    outcome: Outcome | None
    decisions: list[Decision]
    origin: Forwarded | None


def judge_legs(
    version: ProcedureVersion, staged: Staged, history: History, catalogue: Catalogue
) -> list[JudgedLeg]:
    """The lodged leg first. Refuses due moments before acceptance and extensions too late."""
    dossier = _Dossier(version, staged, history, catalogue.working_time(history.answers))
    lodged = dossier.lodged()
    return [
        lodged,
        *(
            dossier.forwarded(leg, lodged, catalogue.working_time(leg.agency))
            for leg in history.forwarded
        ),
    ]


class _Dossier:
    def __init__(
        self, version: ProcedureVersion, staged: Staged, history: History, office: WorkingTime
    ) -> None:
        self.limit = Limit(version.limit_value, Unit(version.limit_unit))
        self.policy = Policy(version.clock_policy)
        self.accepted_at, self.history, self.office = staged.accepted_at, history, office
        self.given_due_at = self._given_due(staged.due_at)
        self.waits = [Suspension(wait.starts_at, wait.ends_at) for wait in history.waits]

    def lodged(self) -> JudgedLeg:
        decisions: list[Decision] = []
        for move in self.history.moves:
            decisions.append(self._decide(move, decisions))
        ended_at = self.history.ended_at
        spans = self._spans(self.waits, decisions, ended_at)
        return JudgedLeg(
            self.history.answers,
            is_forwarded=False,
            limit=self.limit,
            accepted_at=self.accepted_at,
            given_due_at=self.given_due_at,
            original_due_at=self._original(spans),
            ended_at=ended_at,
            spans=spans,
            outcome=self._outcome(spans, ended_at),
            decisions=decisions,
            origin=None,
        )

    def _original(self, spans: Sequence[Span]) -> datetime | None:
        """What the receipt said, also when the clock stopped in that very instant."""
        if spans[0].reason == Reason.ACCEPTED:
            return spans[0].due_at
        clock = Clock(self.limit, self.accepted_at, self.office, self.policy, self.given_due_at)
        return clock.opening().due_at

    def forwarded(self, leg: Forwarded, lodged: JudgedLeg, office: WorkingTime) -> JudgedLeg:
        """Due with the dossier, as far as that was known; only the dossier's may run anew."""
        given = due_before(lodged.spans, leg.since)
        decisions: list[Decision] = []
        spans = self._of_forwarded(leg, given, decisions, office)
        for decision in lodged.decisions:
            within = leg.since <= decision.at and (leg.until is None or decision.at <= leg.until)
            if within and due_before(spans, decision.at) == decision.old_due_at:
                decisions.append(decision)
                spans = self._of_forwarded(leg, given, decisions, office)
        return JudgedLeg(
            leg.agency,
            is_forwarded=True,
            limit=self.limit,
            accepted_at=leg.since,
            given_due_at=given,
            original_due_at=spans[0].due_at,
            ended_at=leg.until,
            spans=spans,
            outcome=self._outcome(spans, leg.until),
            decisions=decisions,
            origin=leg,
        )

    def _of_forwarded(
        self,
        leg: Forwarded,
        given: datetime | None,
        decisions: Sequence[Decision],
        office: WorkingTime,
    ) -> list[Span]:
        return timeline(
            self.limit,
            leg.since,
            office,
            suspensions=self.waits,
            extensions=_extended(decisions),
            due_at=given,
            ended_at=leg.until,
        )

    def _spans(
        self,
        waits: Sequence[Suspension],
        decisions: Sequence[Decision],
        ended_at: datetime | None,
    ) -> list[Span]:
        return timeline(
            self.limit,
            self.accepted_at,
            self.office,
            policy=self.policy,
            suspensions=waits,
            extensions=_extended(decisions),
            due_at=self.given_due_at,
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

    def _decide(self, move: Move, before: Sequence[Decision]) -> Decision:
        """A decision in time that moves the due moment forward; as the act refuses others."""
        waits = [wait for wait in self.waits if wait.starts_at < move.at]
        in_force = [span for span in self._spans(waits, before, None) if span.starts_at <= move.at][
            -1
        ]
        if in_force.has_lapsed(move.at):
            raise EventWrong(move.row, Wrong("at", "Hồ sơ đã quá hạn, không gia hạn được."))
        old_due_at, new_due_at = in_force.due_at, self._moment(move.new_due_at)
        if old_due_at is None or new_due_at <= max(old_due_at, move.at):
            raise EventWrong(
                move.row, Wrong("new_date", "Hẹn trả mới phải sau hẹn trả đang có hiệu lực.")
            )
        return Decision(move.at, old_due_at, new_due_at, move.reason)

    def _moment(self, at: datetime) -> datetime:
        """A bare date means the end of work on that day."""
        on_clock = at.astimezone(ZONE)
        if on_clock.time() != time():
            return on_clock
        return end_of_work(on_clock.date(), self.office)


def due_before(spans: Sequence[Span], at: datetime) -> datetime | None:
    """What was due until just before an instant; at the very beginning: from then on."""
    span = next((span for span in reversed(spans) if span.starts_at < at), spans[0])
    return None if _stands_still(span) else span.due_at


def due_after(spans: Sequence[Span], at: datetime) -> datetime | None:
    """From an instant on; at the end, by what the leg was judged."""
    span = next(span for span in reversed(spans) if span.starts_at <= at)
    return None if _stands_still(span) and span.ends_at != at else span.due_at


def _stands_still(span: Span) -> bool:
    return span.is_suspended and not span.lapsed_before


def end_of_work(day: date, office: WorkingTime) -> datetime:
    if office.is_working_day(day):
        return office.end_of(day)
    return datetime.combine(day, _EVENING, ZONE)


def _extended(decisions: Sequence[Decision]) -> list[Extended]:
    return [(decision.at, decision.new_due_at) for decision in decisions]
