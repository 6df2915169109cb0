"""Undo a whole import (hoàn tác) while nothing has been done on its dossiers.

What its legs brought to the counts is booked again with the opposite sign; rows are deleted by the
one function of the database that may do so, which looks for itself whether anything was done.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import IntegrityError, connection, transaction

from dossiers import tally
from dossiers.errors import ImportInUse
from dossiers.holders import HandOver, spread
from dossiers.importing.run import lock
from dossiers.models import ClockSpan, Dossier, Inheritance, Leg, TallyDelta

_CHUNK = 5_000
# What a smallint holds.
_MOST_AT_ONCE = 32_000
_Key = tuple[int, int, str, int, str, bool]


def undo(batch_id: int) -> int:
    """How many dossiers were taken back; refuses (ImportInUse) when anything was done on one."""
    try:
        with transaction.atomic():
            lock()
            list(
                Dossier.objects.filter(batch=batch_id)
                .order_by("pk")
                .select_for_update()
                .values_list("pk", flat=True)
            )
            tally.write(
                [row for key, amount in _booked(batch_id).items() for row in _taken(key, amount)]
            )
            with connection.cursor() as cursor:
                cursor.execute("SELECT dossiers_undo_import(%s)", [batch_id])
                (removed,) = cursor.fetchone()
            if removed < 0:
                raise ImportInUse
            return int(removed)
    except IntegrityError as error:
        raise ImportInUse from error


def _booked(batch_id: int) -> Counter[_Key]:
    total: Counter[_Key] = Counter()
    legs = Leg.objects.filter(dossier__batch=batch_id).order_by("pk").iterator(_CHUNK)
    while chunk := list(islice(legs, _CHUNK)):
        for leg, key, amount in _of_legs(chunk):
            total[(*key, leg.block_id, leg.channel, leg.is_forwarded)] += amount
    return total


def _of_legs(legs: Sequence[Leg]) -> Iterator[tuple[Leg, tuple[int, int, str], int]]:
    spans: defaultdict[int, list[ClockSpan]] = defaultdict(list)
    for span in ClockSpan.objects.filter(leg__in=legs).order_by("leg", "in_force"):
        spans[span.leg_id].append(span)
    chains: defaultdict[int, list[HandOver]] = defaultdict(list)
    for row in Inheritance.objects.filter(leg__in=legs):
        chains[row.leg_id].append((row.at, row.predecessor_id, row.heir_id))
    for leg in legs:
        counts = tally.contributions(leg, tally.spans_of(spans[leg.pk]))
        for key, amount in spread(counts, chains[leg.pk], leg.agency_id).items():
            yield leg, key, amount


def _taken(key: _Key, amount: int) -> Iterator[TallyDelta]:
    agency, bucket, measure, block, channel, is_forwarded = key
    left = -amount
    while left:
        part = max(-_MOST_AT_ONCE, min(_MOST_AT_ONCE, left))
        left -= part
        yield TallyDelta(
            agency_id=agency,
            bucket=bucket,
            measure=measure,
            block_id=block,
            channel=channel,
            is_forwarded=is_forwarded,
            amount=part,
        )
