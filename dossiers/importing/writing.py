"""From the temporary tables into the real ones, set by set; and what goes beside them."""

from collections.abc import Mapping
from datetime import date

from django.db import connection

from dossiers.importing import tables
from dossiers.importing.tables import TABLES, Table

# A number belongs to one party: the first row that names it, unless we know it already.
_KNOWN_PARTIES = """
INSERT INTO dossiers_party (public_id, {columns})
SELECT DISTINCT ON (kind, citizen_id_hash) gen_random_uuid(), {columns}
FROM new_party WHERE citizen_id_hash IS NOT NULL
ORDER BY kind, citizen_id_hash, id
ON CONFLICT (kind, citizen_id_hash) WHERE citizen_id_hash IS NOT NULL DO NOTHING
"""
_OTHER_PARTIES = """
INSERT INTO dossiers_party (public_id, {columns})
SELECT gen_random_uuid(), {columns} FROM new_party WHERE citizen_id_hash IS NULL
"""
_DOSSIERS = """
INSERT INTO dossiers_dossier (public_id, {columns})
SELECT gen_random_uuid(), {values}
FROM new_dossier
JOIN new_party ON new_party.id = new_dossier.holder_id
LEFT JOIN dossiers_party AS party
  ON party.kind = new_party.kind AND party.citizen_id_hash = new_party.citizen_id_hash
ORDER BY new_dossier.accepted_at, new_dossier.id
"""
_COUNTERS = """
INSERT INTO dossiers_dossiercounter (agency_id, day, last)
SELECT * FROM unnest(%s::bigint[], %s::date[], %s::int[])
ORDER BY 1, 2
ON CONFLICT (agency_id, day) DO UPDATE
SET last = greatest(dossiers_dossiercounter.last, excluded.last)
"""


def write(own_codes: Mapping[tuple[int, date], int]) -> None:
    """Everything that was laid out, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE new_party, new_dossier")
        columns = ", ".join(tables.PARTY.columns)
        cursor.execute(_KNOWN_PARTIES.format(columns=columns))
        cursor.execute(_OTHER_PARTIES.format(columns=columns))
        cursor.execute(_dossiers())
        for table in TABLES:
            if table not in {tables.PARTY, tables.DOSSIER}:
                cursor.execute(_insert(table))
        if own_codes:
            agencies, days = zip(*own_codes, strict=True)
            cursor.execute(_COUNTERS, [list(agencies), list(days), list(own_codes.values())])


def _dossiers() -> str:
    values = [
        "coalesce(party.id, new_dossier.holder_id)"
        if column == "holder_id"
        else f"new_dossier.{column}"
        for column in tables.DOSSIER.columns
    ]
    return _DOSSIERS.format(columns=", ".join(tables.DOSSIER.columns), values=", ".join(values))


def _insert(table: Table) -> str:
    columns = ", ".join(table.columns)
    made, values = (f"{table.made}, ", "gen_random_uuid(), ") if table.made else ("", "")
    # Only names of our own tables and columns.
    return (
        f"INSERT INTO {table.name} ({made}{columns}) "  # noqa: S608
        f"SELECT {values}{columns} FROM {table.temporary}"
    )
