"""Deltas become counts: what the acts appended is added up in one statement.

Killed before it commits, nothing has happened; run by several workers at once, each takes rows
that no other has (SKIP LOCKED). The keys are written in one order, so workers do not deadlock.
"""

from django.db import connection, transaction

BATCH = 50_000
MEASURES = ("received", "early", "on_time", "overdue", "lapsed", "inherited", "bequeathed")

_SUMS = ", ".join(f"sum(amount) FILTER (WHERE measure = '{name}')" for name in MEASURES)
_ONLINE = "sum(amount) FILTER (WHERE measure = 'received' AND channel = 'online')"


def _upsert(table: str, key: str, columns: tuple[str, ...], sums: str) -> str:
    values = ", ".join(f"coalesce({name}, 0)" for name in columns)
    added = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in columns)
    names = ", ".join(columns)
    return f"""
        INSERT INTO {table} AS kept (agency_id, bucket, {key}, is_forwarded, {names})
        SELECT agency_id, bucket, {key}, is_forwarded, {values}
        FROM (
            SELECT agency_id, bucket, {key}, is_forwarded, {sums}
            FROM taken GROUP BY 1, 2, 3, 4
        ) AS summed (agency_id, bucket, {key}, is_forwarded, {names})
        ORDER BY 1, 2, 3, 4
        ON CONFLICT (agency_id, bucket, {key}, is_forwarded) DO UPDATE SET {added}
    """  # noqa: S608 - names of our own tables and columns only


SQL = f"""
WITH taken AS (
    DELETE FROM dossiers_tallydelta WHERE id IN (
        SELECT id FROM dossiers_tallydelta ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING agency_id, bucket, block_id, channel, is_forwarded, measure, amount
), by_channel AS ({_upsert("reports_channelcount", "channel", MEASURES, _SUMS)}
), by_block AS ({
    _upsert("reports_blockcount", "block_id", (*MEASURES, "received_online"), f"{_SUMS}, {_ONLINE}")
})
SELECT count(*) FROM taken
"""  # noqa: S608


def fold(batch: int = BATCH) -> int:
    """Fold at most `batch` deltas; returns how many. Repeating it is harmless."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SQL, [batch])
        return int(cursor.fetchone()[0])


def fold_all(batch: int = BATCH) -> int:
    folded = 0
    while taken := fold(batch):
        folded += taken
    return folded
