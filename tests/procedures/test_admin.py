"""The catalogue by hand: drafts are published, what is published only ends."""

from datetime import date

import pytest
from django.test import Client

from procedures.models import ProcedureVersion
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/admin/procedures/procedureversion/"


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make.user(is_staff=True, is_superuser=True))
    return client


def publish(admin: Client, *drafts: ProcedureVersion) -> str:
    fields = {"action": "publish", "_selected_action": [draft.pk for draft in drafts]}
    return admin.post(LIST, fields, follow=True).content.decode()


def test_drafts_are_published_by_an_action(admin: Client) -> None:
    draft = make.version(status="draft", components=1)
    assert "Đã công bố 1 phiên bản." in publish(admin, draft)
    draft.refresh_from_db()
    assert draft.status == "published"


def test_a_draft_that_overlaps_is_refused(admin: Client) -> None:
    first = make.version()
    draft = make.version(procedure=first.procedure, number=2, status="draft")
    assert "Đã công bố 1" not in publish(admin, draft)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_published_version_only_ends_here(admin: Client) -> None:
    version = make.version(components=1)
    address = f"{LIST}{version.pk}/change/"
    page = admin.get(address)
    assert set(page.context["adminform"].form.fields) == {"effective_to", "abolished_by"}
    fields = {"effective_to": "2026-01-31", "abolished_by": "", "name": "Khác"}
    for part in ("components", "steps", "fees"):
        fields |= {f"{part}-TOTAL_FORMS": "0", f"{part}-INITIAL_FORMS": "0"}
    assert admin.post(address, fields).status_code == 302
    version.refresh_from_db()
    assert (version.effective_to, version.name) == (date(2026, 1, 31), "Đăng ký khai sinh")
    assert admin.get(f"{LIST}{version.pk}/delete/").status_code == 403


def test_versions_are_found_without_accents(admin: Client) -> None:
    make.version(name="Đăng ký kết hôn")
    assert "Đăng ký kết hôn" in admin.get(LIST, {"q": "ket hon"}).content.decode()
    assert admin.get("/admin/procedures/posting/", {"q": "x"}).status_code == 200
