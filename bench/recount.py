"""The full recount against the one GROUP BY at the same grain, and its peak memory.

    .venv/bin/python bench/scale.py --legs 1000000 && .venv/bin/python bench/recount.py

The GROUP BY says of every agency, block, channel and half-month what was received and how what
ended did end, from the legs alone; the recount also counts lapses and inheritances, at both
grains, and holds it all against counts and deltas. Fails above a ratio of 2.
"""

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

from dossiers.models import Leg  # noqa: E402
from reports import recount  # noqa: E402

MUST_REACH = 2.0
GROUP_BY = """
SELECT count(*) FROM (
    SELECT agency_id, block_id, channel, is_forwarded, what,
           24 * extract(year FROM day)::int + 2 * (extract(month FROM day)::int - 1)
               + (extract(day FROM day) > 14)::int AS bucket, count(*)
    FROM (
        SELECT agency_id, block_id, channel, is_forwarded, 'received' AS what,
               (accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day
        FROM dossiers_leg
        UNION ALL
        SELECT agency_id, block_id, channel, is_forwarded, outcome,
               (ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
        FROM dossiers_leg WHERE ended_at IS NOT NULL
    ) AS happened
    GROUP BY 1, 2, 3, 4, 5, 6
) AS counted
"""


def main() -> int:
    plain = _seconds(_group_by)
    full = _seconds(lambda: recount.compare())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"legs {Leg.objects.count():,}")
    print(f"one GROUP BY {plain:.2f} s, recount {full:.2f} s, peak memory {peak:.0f} MB")
    print(f"ratio {full / plain:.2f} (must reach {MUST_REACH})")
    return 0 if full <= MUST_REACH * plain else 1


def _group_by() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{recount.WORK_MEM}'")
        cursor.execute(GROUP_BY)


def _seconds(what: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        began = perf_counter()
        what()
        taken.append(perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    sys.exit(main())
