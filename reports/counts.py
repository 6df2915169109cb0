"""The quick answer: figures from half-month counts, folded and not yet, in one statement.

At an edge between buckets, and live, the counts say exactly what reports.natural says of the
legs. By field and by procedure there are no counts.

A leg that was inherited inside the period it was accepted in was received by its predecessor's
counts; the figures give it to the heir. The correction adds to each side what makes columns 4
and 5 right and leaves column 11 as it is: received +1 and bequeathed +1 to the heir, both −1 to
the predecessor. After it, inherited − bequeathed of the period are the carried-in legs alone.
"""

from django.db import connection

from dossiers import tally
from reports.cells import Cells
from reports.natural import Group
from reports.questions import By, Frame

SQL = """
WITH fact AS (
    SELECT {key} AS key, bucket, {online} AS received_online, received, early, on_time, overdue,
           {lapsed} AS lapsed, inherited, bequeathed
    FROM {table}
    WHERE agency_id = ANY(%(agencies)s) AND bucket < %(until)s AND {kept}
    UNION ALL
    SELECT {key}, bucket,
           CASE WHEN measure = 'received' AND channel = 'online' THEN amount ELSE 0 END,
           CASE measure WHEN 'received' THEN amount ELSE 0 END,
           CASE measure WHEN 'early' THEN amount ELSE 0 END,
           CASE measure WHEN 'on_time' THEN amount ELSE 0 END,
           CASE measure WHEN 'overdue' THEN amount ELSE 0 END,
           {lapsed_delta},
           CASE measure WHEN 'inherited' THEN amount ELSE 0 END,
           CASE measure WHEN 'bequeathed' THEN amount ELSE 0 END
    FROM dossiers_tallydelta
    WHERE agency_id = ANY(%(agencies)s) AND bucket < %(until)s AND {kept}
    UNION ALL
    SELECT {key}, %(since)s, CASE channel WHEN 'online' THEN side ELSE 0 END, side,
           0, 0, 0, 0, 0, side
    FROM (
        SELECT unnest(ARRAY[given.heir_id, given.predecessor_id]) AS agency_id,
               unnest(ARRAY[1, -1]) AS side, leg.block_id, leg.channel, leg.is_forwarded
        FROM dossiers_inheritance AS given JOIN dossiers_leg AS leg ON leg.id = given.leg_id
        WHERE given.at >= %(starts_at)s AND given.at < %(moment)s
          AND leg.accepted_at >= %(starts_at)s
    ) AS moved
    WHERE agency_id = ANY(%(agencies)s) AND {kept}
    {open_now}
), before AS (
    SELECT key, sum(received + inherited - bequeathed - early - on_time - overdue) AS still_open,
           sum(lapsed) AS lapsed
    FROM fact WHERE bucket < %(since)s GROUP BY key
), within AS (
    SELECT key, sum(received) AS received, sum(received_online) AS received_online,
           sum(early) AS early, sum(on_time) AS on_time, sum(overdue) AS overdue,
           sum(lapsed) AS lapsed, sum(inherited - bequeathed) AS inherited
    FROM fact WHERE bucket >= %(since)s GROUP BY key
)
SELECT key, coalesce(within.received, 0), coalesce(within.received_online, 0),
       coalesce(within.early, 0), coalesce(within.on_time, 0), coalesce(within.overdue, 0),
       coalesce(within.inherited, 0), coalesce(before.still_open, 0),
       coalesce(within.lapsed, 0) + coalesce(before.lapsed, 0)
FROM before FULL JOIN within USING (key)
"""

# Live: lapses are booked for half-months to come, so the open legs themselves are asked.
OPEN_NOW = """
    UNION ALL
    SELECT {key}, %(since)s, 0, 0, 0, 0, 0, count(*), 0, 0
    FROM dossiers_leg
    WHERE ended_at IS NULL AND lapses_at <= %(moment)s AND agency_id = ANY(%(agencies)s) AND {kept}
    GROUP BY {key}
"""

BY_CHANNEL = "reports_channelcount"
BY_BLOCK = "reports_blockcount"
SOURCES = {
    None: ("0::bigint", BY_CHANNEL),
    By.AGENCY: ("agency_id", BY_CHANNEL),
    By.LEVEL: ("agency_id", BY_CHANNEL),
    By.CHANNEL: ("channel", BY_CHANNEL),
    By.BLOCK: ("block_id", BY_BLOCK),
}


def can_answer(frame: Frame) -> bool:
    """Counts know half-months, and what is true now: nothing is booked ahead but lapses."""
    edge = tally.bucket_start(tally.bucket_of(frame.moment)) == frame.moment
    return frame.by in SOURCES and (edge or frame.is_live)


def count(frame: Frame) -> tuple[dict[Group, Cells], int, int]:
    """The cells of every group; column 11 of the period before; what inheritance added to it."""
    # At an edge the moment's own bucket has not begun; live, it is the one under way.
    until = tally.bucket_of(frame.moment) + (1 if frame.is_live else 0)
    with connection.cursor() as cursor:
        cursor.execute(
            sql(frame),
            {
                "agencies": sorted(frame.agency_ids),
                "since": frame.period.buckets.start,
                "until": until,
                "starts_at": frame.starts_at,
                "moment": frame.moment,
            },
        )
        rows = cursor.fetchall()
    counted = {row[0] if frame.by else None: _cells(*map(int, row[1:])) for row in rows}
    return counted, sum(int(row[7]) for row in rows), sum(int(row[6]) for row in rows)


def sql(frame: Frame) -> str:
    key, table = SOURCES[frame.by]
    kept = "true" if frame.forwarded_too else "NOT is_forwarded"
    online = "received_online" if table == BY_BLOCK else _ONLINE
    lapsed = ("0", "0") if frame.is_live else ("lapsed", _LAPSED_DELTA)
    return SQL.format(
        key=key,
        table=table,
        kept=kept,
        online=online,
        lapsed=lapsed[0],
        lapsed_delta=lapsed[1],
        open_now=OPEN_NOW.format(key=key, kept=kept) if frame.is_live else "",
    )


_ONLINE = "CASE channel WHEN 'online' THEN received ELSE 0 END"
_LAPSED_DELTA = "CASE measure WHEN 'lapsed' THEN amount ELSE 0 END"


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
