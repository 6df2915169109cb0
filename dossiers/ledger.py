"""Which due moment was in force for a leg, when, and why (sổ thời hạn của hồ sơ)? Pure.

The limit, the suspensions and the extensions decide; an apology cures nothing. What begins after
the lapse moves nothing back: the leg stays overdue to its end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from calendars import clock
from calendars.clock import Limit, Policy, Suspension, Unit, WorkingTime
from calendars.working_time import local
from dossiers.models.leg import Outcome

Extended = tuple[datetime, datetime]  # (at, new_due_at)


class Reason(StrEnum):
    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    EXTENDED = "extended"
    CALENDAR = "calendar"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Span:
    """[starts_at, ends_at); no due moment while suspended in time, unless the leg ended so.

    A leg that ends while suspended is judged by the due moment as if it had resumed right then;
    its last span carries it.
    """

    starts_at: datetime
    ends_at: datetime | None
    due_at: datetime | None
    lapses_at: datetime | None
    is_suspended: bool
    lapsed_before: bool
    reason: str

    def has_lapsed(self, at: datetime) -> bool:
        """Whether the leg is overdue at the end of this span, if it ends at `at`."""
        in_time = self.is_suspended or self.lapses_at is None or self.lapses_at > at
        return self.lapsed_before or not in_time


@dataclass(frozen=True)
class Clock:
    """What a leg's due moments come from. `due_at` replaces the computed one (imports, steps)."""

    limit: Limit
    accepted_at: datetime
    working_time: WorkingTime
    policy: Policy = Policy.PAUSE
    due_at: datetime | None = None

    def opening(self) -> Span:
        due_at = self.due_at or self._computed(())
        return self._span(self.accepted_at, due_at, Reason.ACCEPTED)

    def suspended(self, before: Span, at: datetime) -> Span:
        if before.has_lapsed(at):
            return _overtaken(before, at, Reason.SUSPENDED, is_suspended=True)
        return _span(at, None, None, Reason.SUSPENDED, is_suspended=True)

    def resumed(
        self,
        before: Span,
        at: datetime,
        suspensions: Sequence[Suspension],
        extensions: Sequence[Extended] = (),
    ) -> Span:
        """After a suspension that ended at `at`, the last of `suspensions`."""
        if before.lapsed_before:
            return _overtaken(before, at, Reason.RESUMED, is_suspended=False)
        return self._span(at, self.due_after(suspensions, extensions), Reason.RESUMED)

    def extended(self, before: Span, at: datetime, new_due_at: datetime) -> Span:
        if before.is_suspended and not before.lapsed_before:
            return replace(before, starts_at=at, reason=Reason.EXTENDED)
        span = self._span(at, new_due_at, Reason.EXTENDED)
        return replace(span, is_suspended=before.is_suspended, lapsed_before=before.has_lapsed(at))

    def closed(self, last: Span, at: datetime, suspended_due_at: datetime | None) -> Span:
        """The last span of a leg that ends at `at`, with its due moment if it was suspended."""
        if last.due_at is None and suspended_due_at is not None:
            last = replace(last, due_at=suspended_due_at, lapses_at=self.lapse(suspended_due_at))
        return replace(last, ends_at=at)

    def due_after(
        self, suspensions: Sequence[Suspension], extensions: Sequence[Extended] = ()
    ) -> datetime:
        """The due moment after these; every suspension has ended, none began after the lapse."""
        since, base = extensions[-1] if extensions else (self.accepted_at, self.due_at)
        if base is None:
            return self._computed(suspensions)
        moved = 0
        for suspension in suspensions:
            assert suspension.ends_at is not None
            if suspension.ends_at <= since:
                continue
            if self.policy == Policy.RESTART:
                base = _known(clock.due(self.limit, suspension.ends_at, self.working_time).due_at)
            else:
                moved += self._measure(max(suspension.starts_at, since), suspension.ends_at)
        return self._moved(base, moved)

    def lapse(self, due_at: datetime) -> datetime:
        return clock.lapse_of(due_at, self.limit.unit)

    def _span(self, at: datetime, due_at: datetime, reason: Reason) -> Span:
        return _span(at, due_at, self.lapse(due_at), reason)

    def _computed(self, suspensions: Sequence[Suspension]) -> datetime:
        found = clock.due(self.limit, self.accepted_at, self.working_time, suspensions, self.policy)
        return _known(found.due_at)

    def _measure(self, starts: datetime, ends: datetime) -> int:
        """Days, or microseconds of shift time; as calendars.clock measures a suspension."""
        if self.limit.unit == Unit.WORKING_HOUR:
            worked = self.working_time.worked_before
            return max(0, worked(ends) - worked(max(starts, self.accepted_at)))
        after_receipt = local(self.accepted_at).date() + timedelta(days=1)
        first, last = max(local(starts).date(), after_receipt), local(ends).date()
        if last <= first:
            return 0
        if self.limit.unit == Unit.WORKING_DAY:
            return self.working_time.working_days_between(first, last)
        return (last - first).days

    def _moved(self, due_at: datetime, amount: int) -> datetime:
        if not amount:
            return due_at
        office = self.working_time
        if self.limit.unit == Unit.WORKING_HOUR:
            return office.when_worked(office.worked_before(due_at) + amount)
        due_on = local(due_at).date()
        if self.limit.unit == Unit.WORKING_DAY:
            return office.end_of(office.nth_working_day(amount, due_on))
        return office.end_of(office.working_day_from(due_on.toordinal() + amount))


def timeline(
    limit: Limit,
    accepted_at: datetime,
    working_time: WorkingTime,
    *,
    policy: Policy = Policy.PAUSE,
    suspensions: Sequence[Suspension] = (),
    extensions: Sequence[Extended] = (),
    due_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> list[Span]:
    """The spans of a leg from its acceptance on; they tile [accepted_at, ended_at)."""
    leg = Clock(limit, accepted_at, working_time, policy, due_at)
    spans = [leg.opening()]
    waited: list[Suspension] = []  # what has moved the due moment, or is about to
    moved: list[Extended] = []
    suspensions = clip(suspensions, accepted_at, ended_at)
    for at, change in _changes(suspensions, extensions):
        last = spans[-1]
        if isinstance(change, datetime):
            if not last.has_lapsed(at):
                moved.append((at, change))
            following = leg.extended(last, at, change)
        elif at == change.starts_at and not last.is_suspended:
            if not last.has_lapsed(at):
                waited.append(change)
            following = leg.suspended(last, at)
        else:
            following = leg.resumed(last, at, waited, moved)
        _put(spans, following)
    if ended_at is not None:
        spans[-1] = leg.closed(
            spans[-1], ended_at, _ended_suspended(leg, spans, waited, moved, ended_at)
        )
    return spans


def clip(
    suspensions: Iterable[Suspension], since: datetime, until: datetime | None = None
) -> list[Suspension]:
    """The parts of the suspensions that lie in the leg's life; open at its end stays open."""
    kept = []
    for suspension in sorted(suspensions, key=lambda one: one.starts_at):
        starts, ends = suspension.starts_at, suspension.ends_at
        if until is not None and starts > until:
            continue
        if starts < since and ends is not None and ends <= since:
            continue
        if until is not None and ends is not None and ends >= until:
            ends = None
        kept.append(Suspension(max(starts, since), ends))
    return kept


def outcome(spans: Sequence[Span], ended_at: datetime, unit: Unit, *, negative: bool) -> Outcome:
    """Early, on time or overdue (design: from the due moment in force when the leg ended).

    `negative`: withdrawn or stopped, never early.
    """
    last = spans[-1]
    if last.lapsed_before:
        return Outcome.OVERDUE
    if last.due_at is None or last.lapses_at is None:
        raise ValueError("the last span of an ended leg has a due moment")
    in_time = ended_at <= last.due_at if unit == Unit.WORKING_HOUR else ended_at < last.lapses_at
    if not in_time and not last.is_suspended:
        return Outcome.OVERDUE
    if not negative and local(ended_at).date() < local(last.due_at).date():
        return Outcome.EARLY
    return Outcome.ON_TIME


def _changes(
    suspensions: Iterable[Suspension], extensions: Iterable[Extended]
) -> list[tuple[datetime, Suspension | datetime]]:
    """In order; at the same instant an end comes before an extension, that before a beginning."""
    found: list[tuple[datetime, int, Suspension | datetime]] = []
    for suspension in suspensions:
        found.append((suspension.starts_at, 2, suspension))
        if suspension.ends_at is not None:
            same = suspension.ends_at == suspension.starts_at
            found.append((suspension.ends_at, 3 if same else 0, suspension))
    found += [(at, 1, new_due_at) for at, new_due_at in extensions]
    found.sort(key=lambda one: one[:2])
    return [(at, change) for at, _, change in found]


def _put(spans: list[Span], following: Span) -> None:
    """Close the open span and open the next; a span of no length is replaced."""
    if spans[-1].starts_at == following.starts_at:
        spans[-1] = following
    else:
        spans[-1] = replace(spans[-1], ends_at=following.starts_at)
        spans.append(following)


def _ended_suspended(
    leg: Clock,
    spans: list[Span],
    waited: list[Suspension],
    moved: list[Extended],
    ended_at: datetime,
) -> datetime | None:
    if spans[-1].due_at is not None:
        return None
    waits = [*waited[:-1], Suspension(waited[-1].starts_at, ended_at)]
    return leg.due_after(waits, moved)


def _overtaken(before: Span, at: datetime, reason: Reason, *, is_suspended: bool) -> Span:
    span = _span(at, before.due_at, before.lapses_at, reason, is_suspended=is_suspended)
    return replace(span, lapsed_before=True)


def _span(
    at: datetime,
    due_at: datetime | None,
    lapses_at: datetime | None,
    reason: Reason,
    *,
    is_suspended: bool = False,
) -> Span:
    return Span(
        starts_at=at,
        ends_at=None,
        due_at=due_at,
        lapses_at=lapses_at,
        is_suspended=is_suspended,
        lapsed_before=False,
        reason=reason,
    )


def _known(due_at: datetime | None) -> datetime:
    assert due_at is not None  # every suspension given has ended
    return due_at
