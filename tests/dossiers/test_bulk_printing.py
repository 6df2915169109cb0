"""The papers of many dossiers as one file: by one worker, told when it fails, kept for a week."""

from datetime import timedelta
from uuid import uuid4

import pytest

from agencies.models import Agency, User
from dossiers import bulk, bulk_printing, files
from dossiers.models import BulkRun, JobState, StoredFile
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.at("2024-06-05 09:00")


@pytest.fixture
def commune() -> Agency:
    return make.agency()


def begun(commune: Agency) -> BulkRun:
    clerk: User = make.user(at=commune)
    dossier = make.dossier(agency=commune)
    return bulk.start(clerk, "print", {}, [(dossier.pk, dossier.status)], NOW, uuid4())


def test_whatever_breaks_while_printing_is_told_once(
    commune: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(commune)

    def broken(*given: object, **named: object) -> bytes:
        raise RuntimeError("secret")

    monkeypatch.setattr(bulk_printing, "print_many", broken)
    bulk.run(run.pk, lambda: NOW)
    run.refresh_from_db()
    assert (run.state, run.file, run.finished_at) == (JobState.FAILED, None, NOW)
    assert bulk.sweep(NOW + timedelta(days=1)) == []


def test_a_run_is_not_over_while_another_worker_prints(
    commune: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(commune)
    monkeypatch.setattr(bulk_printing, "finish", lambda run, clock: False)
    bulk.run(run.pk, lambda: NOW)
    run.refresh_from_db()
    assert run.state == JobState.RUNNING


def test_the_file_goes_after_a_week(commune: Agency) -> None:
    run = begun(commune)
    bulk.run(run.pk, lambda: NOW)
    bulk.sweep(NOW + timedelta(days=6))
    files.sweep(NOW + timedelta(days=6))
    assert StoredFile.objects.count() == 1
    bulk.sweep(NOW + timedelta(days=8))
    files.sweep(NOW + timedelta(days=8))
    run.refresh_from_db()
    assert (run.state, run.file, StoredFile.objects.count()) == (JobState.DONE, None, 0)
