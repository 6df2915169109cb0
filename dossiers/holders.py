"""Whose counts are a leg's that changed hands (hồ sơ nhận bàn giao khi sáp nhập)? Pure.

Until the moment of the hand-over all counts are the predecessor's, from then on the heir's:
- received stays where it was; the end counts where the leg was when it ended;
- the hand-over itself is +1 bequeathed and +1 inherited in the bucket of its moment;
- being open and overdue moves with the leg: what had lapsed before is taken from the
  predecessor and given to the heir in that bucket, what lapses later is booked for the heir.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from dossiers.models import TallyDelta
from dossiers.tally import Counts, bucket_of

Measure = TallyDelta.Measure
# (agency id, bucket, measure) → amount
Holdings = Counter[tuple[int, int, str]]
# (moment, predecessor id, heir id), in time
HandOver = tuple[datetime, int, int]


def spread(counts: Counts, chain: Sequence[HandOver], holder: int) -> Holdings:
    """What each agency of the chain has of a leg's counts; `holder` is the last one."""
    chain = sorted(chain)
    first = chain[0][1] if chain else holder
    held: Holdings = Counter()
    for (bucket, measure), amount in counts.items():
        at_end = first if measure == Measure.RECEIVED else _holder_in(bucket, chain, first)
        held[at_end, bucket, measure] += amount
    for moment, predecessor, heir in chain:
        bucket = bucket_of(moment)
        held[predecessor, bucket, Measure.BEQUEATHED] += 1
        held[heir, bucket, Measure.INHERITED] += 1
        lapsed = _lapsed_before(bucket, counts)
        held[predecessor, bucket, Measure.LAPSED] -= lapsed
        held[heir, bucket, Measure.LAPSED] += lapsed
    return _without_zeros(held)


def difference(before: Holdings, after: Holdings) -> Holdings:
    changed = Counter(after)
    changed.subtract(before)
    return _without_zeros(changed)


def _holder_in(bucket: int, chain: Sequence[HandOver], first: int) -> int:
    holder = first
    for moment, _, heir in chain:
        if bucket_of(moment) <= bucket:
            holder = heir
    return holder


def _lapsed_before(bucket: int, counts: Counts) -> int:
    return sum(
        amount
        for (booked, measure), amount in counts.items()
        if measure == Measure.LAPSED and booked < bucket
    )


def _without_zeros(held: Mapping[tuple[int, int, str], int]) -> Holdings:
    return Counter({key: amount for key, amount in held.items() if amount})
