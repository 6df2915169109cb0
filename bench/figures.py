"""The figures of a province for a year, all agencies: from the counts against the natural SQL.

    .venv/bin/python bench/scale.py --legs 1000000 && .venv/bin/python bench/figures.py

Run it in databases of several sizes and compare the first number. The natural SQL is pinned
below, so that a quicker definition cannot hide a slower count. Fails above 1/20 without unfolded
deltas or above 1/10 with them; both must give the same figures.
"""

import argparse
import os
import resource
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.models import Agency  # noqa: E402
from bench.scale import PROVINCE  # noqa: E402
from dossiers.models import Leg  # noqa: E402
from reports import counts, natural, questions  # noqa: E402
from reports.cells import Cells  # noqa: E402
from reports.questions import Frame, Question  # noqa: E402

NATURAL = """
SELECT leg.agency_id, count(*) AS c3,
       count(*) FILTER (WHERE accepted_at >= %(starts_at)s AND channel = 'online') AS c4,
       count(*) FILTER (WHERE accepted_at >= %(starts_at)s AND channel <> 'online') AS c5,
       count(*) FILTER (WHERE accepted_at < %(starts_at)s) AS c6,
       count(*) FILTER (WHERE ended_at < %(moment)s) AS c7,
       count(*) FILTER (WHERE ended_at < %(moment)s AND outcome = 'early') AS c8,
       count(*) FILTER (WHERE ended_at < %(moment)s AND outcome = 'on_time') AS c9,
       count(*) FILTER (WHERE ended_at < %(moment)s AND outcome = 'overdue') AS c10,
       count(*) FILTER (WHERE ended_at IS NULL OR ended_at >= %(moment)s) AS c11,
       coalesce(max(late.c13), 0) AS c13
FROM dossiers_leg AS leg LEFT JOIN (
    SELECT leg.agency_id, count(*) AS c13
    FROM dossiers_leg AS leg
    JOIN dossiers_clockspan AS span ON span.leg_id = leg.id
        AND span.in_force @> %(moment)s::timestamptz - interval '1 microsecond'
        AND (lapsed_before OR (NOT is_suspended AND span.lapses_at <= %(moment)s))
    WHERE agency_id = ANY(%(agencies)s::bigint[]) AND NOT is_forwarded AND accepted_at < %(moment)s
      AND (ended_at IS NULL OR ended_at >= %(moment)s)
    GROUP BY leg.agency_id
) AS late ON late.agency_id = leg.agency_id
WHERE leg.agency_id = ANY(%(agencies)s::bigint[]) AND NOT is_forwarded AND accepted_at < %(moment)s
  AND (ended_at IS NULL OR ended_at >= %(starts_at)s)
GROUP BY leg.agency_id
"""

# Takes back from the counts what it puts into deltas: the figures stay as they are.
UNFOLD = """
WITH drawn AS (
    SELECT agency_id, block_id, channel, is_forwarded,
           24 * extract(year FROM day)::int + 2 * (extract(month FROM day)::int - 1)
               + (extract(day FROM day) > 14)::int AS bucket
    FROM (SELECT *, (accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day
          FROM dossiers_leg ORDER BY accepted_at DESC LIMIT %(deltas)s) AS newest
), booked AS (
    INSERT INTO dossiers_tallydelta
        (agency_id, block_id, channel, is_forwarded, bucket, measure, amount)
    SELECT agency_id, block_id, channel, is_forwarded, bucket, 'received', 1 FROM drawn
), halves AS (
    UPDATE reports_channelcount AS kept SET received = received - taken.many
    FROM (SELECT agency_id, bucket, channel, is_forwarded, count(*)::int AS many
          FROM drawn GROUP BY 1, 2, 3, 4) AS taken
    WHERE (kept.agency_id, kept.bucket, kept.channel, kept.is_forwarded)
        = (taken.agency_id, taken.bucket, taken.channel, taken.is_forwarded)
)
UPDATE reports_channelyear AS kept SET received = received - taken.many
FROM (SELECT agency_id, (bucket + 1) / 24 AS year, channel, is_forwarded, count(*)::int AS many
      FROM drawn GROUP BY 1, 2, 3, 4) AS taken
WHERE (kept.agency_id, kept.year, kept.channel, kept.is_forwarded)
    = (taken.agency_id, taken.year, taken.channel, taken.is_forwarded)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--period", default="2025")
    parser.add_argument("--deltas", type=int, default=10_000)
    given = parser.parse_args()
    province = Agency.objects.get(code=PROVINCE)
    question = Question(province, given.period, below=True, by="agency")
    frame = questions.frame(question, timezone.now())
    assert natural.count(frame) == counts.count(frame)[0]
    plain = _milliseconds(lambda: _natural(frame))
    orm = _milliseconds(lambda: natural.count(frame))
    folded = _milliseconds(lambda: counts.count(frame), 15)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UNFOLD, {"deltas": given.deltas})
        assert natural.count(frame) == counts.count(frame)[0]
        unfolded = _milliseconds(lambda: counts.count(frame), 15)
        transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"legs {Leg.objects.count():,}, {len(frame.agency_ids)} agencies, {given.period}")
    print(f"natural SQL {plain:.1f} ms (through the ORM {orm:.1f} ms), peak memory {peak:.0f} MB")
    print(f"counts {folded:.1f} ms: 1/{plain / folded:.0f} (must reach 1/20)")
    print(
        f"counts with {given.deltas:,} unfolded deltas {unfolded:.1f} ms:"
        f" 1/{plain / unfolded:.0f} (must reach 1/10)"
    )
    return 0 if folded <= plain / 20 and unfolded <= plain / 10 else 1


def _natural(frame: Frame) -> dict[int, Cells]:
    names = ("c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c13")
    with connection.cursor() as cursor:
        cursor.execute(NATURAL, counts.parameters(frame))
        return {
            row[0]: Cells(**dict(zip(names, row[1:], strict=True))) for row in cursor.fetchall()
        }


def _milliseconds(what: Callable[[], object], times: int = 5) -> float:
    what()
    taken = []
    for _ in range(times):
        began = perf_counter()
        what()
        taken.append(perf_counter() - began)
    return 1000 * statistics.median(taken)


if __name__ == "__main__":
    sys.exit(main())
