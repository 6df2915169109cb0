"""The SQL of the recount: everything counted again from legs, spans and inheritances."""

from reports.tallies import MEASURES, TABLES, YEAR, Table

COLUMNS = (*MEASURES, "received_online")
# Half-months as an array of edges: width_bucket is one binary search in it, where taking an
# instant apart in the local zone costs ten times as much.
FIRST_BUCKET, LAST_BUCKET = 24 * 1950, 24 * 2100


def _bucket(instant: str) -> str:
    return f"({FIRST_BUCKET - 1} + width_bucket({instant}, (SELECT starts FROM edge)))"  # noqa: S608


_NAMES = ", ".join(COLUMNS)
_SUMS = ", ".join(f"sum({name})::int AS {name}" for name in COLUMNS)
_ZERO = dict.fromkeys(COLUMNS, "0")


def _values(**given: str) -> str:
    return ", ".join((_ZERO | given)[name] for name in COLUMNS)


_ONLINE = "(channel = 'online')::int"
# `seg`: who held an inherited leg from which half-month to which; other legs have their agency.
FRESH = f"""
edge AS MATERIALIZED (SELECT %(edges)s::timestamptz[] AS starts),
given AS (
    SELECT leg_id, predecessor_id, heir_id, {_bucket("at")} AS bucket,
           row_number() OVER (PARTITION BY leg_id ORDER BY at) AS first,
           row_number() OVER (PARTITION BY leg_id ORDER BY at DESC) AS last
    FROM dossiers_inheritance
), seg AS (
    SELECT leg_id, predecessor_id AS agency_id, bucket AS stop, first = 1 AS is_first,
           lag(bucket) OVER (PARTITION BY leg_id ORDER BY first) AS start
    FROM given
    UNION ALL
    SELECT leg_id, heir_id, NULL, false, bucket FROM given WHERE last = 1
), lapse AS (
    SELECT coalesce(seg.agency_id, leg.agency_id) AS agency_id, leg.block_id, leg.channel,
           leg.is_forwarded, greatest(span.since, seg.start) AS since,
           least(span.until, seg.stop) AS until
    FROM (
        SELECT leg_id, greatest({_bucket("lower(in_force)")}, CASE WHEN NOT lapsed_before
                   THEN {_bucket("lapses_at - interval '1 microsecond'")} END) AS since,
               {_bucket("upper(in_force)")} AS until
        FROM dossiers_clockspan
        WHERE NOT isempty(in_force) AND (
            lapsed_before OR (NOT is_suspended AND lapses_at IS NOT NULL
                AND (upper_inf(in_force) OR lapses_at <= upper(in_force))))
    ) AS span
    JOIN dossiers_leg AS leg ON leg.id = span.leg_id
    LEFT JOIN seg ON seg.leg_id = span.leg_id
), fact (agency_id, block_id, channel, is_forwarded, bucket, {_NAMES}) AS NOT MATERIALIZED (
    SELECT coalesce(seg.agency_id, leg.agency_id) AS agency_id, block_id, channel, is_forwarded,
           {_bucket("accepted_at")} AS bucket, {_values(received="1", received_online=_ONLINE)}
    FROM dossiers_leg AS leg LEFT JOIN seg ON seg.leg_id = leg.id AND seg.is_first
    UNION ALL
    SELECT agency_id, block_id, channel, is_forwarded, {_bucket("ended_at")},
           {
    _values(
        early="(outcome = 'early')::int",
        on_time="(outcome = 'on_time')::int",
        overdue="(outcome = 'overdue')::int",
    )
}
    FROM dossiers_leg WHERE ended_at IS NOT NULL
    UNION ALL
    SELECT agency_id, block_id, channel, is_forwarded, bucket, {_values(lapsed="amount")}
    FROM lapse CROSS JOIN LATERAL (VALUES (since, 1), (until, -1)) AS turn (bucket, amount)
    WHERE (until IS NULL OR since < until) AND bucket IS NOT NULL
    UNION ALL
    SELECT side.agency_id, block_id, channel, is_forwarded, given.bucket,
           {_values(inherited="side.taken", bequeathed="1 - side.taken")}
    FROM given JOIN dossiers_leg AS leg ON leg.id = given.leg_id
    CROSS JOIN LATERAL (VALUES (heir_id, 1), (predecessor_id, 0)) AS side (agency_id, taken)
), fresh (agency_id, bucket, is_forwarded, channel, block_id, {_NAMES}) AS (
    SELECT agency_id, bucket, is_forwarded, channel, block_id, {_SUMS} FROM fact
    GROUP BY GROUPING SETS (
        (agency_id, bucket, is_forwarded, channel), (agency_id, bucket, is_forwarded, block_id))
)
"""  # noqa: S608 - names of our own tables and columns only
_MEASURED = ", ".join(f"CASE measure WHEN '{name}' THEN amount ELSE 0 END" for name in MEASURES)
_KEPT = ", ".join(MEASURES)
KEPT = f"""
delta (agency_id, bucket, is_forwarded, channel, block_id, {_NAMES}) AS (
    SELECT agency_id, bucket, is_forwarded, channel, block_id, {_MEASURED},
           CASE WHEN measure = 'received' AND channel = 'online' THEN amount ELSE 0 END
    FROM dossiers_tallydelta
), kept (agency_id, bucket, is_forwarded, channel, block_id, {_NAMES}) AS (
    SELECT agency_id, bucket, is_forwarded, channel, NULL::bigint, {_KEPT},
           CASE channel WHEN 'online' THEN received ELSE 0 END
    FROM reports_channelcount
    UNION ALL
    SELECT agency_id, bucket, is_forwarded, NULL, block_id, {_NAMES} FROM reports_blockcount
    UNION ALL
    SELECT agency_id, bucket, is_forwarded, channel, NULL, {_NAMES} FROM delta
    UNION ALL
    SELECT agency_id, bucket, is_forwarded, NULL, block_id, {_NAMES} FROM delta
)
"""  # noqa: S608

_KEY = "agency_id, bucket, is_forwarded, channel, block_id"
_COUNTED = ", ".join(f"coalesce(sum({name}) FILTER (WHERE NOT is_fresh), 0)" for name in COLUMNS)
_RECOUNTED = ", ".join(f"coalesce(sum({name}) FILTER (WHERE is_fresh), 0)" for name in COLUMNS)
COMPARE = f"""
WITH {FRESH}, {KEPT}
SELECT count(*), json_agg(pair) FILTER (WHERE counted <> recounted)
FROM (
    SELECT {_KEY}, ARRAY[{_COUNTED}] AS counted, ARRAY[{_RECOUNTED}] AS recounted
    FROM (SELECT *, true AS is_fresh FROM fresh UNION ALL SELECT *, false FROM kept) AS sides
    GROUP BY {_KEY}
) AS pair
"""  # noqa: S608

_UNEQUAL = " OR ".join(f"sum({name}) <> 0" for name in COLUMNS)
_AGAINST = ", ".join(f"-{name}" for name in COLUMNS)
# What is counted against what is recounted, with opposite signs in one grouping: is any sum left?
# A row of one grain is none of the other: its key there is null.
EQUAL = f"""
WITH {FRESH}, {KEPT}
SELECT count(*), count(*) FILTER (WHERE is_unequal)
FROM (
    SELECT {_UNEQUAL} AS is_unequal
    FROM (
        SELECT agency_id, block_id, channel, is_forwarded, bucket, {_NAMES} FROM fact
        UNION ALL
        SELECT agency_id, block_id, channel, is_forwarded, bucket, {_AGAINST} FROM kept
    ) AS sides
    GROUP BY GROUPING SETS (
        (agency_id, bucket, is_forwarded, channel), (agency_id, bucket, is_forwarded, block_id))
    HAVING channel IS NOT NULL OR block_id IS NOT NULL
) AS sums
"""  # noqa: S608

GRAINS = (TABLES[0::2], TABLES[1::2])


def years(halves: Table, years: Table) -> str:
    key = f"agency_id, is_forwarded, {halves.key}"
    names = ", ".join(halves.columns)
    counted = ", ".join(f"coalesce(years.{name}, 0)" for name in halves.columns)
    recounted = ", ".join(f"coalesce(summed.{name}, 0)" for name in halves.columns)
    return f"""
    SELECT count(*), json_agg(pair) FILTER (WHERE counted <> recounted)
    FROM (
        SELECT {key}, year, ARRAY[{counted}]::bigint[] AS counted,
               ARRAY[{recounted}]::bigint[] AS recounted
        FROM (SELECT year, {key}, {names} FROM {years.name}) AS years
        FULL JOIN ({summed(halves)}) AS summed USING (year, {key})
    ) AS pair
    """  # noqa: S608


def summed(halves: Table) -> str:
    sums = ", ".join(f"sum({name}) AS {name}" for name in halves.columns)
    return f"""
        SELECT agency_id, {YEAR} AS year, {halves.key}, is_forwarded, {sums}
        FROM {halves.name} GROUP BY 1, 2, 3, 4
    """  # noqa: S608


def _replace(table: Table) -> str:
    """Every row that should be, as it should be; what should not be becomes zero."""
    key = f"agency_id, bucket, {table.key}, is_forwarded"
    names = ", ".join(table.columns)
    fresh = ", ".join(f"coalesce(fresh.{name}, 0)" for name in table.columns)
    taken = ", ".join(f"{name} = excluded.{name}" for name in table.columns)
    return f"""
    {table.name}_replaced AS (
        INSERT INTO {table.name} ({key}, {names})
        SELECT {key}, {fresh}
        FROM (SELECT * FROM fresh WHERE {table.key} IS NOT NULL) AS fresh
        FULL JOIN (SELECT {key} FROM {table.name}) AS kept USING ({key})
        ON CONFLICT ({key}) DO UPDATE SET {taken}
    )"""  # noqa: S608


REPAIR = f"""
WITH {FRESH}, gone AS (DELETE FROM dossiers_tallydelta RETURNING 1),
{", ".join(_replace(halves) for halves, _ in GRAINS)}
SELECT count(*) FROM gone
"""  # noqa: S608
