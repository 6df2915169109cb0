"""Deltas become counts: what the acts appended is added up in one statement.

Killed before it commits, nothing has happened; run by several workers at once, each takes rows
that no other has (SKIP LOCKED). The keys are written in one order, so workers do not deadlock.
"""

from django.db import connection, transaction

from reports.tallies import MEASURES, TABLES, YEAR, Table

BATCH = 50_000
_SUMS = {name: f"sum(amount) FILTER (WHERE measure = '{name}')" for name in MEASURES} | {
    "received_online": "sum(amount) FILTER (WHERE measure = 'received' AND channel = 'online')"
}


def _upsert(table: Table) -> str:
    names = ", ".join(table.columns)
    sums = ", ".join(f"coalesce({_SUMS[name]}, 0)" for name in table.columns)
    added = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in table.columns)
    key = f"agency_id, {table.time}, {table.key}, is_forwarded"
    time = YEAR if table.time == "year" else "bucket"
    return f"""
    {table.name}_folded AS (
        INSERT INTO {table.name} AS kept ({key}, {names})
        SELECT agency_id, {time}, {table.key}, is_forwarded, {sums}
        FROM taken GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
        ON CONFLICT ({key}) DO UPDATE SET {added}
    )"""  # noqa: S608 - names of our own tables and columns only


SQL = f"""
WITH chosen AS MATERIALIZED (
    -- apart: as a subquery of the DELETE it may be run again and take more than the batch
    SELECT id FROM dossiers_tallydelta ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
), taken AS (
    DELETE FROM dossiers_tallydelta AS delta USING chosen WHERE delta.id = chosen.id
    RETURNING agency_id, bucket, block_id, channel, is_forwarded, measure, amount
), {", ".join(_upsert(table) for table in TABLES)}
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
