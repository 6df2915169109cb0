"""What a database and a folder of files add up to: compared after a restore, to the last row."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone
from psycopg2 import sql

from agencies.models import Agency
from dossiers.models import Dossier
from reports import figures
from reports.errors import AgencyUnknown
from reports.questions import By, Question


@dataclass(frozen=True)
class Table:
    """`mark` is a sum over the rows: indifferent to their order, not to a single letter."""

    rows: int
    mark: str


@dataclass(frozen=True)
class Inventory:
    tables: dict[str, Table]
    migrations: list[str]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def of_database() -> Inventory:
    """Reads each table once; inside a transaction it sees what that transaction sees."""
    with connection.cursor() as cursor:
        # A row's text must not depend on who asks.
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute("SET LOCAL datestyle = 'ISO'")
        cursor.execute("SET LOCAL extra_float_digits = 1")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        names = [name for (name,) in cursor.fetchall()]
        tables = {}
        for name in names:
            cursor.execute(
                sql.SQL(
                    "SELECT count(*),"
                    " coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text"
                    " FROM {} t"
                ).format(sql.Identifier(name))
            )
            tables[name] = Table(*cursor.fetchone())
        migrations: list[str] = []
        if "django_migrations" in tables:
            cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
            migrations = [name for (name,) in cursor.fetchall()]
    return Inventory(tables=tables, migrations=migrations)


def of_figures(now: datetime) -> dict[str, object]:
    """The year figures of everything under each top agency, as the reports would print them."""
    first = Dossier.objects.order_by("accepted_at").exclude(accepted_at=None).first()
    if first is None or first.accepted_at is None:
        return {}
    # nd09's year begins on 15/12 of the year before: the year after the first one may hold it.
    years = range(timezone.localdate(first.accepted_at).year, timezone.localdate(now).year + 1)
    found: dict[str, object] = {}
    for agency in Agency.objects.filter(parent=None, committee=None).order_by("code"):
        for year in years:
            question = Question(agency=agency, period=str(year), below=True, by=By.AGENCY)
            try:
                counted = figures.compute(question, now)
            except AgencyUnknown:
                continue  # it did not exist that year
            found[f"{agency.code} {year}"] = {
                "total": counted.total.values,
                "rows": {row.key: row.values for row in counted.rows},
            }
    return found


def of_files(folder: Path) -> dict[str, str]:
    """SHA-256 by the path inside the folder."""
    return {str(path.relative_to(folder)): sha256(path) for path in files_in(folder)}


def files_in(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.is_file())


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
