"""Administrators keep agencies and staff; nobody raises himself."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, Level, Role, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    province = make.agency(level=Level.PROVINCE)
    return make.user(at=province, role=Role.ADMINISTRATOR, is_staff=True)


def _agency_form(agency: Agency, **fields: Any) -> dict[str, Any]:
    form = {
        "code": agency.code,
        "gso_code": agency.gso_code,
        "name": agency.name,
        "level": agency.level,
        "kind": agency.kind,
        "calendar": agency.calendar_id,
        "valid_from": "01/01/2023",
        "succeeded_by-TOTAL_FORMS": "0",
        "succeeded_by-INITIAL_FORMS": "0",
    }
    return form | fields


def test_an_administrator_of_a_province_changes_agencies_and_the_audit_knows(
    client: Client, administrator: User
) -> None:
    client.force_login(administrator)
    agency = make.agency()
    url = reverse("admin:agencies_agency_change", args=[agency.pk])

    answer = client.post(url, _agency_form(agency, name="Ủy ban nhân dân xã Bình Sơn"))

    assert answer.status_code == 302
    agency.refresh_from_db()
    assert agency.name_fold == "uy ban nhan dan xa binh son"
    event = agency.events.filter(pgh_label="update").latest("pgh_id")  # type: ignore[attr-defined]
    assert event.name == agency.name
    assert event.pgh_context == {
        "user": administrator.pk,
        "url": url,
        "address": "127.0.0.1",
    }
    before = agency.events.filter(pgh_label="before").latest("pgh_id")  # type: ignore[attr-defined]
    assert before.name != agency.name
    assert before.pgh_context_id == event.pgh_context_id


@pytest.mark.parametrize(
    ("level", "role", "staff"),
    [
        (Level.COMMUNE, Role.ADMINISTRATOR, True),
        (Level.PROVINCE, Role.LEADER, True),
        (Level.PROVINCE, Role.ADMINISTRATOR, False),
    ],
)
def test_others_find_the_administration_closed(
    client: Client, level: str, role: str, staff: bool
) -> None:
    client.force_login(make.user(at=make.agency(level=level), role=role, is_staff=staff))

    answer = client.get(reverse("admin:agencies_agency_changelist"))

    assert answer.status_code in {302, 403}


def test_agencies_are_found_without_accents(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    make.agency(name="Ủy ban nhân dân xã Trà Bồng", code="DEMO.X9")

    for text in ("tra bong", "Trà Bồng", "demo.x9"):
        answer = client.get(reverse("admin:agencies_agency_changelist"), {"q": text})
        assert "Trà Bồng" in answer.content.decode()


def test_a_made_up_code_is_refused_outside_the_demonstration(
    client: Client, administrator: User, settings: Any
) -> None:
    settings.DEMO = False
    settings.REQUIRE_MFA = False
    client.force_login(administrator)
    agency = make.agency()

    answer = client.post(
        reverse("admin:agencies_agency_change", args=[agency.pk]),
        _agency_form(agency, code="DEMO.1"),
    )

    assert answer.status_code == 200
    assert "mã tạm" in answer.content.decode()


def test_an_administrator_cannot_raise_himself_nor_touch_a_superuser(
    client: Client, administrator: User
) -> None:
    client.force_login(administrator)
    root = make.user(is_superuser=True, is_staff=True)

    page = client.get(reverse("admin:agencies_user_change", args=[administrator.pk]))
    assert 'name="is_superuser"' not in page.content.decode()
    password = client.get(reverse("admin:auth_user_password_change", args=[root.pk]))
    assert password.status_code in {302, 403}
    delete = client.post(reverse("admin:agencies_user_delete", args=[root.pk]))
    assert delete.status_code == 403
    assert User.objects.filter(pk=root.pk).exists()


def test_an_administrator_appoints(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    someone, agency = make.user(), make.agency()

    client.post(
        reverse("admin:agencies_appointment_add"),
        {
            "user": someone.pk,
            "agency": agency.pk,
            "role": "clerk",
            "valid_from": "01/07/2025",
            "valid_to": "",
        },
    )

    assert someone.appointments.get().valid_from == date(2025, 7, 1)


def test_signing_in_to_the_administration_is_everybodys_sign_in(client: Client) -> None:
    answer = client.get(reverse("admin:login"), {"next": "/admin/"})

    assert answer["Location"].startswith(reverse("account_login"))
