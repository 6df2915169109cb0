"""What an act does to the clocks of a dossier's open legs: spans, legs, counts.

Every open leg stands still, goes on and ends with the dossier; a forwarded one may end earlier.
However many legs are open, each statement is written once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import DateTimeField, F, Func, Q, Value

from calendars.clock import Suspension
from dossiers import errors, ledger, tally
from dossiers.ledger import Clock, Extended, Reason, Span
from dossiers.models import ClockSpan, Dossier, Extension, Leg
from dossiers.models import Suspension as Wait
from dossiers.opening import clock_of, row_of


@dataclass
class OpenLeg:
    """An open leg, its clock and the span in force."""

    leg: Leg
    clock: Clock
    row: ClockSpan
    span: Span

    @property
    def is_lodged(self) -> bool:
        return not self.leg.is_forwarded

    def waits(self, suspensions: Iterable[Suspension], until: datetime) -> list[Suspension]:
        """Those within the leg's life; none began after the lapse, unless the span says so."""
        return ledger.clip(suspensions, self.leg.accepted_at, until)

    def moves(self, extensions: Iterable[Extension]) -> list[Extended]:
        return [
            (one.at, one.new_due_at)
            for one in extensions
            if one.leg_id == self.leg.pk or (one.leg_id is None and self.is_lodged)
        ]


@dataclass(frozen=True)
class Change:
    """The span in force closes; another opens, or the leg ends."""

    on: OpenLeg
    closed: Span
    following: Span | None


def open_legs(dossier: Dossier, now: datetime) -> list[OpenLeg]:
    """In their order, the lodged one first; one statement. Refuses a moment before the last."""
    rows = (
        ClockSpan.objects.filter(
            leg__dossier=dossier, leg__ended_at__isnull=True, in_force__upper_inf=True
        )
        .select_related("leg__agency__calendar")
        .order_by("leg__position")
    )
    found = []
    for row in rows:
        span = tally.span_of(row)
        assert span is not None  # an open span has a beginning
        if now < span.starts_at:
            raise errors.TooEarly
        found.append(OpenLeg(row.leg, clock_of(row.leg, dossier.version), row, span))
    return found


def suspend(legs: Sequence[OpenLeg], now: datetime) -> None:
    _write([_followed(one, one.clock.suspended(one.span, now)) for one in legs], now)


def resume(dossier: Dossier, legs: Sequence[OpenLeg], now: datetime) -> None:
    """After `Suspension` rows were closed at `now`."""
    suspensions, extensions = history_of(dossier)
    changes = []
    for one in legs:
        waited, moved = one.waits(suspensions, now), one.moves(extensions)
        closed = [replace(wait, ends_at=wait.ends_at or now) for wait in waited]
        changes.append(_followed(one, one.clock.resumed(one.span, now, closed, moved)))
    _write(changes, now)


def extend(legs: Sequence[OpenLeg], now: datetime, new_due_at: datetime) -> None:
    _write([_followed(one, one.clock.extended(one.span, now, new_due_at)) for one in legs], now)


def move_due(legs: Sequence[tuple[OpenLeg, datetime]], now: datetime) -> None:
    """The calendar changed: another due moment from now on."""
    changes = []
    for one, due_at in legs:
        following = Span(
            starts_at=now,
            ends_at=None,
            due_at=due_at,
            lapses_at=one.clock.lapse(due_at),
            is_suspended=False,
            lapsed_before=False,
            reason=Reason.CALENDAR,
        )
        changes.append(_followed(one, following))
    _write(changes, now)


def end(dossier: Dossier, legs: Sequence[OpenLeg], now: datetime, *, negative: bool) -> None:
    """Each leg gets its outcome; its last span closes."""
    due_if_resumed = _due_if_resumed(dossier, legs, now)
    changes = []
    for one in legs:
        closed = one.clock.closed(one.span, now, due_if_resumed.get(one.leg.pk))
        one.leg.ended_at = now
        one.leg.outcome = ledger.outcome([closed], now, one.clock.limit.unit, negative=negative)
        changes.append(Change(one, closed, None))
    _write(changes, now)


def reopen(legs: Sequence[Leg]) -> None:
    """A correction: the legs had not ended. The ledger goes on from where it was closed."""
    spans, counts = [], []
    for leg in legs:
        last = leg.spans.latest("pk")
        assert leg.ended_at is not None
        following = _reopened(last, leg.ended_at)
        undone = tally.Counts({(tally.bucket_of(leg.ended_at), leg.outcome): -1})
        undone.update(tally.lapsed(following))
        counts += tally.deltas(leg, undone)
        leg.ended_at, leg.outcome = None, ""
        leg.due_at, leg.lapses_at = following.due_at, following.lapses_at
        spans.append(row_of(following, leg))
    ClockSpan.objects.bulk_create(spans)
    _save(legs)
    tally.write(counts)


def history_of(dossier: Dossier) -> tuple[list[Suspension], list[Extension]]:
    """What stopped and what moved the clock so far; two statements."""
    waits = Wait.objects.filter(dossier=dossier).order_by("starts_at", "pk")
    return [Suspension(one.starts_at, one.ends_at) for one in waits], list(
        Extension.objects.filter(dossier=dossier).order_by("at", "pk")
    )


def _due_if_resumed(
    dossier: Dossier, legs: Sequence[OpenLeg], now: datetime
) -> dict[int, datetime]:
    """By leg, for those that end while suspended in time."""
    waiting = [one for one in legs if one.span.due_at is None]
    if not waiting:
        return {}
    suspensions, extensions = history_of(dossier)
    found = {}
    for one in waiting:
        waited = one.waits(suspensions, now)
        closed = [replace(wait, ends_at=wait.ends_at or now) for wait in waited]
        found[one.leg.pk] = one.clock.due_after(closed, one.moves(extensions))
    return found


def _reopened(last: ClockSpan, ended_at: datetime) -> Span:
    has_lapsed = last.lapsed_before or (
        not last.is_suspended and last.lapses_at is not None and last.lapses_at <= ended_at
    )
    return Span(
        starts_at=ended_at,
        ends_at=None,
        due_at=last.due_at,
        lapses_at=last.lapses_at,
        is_suspended=False,
        lapsed_before=has_lapsed,
        reason=Reason.REOPENED,
    )


def _followed(one: OpenLeg, following: Span) -> Change:
    return Change(one, replace(one.span, ends_at=following.starts_at), following)


def _write(changes: Sequence[Change], now: datetime) -> None:
    if not changes:
        return
    _close([change.on.row.pk for change in changes], now)
    deltas = []
    for change in changes:
        leg, shown = change.on.leg, change.following or change.closed
        if change.following is None and change.on.row.due_at != change.closed.due_at:
            # Ended while suspended: the due moment by which it was judged.
            ClockSpan.objects.filter(pk=change.on.row.pk).update(
                due_at=change.closed.due_at, lapses_at=change.closed.lapses_at
            )
        leg.due_at, leg.lapses_at = shown.due_at, shown.lapses_at
        deltas += tally.deltas(leg, _difference(change))
    following = [row_of(one.following, one.on.leg) for one in changes if one.following]
    if following:
        ClockSpan.objects.bulk_create(following)
    _save([change.on.leg for change in changes])
    tally.write(deltas)


def _difference(change: Change) -> tally.Counts:
    before = tally.lapsed(change.on.span)
    after = tally.lapsed(change.closed)
    if change.following is not None:
        after.update(tally.lapsed(change.following))
    else:
        leg = change.on.leg
        assert leg.ended_at is not None
        after[tally.bucket_of(leg.ended_at), leg.outcome] += 1
    return tally.difference(before, after)


def _close(rows: Iterable[int], now: datetime) -> None:
    """Set the upper bound of the open spans; one that began right now becomes empty."""
    lower = Func(F("in_force"), function="lower", output_field=DateTimeField())
    upper = Value(now, output_field=DateTimeField())
    ClockSpan.objects.filter(Q(in_force__upper_inf=True), pk__in=list(rows)).update(
        in_force=Func(lower, upper, function="tstzrange", output_field=DateTimeRangeField())
    )


def _save(legs: Sequence[Leg]) -> None:
    Leg.objects.bulk_update(legs, ["due_at", "lapses_at", "ended_at", "outcome"])
