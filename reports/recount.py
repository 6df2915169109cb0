"""Do the counts still say what the dossiers say? Everything is counted again and compared.

One statement counts legs, their ends, lapses and inheritances at both grains and holds them
against folded plus unfolded: one snapshot, so that acts at work meanwhile make no difference.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from agencies.models import Agency
from dossiers import tally
from reports.recount_sql import (
    COLUMNS,
    COMPARE,
    EQUAL,
    FIRST_BUCKET,
    GRAINS,
    LAST_BUCKET,
    REPAIR,
    summed,
    years,
)
from reports.tallies import TABLES, first_bucket

# Hundreds of thousands of groups are hashed at once.
WORK_MEM = "256MB"


@dataclass(frozen=True)
class Result:
    compared: int
    differences: list[dict[str, object]]

    def to_json(self) -> dict[str, object]:
        return {"compared": self.compared, "differences": self.differences}


def compare() -> Result:
    """Every cell that has a count or should have one, then years against their half-months."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{WORK_MEM}'")
        cursor.execute(EQUAL, {"edges": _edges()})
        compared, unequal = cursor.fetchone()
        found = _details(cursor) if unequal else []
        for grain in GRAINS:
            cursor.execute(years(*grain))
            in_years, pairs = cursor.fetchone()
            compared += in_years
            found += pairs or []
    return Result(int(compared), _differences(found))


def _details(cursor: CursorWrapper) -> list[dict[str, Any]]:
    cursor.execute(COMPARE, {"edges": _edges()})
    return list(cursor.fetchone()[1] or [])


def _edges() -> list[datetime]:
    return [tally.bucket_start(number) for number in range(FIRST_BUCKET, LAST_BUCKET)]


def _differences(pairs: list[dict[str, Any]]) -> list[dict[str, object]]:
    agencies = Agency.objects.filter(pk__in={pair["agency_id"] for pair in pairs})
    codes = dict(agencies.values_list("pk", "code")) if pairs else {}
    return [
        {
            "agency": codes[pair["agency_id"]],
            "time": "year" if "year" in pair else "half_month",
            "from": _first_day(pair).isoformat(),
            "is_forwarded": pair["is_forwarded"],
            "by": "channel" if pair.get("channel") else "block",
            "key": pair.get("channel") or str(pair["block_id"]),
            "measure": measure,
            "counted": counted,
            "recounted": recounted,
        }
        for pair in pairs
        for measure, counted, recounted in zip(
            COLUMNS, pair["counted"], pair["recounted"], strict=False
        )
        if counted != recounted
    ]


def _first_day(pair: dict[str, Any]) -> date:
    bucket = first_bucket(pair["year"]) if "year" in pair else pair["bucket"]
    return timezone.localdate(tally.bucket_start(bucket))


def repair() -> Result:
    """Compare, then put the recounted numbers in the place of counts and deltas, or nothing.

    The lock keeps folds out between; acts go on, and their deltas wait for the next fold.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join(table.name for table in TABLES)
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")
        found = compare()
        if found.differences:
            cursor.execute(REPAIR, {"edges": _edges()})
            for halves, yearly in GRAINS:
                columns = (
                    f"agency_id, year, {yearly.key}, is_forwarded, {', '.join(yearly.columns)}"
                )
                cursor.execute(f"DELETE FROM {yearly.name}")  # noqa: S608
                cursor.execute(f"INSERT INTO {yearly.name} ({columns}) {summed(halves)}")
    return found
