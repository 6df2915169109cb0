"""At what pace does each office work at present (năng suất hiện tại của đơn vị)?

Of what an office finished in the last `DAYS` days (its `SAMPLES` latest): by step where a step is
known, else by procedure for the whole leg,

- the median of the working hours from arrival to end, waiting in between included;
- how many it has in hand at the same time: the sum of those hours over the hours observed (from
  the first arrival to now), at least one.

A dossier that waits in the queue therefore takes `median / parallel` of the office's time: the
waiting that the median holds is not counted twice. With fewer than `ENOUGH` samples of a step or
procedure nothing is known of it, nor of the office with fewer in all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection

from calendars.working_time import WorkingTime

DAYS = timedelta(days=90)
# A leg that ended lately may have begun long before; older ones say nothing of the present.
OLDEST = timedelta(days=365)
SAMPLES = 200
ENOUGH = 5
HOUR = 3600 * 1_000_000

STEP, LEG = "step", "leg"
Key = tuple[int, str, int]  # office, STEP or LEG, id of the step or the procedure


@dataclass(frozen=True)
class Pace:
    """Working hours by step or procedure, and how many an office has in hand at once."""

    hours: Mapping[Key, float]
    parallel: Mapping[tuple[int, str], float]


# One statement for all offices; each reads its own end of an index.
_FINISHED = """
    SELECT office, 'step', run.step_id, coalesce(run.acknowledged_at, run.sent_at), run.done_at
    FROM unnest(%(offices)s::bigint[]) AS office CROSS JOIN LATERAL (
        SELECT step_id, acknowledged_at, sent_at, done_at FROM dossiers_steprun
        WHERE agency_id = office AND done_at > %(since)s AND done_at <= %(now)s
            AND step_id IS NOT NULL
        ORDER BY done_at DESC LIMIT %(samples)s) AS run
    UNION ALL
    SELECT office, 'leg', leg.procedure_id, leg.accepted_at, leg.ended_at
    FROM unnest(%(offices)s::bigint[]) AS office CROSS JOIN LATERAL (
        SELECT procedure_id, accepted_at, ended_at FROM dossiers_leg
        WHERE agency_id = office AND accepted_at > %(oldest)s AND ended_at > %(since)s
            AND ended_at <= %(now)s
        ORDER BY accepted_at DESC LIMIT %(samples)s) AS leg
"""

Finished = tuple[int, str, int, datetime, datetime]


def read(offices: Mapping[int, WorkingTime], now: datetime) -> Pace:
    """One statement, however many offices."""
    values: dict[str, Any] = {
        "offices": sorted(offices),
        "now": now,
        "since": now - DAYS,
        "oldest": now - OLDEST,
        "samples": SAMPLES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FINISHED, values)
        return of(cursor.fetchall(), offices, now)


def of(finished: Iterable[Finished], offices: Mapping[int, WorkingTime], now: datetime) -> Pace:
    """Pure but for the calendars."""
    hours: defaultdict[Key, list[int]] = defaultdict(list)
    begun: dict[tuple[int, str], int] = {}
    spent: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for office, kind, what, start, end in finished:
        clock = offices[office]
        start_worked = clock.worked_before(start)
        taken = clock.worked_before(end) - start_worked
        hours[office, kind, what].append(taken)
        spent[office, kind].append(taken)
        begun[office, kind] = min(begun.get((office, kind), start_worked), start_worked)
    parallel = {
        key: _parallel(all_taken, offices[key[0]].worked_before(now) - begun[key])
        for key, all_taken in spent.items()
        if len(all_taken) >= ENOUGH
    }
    medians = {
        key: median(all_taken) / HOUR
        for key, all_taken in hours.items()
        if len(all_taken) >= ENOUGH
    }
    return Pace(medians, parallel)


def _parallel(taken: Sequence[int], observed: int) -> float:
    return max(1.0, sum(taken) / observed) if observed else 1.0
