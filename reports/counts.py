"""The quick answer: figures from half-month counts, folded and not yet, in one statement.

At an edge between buckets, and live, the counts say exactly what reports.natural says of the
legs. By field and by procedure there are no counts.

A leg that was inherited inside the period it was accepted in was received by its predecessor's
counts; the figures give it to the heir. The correction adds to each side what makes columns 4
and 5 right and leaves column 11 as it is: received +1 and bequeathed +1 to the heir, both −1 to
the predecessor. After it, inherited − bequeathed of the period are the carried-in legs alone.
"""

from datetime import datetime

from django.db import connection

from dossiers import tally
from reports.cells import Cells
from reports.natural import Group
from reports.questions import By, Frame
from reports.tallies import (
    BLOCK_COUNT,
    BLOCK_YEAR,
    CHANNEL_COUNT,
    CHANNEL_YEAR,
    MEASURES,
    Table,
    first_bucket,
    year_of,
)

# `within`: inside the period; otherwise before it.
# It begins with SELECT: the history's middleware then knows that nothing is written.
SQL = """
SELECT * FROM (
WITH fact (key, within, {names}) AS MATERIALIZED (
    {folded}
    UNION ALL
    SELECT {key}, bucket >= %(since)s, {delta}
    FROM dossiers_tallydelta
    WHERE agency_id = ANY(%(agencies)s::bigint[]) AND bucket < %(until)s AND {kept}
    UNION ALL
    SELECT {key}, true, side, 0, 0, 0, 0, 0, side, CASE channel WHEN 'online' THEN side ELSE 0 END
    FROM (
        SELECT unnest(ARRAY[given.heir_id, given.predecessor_id]) AS agency_id,
               unnest(ARRAY[1, -1]) AS side, leg.block_id, leg.channel, leg.is_forwarded
        FROM dossiers_inheritance AS given JOIN dossiers_leg AS leg ON leg.id = given.leg_id
        WHERE given.at >= %(starts_at)s AND given.at < %(moment)s
          AND leg.accepted_at >= %(starts_at)s
    ) AS moved
    WHERE agency_id = ANY(%(agencies)s::bigint[]) AND {kept}
    {open_now}
)
SELECT key,
       coalesce(sum(received) FILTER (WHERE within), 0),
       coalesce(sum(received_online) FILTER (WHERE within), 0),
       coalesce(sum(early) FILTER (WHERE within), 0),
       coalesce(sum(on_time) FILTER (WHERE within), 0),
       coalesce(sum(overdue) FILTER (WHERE within), 0),
       coalesce(sum(inherited - bequeathed) FILTER (WHERE within), 0),
       coalesce(sum(received + inherited - bequeathed - early - on_time - overdue)
                FILTER (WHERE NOT within), 0),
       coalesce(sum(lapsed), 0)
FROM fact GROUP BY key
) AS figures
"""

# Live: lapses are booked for half-months to come, so the open legs themselves are asked.
OPEN_NOW = """
    UNION ALL
    SELECT {key}, true, 0, 0, 0, 0, count(*), 0, 0, 0
    FROM dossiers_leg
    WHERE ended_at IS NULL AND lapses_at <= %(moment)s
      AND agency_id = ANY(%(agencies)s::bigint[]) AND {kept}
    GROUP BY {key}
"""
FOLDED = """SELECT {key}, {within}, {names}
    FROM {table}
    WHERE agency_id = ANY(%(agencies)s::bigint[]) AND {when} AND {kept}"""

BY_CHANNEL = (CHANNEL_COUNT, CHANNEL_YEAR)
BY_BLOCK = (BLOCK_COUNT, BLOCK_YEAR)
SOURCES = {
    None: ("0::bigint", BY_CHANNEL),
    By.AGENCY: ("agency_id", BY_CHANNEL),
    By.LEVEL: ("agency_id", BY_CHANNEL),
    By.CHANNEL: ("channel", BY_CHANNEL),
    By.BLOCK: ("block_id", BY_BLOCK),
}
NAMES = (*MEASURES, "received_online")


def can_answer(frame: Frame) -> bool:
    """Counts know half-months, and what is true now: nothing is booked ahead but lapses."""
    edge = tally.bucket_start(tally.bucket_of(frame.moment)) == frame.moment
    return frame.by in SOURCES and (edge or frame.is_live)


def count(frame: Frame) -> tuple[dict[Group, Cells], int, int]:
    """The cells of every group; column 11 of the period before; what inheritance added to it."""
    with connection.cursor() as cursor:
        cursor.execute(sql(frame), parameters(frame))
        rows = cursor.fetchall()
    counted = {row[0] if frame.by else None: _cells(*map(int, row[1:])) for row in rows}
    return counted, sum(int(row[7]) for row in rows), sum(int(row[6]) for row in rows)


def parameters(frame: Frame) -> dict[str, str | int | datetime]:
    return {
        # one literal: an ARRAY[…] of hundreds of numbers is planned number by number
        "agencies": "{" + ",".join(map(str, sorted(frame.agency_ids))) + "}",
        "since": frame.period.buckets.start,
        "until": _until(frame),
        "starts_at": frame.starts_at,
        "moment": frame.moment,
    }


def _until(frame: Frame) -> int:
    """At an edge the moment's own bucket has not begun; live, it is the one under way."""
    return tally.bucket_of(frame.moment) + (1 if frame.is_live else 0)


def sql(frame: Frame) -> str:
    key, (halves, years) = SOURCES[frame.by]
    kept = "true" if frame.forwarded_too else "NOT is_forwarded"
    names = _folded_names(halves, is_live=frame.is_live)
    folded = [
        FOLDED.format(key=key, kept=kept, names=names, within=within, table=table.name, when=when)
        for table, within, when in _pieces(frame, halves, years)
    ]
    return SQL.format(
        key=key,
        kept=kept,
        names=", ".join(NAMES),
        folded=" UNION ALL ".join(folded),
        delta=_delta_names(is_live=frame.is_live),
        open_now=OPEN_NOW.format(key=key, kept=kept) if frame.is_live else "",
    )


def _folded_names(halves: Table, *, is_live: bool) -> str:
    given = {name: name for name in halves.columns}
    given.setdefault("received_online", "CASE channel WHEN 'online' THEN received ELSE 0 END")
    return _joined(given, is_live=is_live)


def _delta_names(*, is_live: bool) -> str:
    given = {name: f"CASE measure WHEN '{name}' THEN amount ELSE 0 END" for name in MEASURES}
    given["received_online"] = (
        "CASE WHEN measure = 'received' AND channel = 'online' THEN amount ELSE 0 END"
    )
    return _joined(given, is_live=is_live)


def _joined(given: dict[str, str], *, is_live: bool) -> str:
    if is_live:
        given["lapsed"] = "0"
    return ", ".join(given[name] for name in NAMES)


def _pieces(frame: Frame, halves: Table, years: Table) -> list[tuple[Table, str, str]]:
    """(table, within the period?, which rows): whole years where they fit, half-months between."""
    since, until = frame.period.buckets.start, _until(frame)
    year = year_of(since)
    pieces = [(years, "false", f"year < {year}")]
    if since == first_bucket(year) and (frame.is_live or until == first_bucket(year + 1)):
        return [*pieces, (years, "true", f"year = {year}")]
    between = f"bucket >= {first_bucket(year)} AND bucket < {until}"
    return [*pieces, (halves, f"bucket >= {since}", between)]


def _cells(
    received: int,
    online: int,
    early: int,
    on_time: int,
    overdue: int,
    inherited: int,
    opening: int,
    lapsed: int,
) -> Cells:
    ended = early + on_time + overdue
    still_open = opening + received + inherited - ended
    carried_in = opening + inherited
    return Cells(
        c3=received + carried_in,
        c4=online,
        c5=received - online,
        c6=carried_in,
        c7=ended,
        c8=early,
        c9=on_time,
        c10=overdue,
        c11=still_open,
        c12=still_open - lapsed,
        c13=lapsed,
    )
