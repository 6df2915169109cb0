"""`/healthz`: answers for itself, and says which of its needs fails without saying why."""

import pytest
from django.db import OperationalError
from django.test import Client

from motcua import health

pytestmark = pytest.mark.django_db


def test_a_healthy_site_says_so_to_anybody(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "healthy": True,
        "checks": {"database": True, "cache": True, "broker": True, "migrations": True},
    }
    assert "no-store" in answer["Cache-Control"]


@pytest.fixture
def broken_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> bool:
        raise OperationalError("password for host db.internal is wrong")

    monkeypatch.setattr(health, "database", refuse)


@pytest.mark.usefixtures("broken_database")
def test_a_need_that_fails_is_named_and_its_reason_kept(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] is False
    assert answer.json()["checks"]["cache"] is True
    assert b"internal" not in answer.content


def test_code_ahead_of_the_database_is_not_healthy(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan",
        lambda *_: [("a migration", False)],
    )
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] is False


def test_it_only_answers_questions(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
