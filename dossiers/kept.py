"""Which kinds of rows has this dossier at all? One statement spares one for each that is missing.

Most dossiers have few of them: no opinion, no letter, no result yet.
"""

from functools import cache

from django.db import connection
from django.db.models import Model

from dossiers.models import (
    Apology,
    Dossier,
    FeeDue,
    Handover,
    Opinion,
    Result,
    Slip,
    StepRun,
    SupplementRequest,
    Suspension,
)

KINDS: tuple[type[Model], ...] = (
    Apology,
    FeeDue,
    Handover,
    Opinion,
    Result,
    Slip,
    StepRun,
    SupplementRequest,
    Suspension,
)


def kept(dossier: Dossier) -> frozenset[type[Model]]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"dossier": dossier.pk})
        found = cursor.fetchone()
    return frozenset(kind for kind, is_there in zip(KINDS, found, strict=True) if is_there)


@cache
def _statement() -> str:
    """Table names of our own models only; the dossier is a parameter."""
    tables = (kind._meta.db_table for kind in KINDS)
    parts = (f"EXISTS (SELECT FROM {table} WHERE dossier_id = %(dossier)s)" for table in tables)
    return f"SELECT {', '.join(parts)}"
