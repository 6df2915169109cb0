"""What does an act add to the counts (bảng đếm)? Half-month buckets, half-open moments.

At an edge between buckets the sums of everything booked before it are exact: received and ended
stand in the bucket of their instant, a lapse in the bucket that ends with or after it. A lapse
still to come is booked in advance and taken back when the leg ends in time.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from calendars.clock import ZONE
from dossiers.ledger import Span
from dossiers.models import ClockSpan, Leg, TallyDelta

Measure = TallyDelta.Measure
Counts = Counter[tuple[int, str]]

_TICK = timedelta(microseconds=1)


def bucket_of(instant: datetime) -> int:
    """The half-month (1–14, 15–end of month, local date) of an instant."""
    day = instant.astimezone(ZONE)
    return 24 * day.year + 2 * (day.month - 1) + (day.day > 14)


def bucket_start(bucket: int) -> datetime:
    """00:00 local of the first day of a half-month."""
    year, half = divmod(bucket, 24)
    return datetime(year, half // 2 + 1, 15 if half % 2 else 1, tzinfo=ZONE)


def lapse_bucket(lapses_at: datetime) -> int:
    """Lapsed at 00:00 of the 15th counts at that very moment: it belongs to the half before."""
    return bucket_of(lapses_at - _TICK)


def contributions(leg: Leg, spans: Iterable[Span]) -> Counts:
    """All that a leg adds, from its acceptance on; inheritance is booked beside it."""
    counts: Counts = Counter()
    counts[bucket_of(leg.accepted_at), Measure.RECEIVED] += 1
    if leg.ended_at is not None:
        counts[bucket_of(leg.ended_at), leg.outcome] += 1
    for span in spans:
        counts.update(lapsed(span))
    return without_zeros(counts)


def lapsed(span: Span) -> Counts:
    """Open and overdue under one span: from the bucket of the lapse to that of the span's end."""
    since = _lapsed_since(span)
    if since is None:
        return Counter()
    if span.ends_at is None:
        return Counter({(since, Measure.LAPSED.value): 1})
    until = bucket_of(span.ends_at)
    if since >= until:
        return Counter()
    return Counter({(since, Measure.LAPSED.value): 1, (until, Measure.LAPSED.value): -1})


def _lapsed_since(span: Span) -> int | None:
    begins = bucket_of(span.starts_at)
    if span.lapsed_before:
        return begins
    if span.is_suspended or span.lapses_at is None:
        return None
    return max(begins, lapse_bucket(span.lapses_at))


def without_zeros(counts: Counts) -> Counts:
    return Counter({key: amount for key, amount in counts.items() if amount})


def difference(before: Counts, after: Counts) -> Counts:
    counts = Counter(after)
    counts.subtract(before)
    return without_zeros(counts)


def span_of(row: ClockSpan) -> Span | None:
    """A row of the ledger as the pure arithmetic knows it; None for one of no length."""
    if row.in_force.isempty:
        return None
    assert row.in_force.lower is not None
    return Span(
        row.in_force.lower,
        row.in_force.upper,
        row.due_at,
        row.lapses_at,
        row.is_suspended,
        row.lapsed_before,
        row.reason,
    )


def deltas(leg: Leg, counts: Counts) -> list[TallyDelta]:
    """The rows to insert; the caller may gather those of several legs."""
    return [
        TallyDelta(
            bucket=bucket,
            agency_id=leg.agency_id,
            block_id=leg.block_id,
            channel=leg.channel,
            is_forwarded=leg.is_forwarded,
            measure=measure,
            amount=amount,
        )
        for (bucket, measure), amount in sorted(counts.items())
        if amount
    ]


def book(leg: Leg, counts: Counts) -> None:
    """One statement, in the act's own transaction."""
    write(deltas(leg, counts))


def write(rows: Sequence[TallyDelta]) -> None:
    if rows:
        TallyDelta.objects.bulk_create(rows)


def spans_of(rows: Sequence[ClockSpan]) -> list[Span]:
    return [span for row in rows if (span := span_of(row)) is not None]
