"""What a browser gets to go on without a network: key, forms, service worker, the page for it."""

import base64
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, User
from dossiers import offline
from motcua import shell
from procedures.models import ProcedureVersion
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Agency:
    return make.agency("Ủy ban nhân dân xã Trà Bồng")


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune, components=2)


@pytest.fixture
def clerk(commune: Agency) -> User:
    return make.staff(commune)


def test_each_user_has_a_key_of_its_own_always_the_same(clerk: User, commune: Agency) -> None:
    client = Client()
    client.force_login(clerk)
    answer = client.get(reverse("dossiers:queue_key"))
    said = answer.json()
    assert "no-store" in answer["Cache-Control"]
    assert base64.b64decode(said["key"]) == offline.key_of(clerk)
    assert len(offline.key_of(clerk)) == 32
    assert said["owner"] == offline.owner_of(clerk)
    other = make.staff(commune)
    assert offline.key_of(other) != offline.key_of(clerk)
    assert offline.owner_of(other) != offline.owner_of(clerk)
    # What tells users apart in the browser gives no key away.
    assert said["owner"] not in offline.key_of(clerk).hex()


def test_the_forms_worth_keeping_are_those_taken_most(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    rare = make.version(posted_at=commune, name="Cấp bản sao trích lục")
    now = timezone.now()
    for each in (version, version, rare):
        make.dossier(agency=commune, version=each, officer=clerk, now=now)
    make.dossier(now=now)  # another commune's
    client = Client()
    client.force_login(clerk)
    forms = client.get(reverse("dossiers:queue_key"), {"forms": "1"}).json()["forms"]
    assert forms == [f"/tiep-nhan/{each.procedure.code}/" for each in (version, rare)]


def test_statements_of_the_queue(
    commune: Agency,
    version: ProcedureVersion,
    clerk: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = Client()
    client.force_login(clerk)
    client.get(reverse("dossiers:queue"))  # the session is written
    with django_assert_num_queries(2):  # user and roles; the session is in the cache
        client.get(reverse("dossiers:queue"))
    with django_assert_num_queries(2):
        client.get(reverse("dossiers:queue_key"))


def test_the_worker_rules_the_site_and_knows_its_files() -> None:
    answer = Client().get("/sw.js")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    script = answer.content.decode()
    assert shell.version() in script
    for name in ("css/app.css", "js/app.js", "js/offline/sealing.js", "htmx-2.min.js"):
        assert name in script
    assert '"/mat-ket-noi/"' in script


def test_the_page_without_a_network_is_for_everybody_and_of_nobody(clerk: User) -> None:
    client = Client()
    client.force_login(clerk)
    for each in (Client(), client):
        page = each.get("/mat-ket-noi/").content.decode()
        assert "Mất kết nối" in page
        assert clerk.full_name not in page


def test_what_is_given_up_is_on_record_without_names(
    clerk: User, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    client.force_login(clerk)
    fields = {
        "key": str(uuid4()),
        "taken_at": timezone.now().isoformat(),
        "reason": "missing_components",
    }
    assert client.post(reverse("dossiers:queue_drop"), fields).status_code == 204
    assert f"user={clerk.pk} key={fields['key']}" in caplog.text
    assert "reason=missing_components" in caplog.text
    named = fields | {"reason": "Nguyễn Thị Én"}
    client.post(reverse("dossiers:queue_drop"), named)
    assert "Nguyễn" not in caplog.text
    assert client.post(reverse("dossiers:queue_drop"), {"key": "x"}).status_code == 422


def test_what_names_persons_is_not_kept_with_a_form(
    commune: Agency, version: ProcedureVersion, clerk: User
) -> None:
    """The service worker takes these sections out (static/js/offline/worker_forms.js)."""
    client = Client()
    client.force_login(clerk)
    address = reverse("dossiers:accept", args=[version.procedure.code])
    key = uuid4()
    typed = {"intake_key": str(key), "holder-name": "Hồ Thị Bưởi", "agency": str(commune.pk)}
    client.post(reverse("dossiers:draft", args=[version.procedure.code]), typed)
    page = client.get(address).content.decode()
    kept = re.sub(r"<section[^>]*data-not-kept[\s\S]*?</section>", "", page)
    assert str(key) in page
    for personal in (str(key), "Bưởi"):
        assert personal not in kept
