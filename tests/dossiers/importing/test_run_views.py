"""The wizard's pages: from the upload to the undoing, in few queries, closed to strangers."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Role, User
from dossiers.models import Dossier, ImportRun
from procedures.models import ProcedureVersion
from tests import make
from tests.dossiers.importing import foreign
from tests.dossiers.importing.foreign import checked, imported, line
from tests.pages import SIGNED_IN_BEFORE

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune)


@pytest.fixture
def user(commune: Agency) -> User:
    return foreign.importer(commune)


def columns(run: ImportRun, agency: Agency) -> dict[str, str]:
    """The mapping of `foreign` as the form sends it."""
    typed = {"dates": ""}
    for column, spec in foreign.mapping(agency)["dossiers"]["columns"].items():
        constant = spec.get("constant")
        typed[f"dossiers-{column}"] = "=" if constant else f"+{spec['from']}"
        if constant:
            typed[f"dossiers-{column}-constant"] = constant
    return typed


def test_from_the_upload_to_the_undoing(
    client: Client,
    commune: Agency,
    version: ProcedureVersion,
    user: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client.force_login(user)
    file = SimpleUploadedFile("so.xlsx", foreign.book([line(1, version)]).read())
    typed = {"source": foreign.SOURCE, "agency": commune.pk, "file": file}
    assert client.post("/nhap-ho-so/tai-len/", typed).status_code == 302
    run = ImportRun.objects.get()
    base = f"/nhap-ho-so/{run.public_id}/"
    page = client.get(f"{base}cot/").content.decode()
    assert "051190120001" not in page  # a citizen's number is masked
    refused = client.post(f"{base}cot/", columns(run, commune) | {"dossiers-code": ""})
    assert refused.status_code == 422
    answer = client.post(f"{base}cot/", columns(run, commune))
    assert answer.headers["Location"] == f"{base}gia-tri/"
    assert "Trực tiếp" in client.get(f"{base}gia-tri/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{base}gia-tri/", {"dossiers.channel.0": "direct"})
    assert "Nhập 1 hồ sơ" in client.get(base).content.decode()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"{base}nhap/")
    assert Dossier.objects.count() == 1
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"{base}hoan-tac/")
    assert Dossier.objects.count() == 0
    assert "đã hoàn tác" in client.get(base).content.decode()


def test_errors_are_listed_page_by_page_and_as_a_file(
    client: Client, commune: Agency, version: ProcedureVersion, user: User
) -> None:
    lines = [line(number, version, **{"Số CCCD": "123"}) for number in range(1, 101)]
    run = checked(commune, user, lines)
    client.force_login(user)
    page = client.get(f"/nhap-ho-so/{run.public_id}/").content.decode()
    assert page.count('data-label="Dòng"') == 50
    assert "100 lỗi" in page
    file = client.get(f"/nhap-ho-so/{run.public_id}/loi.xlsx")
    assert file.content.startswith(b"PK")
    assert client.post(f"/nhap-ho-so/{run.public_id}/nhap/").status_code == 409


def test_pages_cost_few_queries(
    client: Client,
    commune: Agency,
    version: ProcedureVersion,
    user: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    run = imported(commune, user, [line(1, version)])
    client.force_login(user)
    client.get("/nhap-ho-so/")
    for address, own in (("/nhap-ho-so/", 7), (f"/nhap-ho-so/{run.public_id}/", 4)):
        with django_assert_num_queries(SIGNED_IN_BEFORE + own):
            client.get(address)


def test_another_users_run_is_not_to_be_found(
    client: Client, commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = imported(commune, user, [line(1, version)])
    for stranger, status in (
        (foreign.importer(make.agency()), 404),
        (foreign.importer(commune, Role.LEADER), 404),
        (make.staff(commune), 403),
        (foreign.importer(commune), 200),
    ):
        client.force_login(stranger)
        assert client.get(f"/nhap-ho-so/{run.public_id}/").status_code == status
    for act in ("nhap", "hoan-tac"):
        client.force_login(foreign.importer(make.agency()))
        assert client.post(f"/nhap-ho-so/{run.public_id}/{act}/").status_code == 404
