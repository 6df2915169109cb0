"""What the application's database role may do (quyền của ứng dụng trong cơ sở dữ liệu).

The owner migrates; the application reads and writes rows, and what must stay as it was written
it can only add to: events of dossiers, views of masked values, hand-overs at mergers, the audit.
It truncates nothing and changes no table. Applied after every `migrate`, and by
`manage.py grant_application_role` when the role comes later than the tables.
"""

from collections.abc import Sequence

import pghistory.core
from django.conf import settings
from django.db import connection, transaction
from psycopg2 import sql

APPEND_ONLY = (
    "dossiers_dossierevent",
    "dossiers_inheritance",
    "dossiers_maskedview",
    "dossiers_registerclosing",
    "dossiers_slipprint",
)
READ_ONLY = ("django_migrations",)
# The clock's ledger: a span is closed, and given its due moment if it ends while suspended; a
# trigger forbids more (dossiers.models.ClockSpan).
UPDATED_COLUMNS = {"dossiers_clockspan": ("in_force", "due_at", "lapses_at")}
# Run with the owner's rights and look for themselves (dossiers, migration 0013).
FUNCTIONS = ("dossiers_undo_import(bigint)",)


def apply() -> bool:
    """Set the role's rights on every table of this database; False when there is no such role,
    or it is the one that owns the tables (a database of its own for development)."""
    role = settings.DATABASE_APP_ROLE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user <> %s FROM pg_roles WHERE rolname = %s", [role, role])
        if cursor.fetchone() != (True,):
            return False
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        append_only = {*APPEND_ONLY, *audit_tables()}
        cursor.execute(_all(role))
        for table in tables:
            cursor.execute(_of(role, table, append_only))
        for function in FUNCTIONS:
            cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [function])
            if cursor.fetchone() == (True,):
                cursor.execute(_run(role, function))
    return True


def audit_tables() -> Sequence[str]:
    return [model._meta.db_table for model in pghistory.core.event_models()]


def _all(role: str) -> sql.Composed:
    return sql.SQL(
        "GRANT USAGE ON SCHEMA public TO {role};"
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};"
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"
    ).format(role=sql.Identifier(role))


def _run(role: str, function: str) -> sql.Composed:
    return sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(
        sql.SQL(function), sql.Identifier(role)
    )


def _of(role: str, table: str, append_only: set[str]) -> sql.Composed:
    rights: sql.Composable = sql.SQL("SELECT, INSERT, UPDATE, DELETE")
    if table in READ_ONLY:
        rights = sql.SQL("SELECT")
    elif table in append_only:
        rights = sql.SQL("SELECT, INSERT")
    elif table in UPDATED_COLUMNS:
        columns = sql.SQL(", ").join(map(sql.Identifier, UPDATED_COLUMNS[table]))
        rights = sql.SQL("SELECT, INSERT, UPDATE ({})").format(columns)
    return sql.SQL("GRANT {} ON {} TO {}").format(
        rights, sql.Identifier(table), sql.Identifier(role)
    )
