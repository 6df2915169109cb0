"""The application's database role adds to the ledgers and the audit, and rewrites neither."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from agencies.models import Agency
from motcua import grants
from motcua.commands import CommandRefused
from tests import make

pytestmark = pytest.mark.django_db

Sql = Callable[..., Any]


@pytest.fixture
def application() -> Iterator[Sql]:
    """Statements as the application's role, within the test's transaction."""
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {role}")
        assert grants.apply()

        def run(sql: str, *values: Any) -> Any:
            with transaction.atomic():
                cursor.execute(sql, values)
                return cursor.fetchall() if cursor.description else None

        cursor.execute(f"SET ROLE {role}")
        yield run
        cursor.execute("RESET ROLE")


def _protected() -> list[str]:
    return [*grants.APPEND_ONLY, *grants.audit_tables()]


def test_every_audit_table_is_known() -> None:
    tables = set(grants.audit_tables())

    assert {"agencies_userevent", "agencies_appointmentevent", "agencies_agencyevent"} <= tables
    assert {"calendars_specialdayevent", "procedures_procedureversionevent"} <= tables
    of_dossiers = {table for table in tables if table.startswith("dossiers_")}
    # What is set up, never the work itself: that has a history of its own.
    assert of_dossiers <= {
        "dossiers_latenesscauseevent",
        "dossiers_slipformevent",
        "dossiers_warningpolicyevent",
    }


@pytest.mark.parametrize("table", _protected())
def test_cannot_rewrite_what_is_append_only(application: Sql, table: str) -> None:
    column = "pgh_label" if table.endswith("event") and "dossier" not in table else "id"

    application(f"SELECT count(*) FROM {table}")  # noqa: S608
    for statement in (
        f"UPDATE {table} SET {column} = {column}",  # noqa: S608
        f"DELETE FROM {table}",  # noqa: S608
        f"TRUNCATE {table} CASCADE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
    ):
        with pytest.raises(ProgrammingError):
            application(statement)


def test_truncates_nothing_and_makes_nothing(application: Sql) -> None:
    for statement in (
        "TRUNCATE dossiers_tallydelta",
        "CREATE TABLE more (id int)",
        "DELETE FROM django_migrations",
        "DROP TABLE agencies_agency CASCADE",
        "SELECT setval('agencies_agency_id_seq', 1)",
    ):
        with pytest.raises(ProgrammingError):
            application(statement)


def test_a_clock_span_may_only_be_closed(application: Sql) -> None:
    application("UPDATE dossiers_clockspan SET in_force = in_force")
    for statement in (
        "UPDATE dossiers_clockspan SET lapsed_before = true",
        "UPDATE dossiers_clockspan SET reason = ''",
        "DELETE FROM dossiers_clockspan",
    ):
        with pytest.raises(ProgrammingError):
            application(statement)


def test_works_on_ordinary_tables_and_leaves_its_trace(application: Sql) -> None:
    agency = make.agency()
    Agency.objects.filter(pk=agency.pk).update(address="1 Trần Hưng Đạo")

    rows = application(
        "SELECT pgh_label, address FROM agencies_agencyevent WHERE pgh_obj_id = %s ORDER BY pgh_id",
        agency.pk,
    )
    assert rows == [("insert", ""), ("before", ""), ("update", "1 Trần Hưng Đạo")]


def test_the_command_says_when_there_is_no_such_role(settings: Any) -> None:
    settings.DATABASE_APP_ROLE = "nobody_of_this_name"

    with pytest.raises(CommandRefused, match="nobody_of_this_name"):
        call_command("grant_application_role")


def test_a_role_that_owns_the_tables_is_left_alone(settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        settings.DATABASE_APP_ROLE = cursor.fetchone()[0]

    assert not grants.apply()
