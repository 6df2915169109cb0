"""Changes of audited rows are kept whoever makes them, however, and stay as they were kept."""

from datetime import date
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import InternalError, connection, transaction

from agencies.models import Agency, Appointment, Role
from calendars.models import SpecialDay
from motcua import grants
from tests import make

pytestmark = pytest.mark.django_db

AUDITED = {
    "calendars": {"Calendar", "Shift", "SpecialDay"},
    "agencies": {"Duty", "Agency", "Succession", "User", "Appointment"},
    "procedures": {
        "RuleSet",
        "Block",
        "ProcedureField",
        "Decision",
        "Procedure",
        "ProcedureVersion",
        "Component",
        "Step",
        "FeeRate",
        "Posting",
    },
}


def _labels(row: Any) -> list[str]:
    return list(row.events.order_by("pgh_id").values_list("pgh_label", flat=True))


@pytest.mark.parametrize("app", AUDITED)
def test_every_row_that_is_kept_by_hand_is_audited(app: str) -> None:
    models = {
        model.__name__
        for model in apps.get_app_config(app).get_models()
        if hasattr(model, "events")
    }

    assert models == AUDITED[app]


def test_an_insert_an_update_and_a_delete_are_kept_with_the_row_before_and_after() -> None:
    day = SpecialDay.objects.create(
        date=date(2027, 1, 4), kind="closure", is_working=False, legal_basis="QĐ 1"
    )
    day.legal_basis = "QĐ 2"
    day.save()
    pk = day.pk
    day.delete()

    events = apps.get_model("calendars", "SpecialDayEvent").objects.filter(pgh_obj_id=pk)
    assert list(events.order_by("pgh_id").values_list("pgh_label", "legal_basis")) == [
        ("insert", "QĐ 1"),
        ("before", "QĐ 1"),
        ("update", "QĐ 2"),
        ("delete", "QĐ 2"),
    ]


def test_bulk_writes_and_raw_sql_are_caught_in_as_many_statements(
    django_assert_num_queries: Any,
) -> None:
    agencies = [make.agency() for _ in range(20)]

    with django_assert_num_queries(1):
        Agency.objects.filter(pk__in=[agency.pk for agency in agencies]).update(phone="1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_agency SET phone = '2' WHERE id = %s", [agencies[0].pk])

    assert _labels(agencies[0]) == ["insert", "before", "update", "before", "update"]
    assert _labels(agencies[1]) == ["insert", "before", "update"]


def test_a_write_that_changes_nothing_is_no_event() -> None:
    agency = make.agency()

    agency.save()

    assert _labels(agency) == ["insert"]


def test_signing_in_is_no_change_of_the_account() -> None:
    user = make.user()

    type(user).objects.filter(pk=user.pk).update(last_login=make.NOW)

    assert _labels(user) == ["insert"]


def test_an_event_says_who_asked_and_from_where() -> None:
    user, agency = make.user(), make.agency()

    with pghistory.context(user=user.pk, url="/admin/", address="10.0.0.1"):
        role = Appointment.objects.create(
            user=user, agency=agency, role=Role.LEADER, valid_from=date(2025, 7, 1)
        )

    event = role.events.get()  # type: ignore[attr-defined]
    assert event.pgh_context == {"user": user.pk, "url": "/admin/", "address": "10.0.0.1"}
    assert event.pgh_created_at is not None


def test_what_a_command_loads_bears_its_name() -> None:
    call_command("load_agencies", province="51", verbosity=0)

    event = Agency.objects.get(code="DEMO.51.21115").events.get()  # type: ignore[attr-defined]
    assert event.pgh_context["command"] == "load_agencies"
    assert event.pgh_context["system_user"]


@pytest.mark.parametrize("statement", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
def test_nobody_rewrites_an_event(statement: str) -> None:
    make.user(at=make.agency())

    with (
        pytest.raises(InternalError, match="append_only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format("agencies_appointmentevent"))


def test_dossiers_pay_nothing_for_the_audit() -> None:
    of_dossiers = {table for table in grants.audit_tables() if table.startswith("dossiers")}
    # What is set up by hand is audited; the work itself has a history of its own.
    assert of_dossiers == {
        "dossiers_latenesscauseevent",
        "dossiers_slipformevent",
        "dossiers_warningpolicyevent",
    }
