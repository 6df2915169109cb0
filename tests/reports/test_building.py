"""A build runs once and completely, whoever is killed and however often it is asked for."""

import hashlib
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from motcua import pdf
from reports import building, tasks
from reports.models import ReportBuild
from tests.reports import desk
from tests.reports.desk import NOW

Status = ReportBuild.Status


@pytest.fixture(autouse=True)
def _media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def build(db: None) -> ReportBuild:
    return building.request(desk.draft(desk.make_desk()), user=None, now=NOW)


def files(build: ReportBuild) -> list[Path]:
    return sorted(building.folder_of(build).iterdir())


def test_a_build_writes_pdf_and_xlsx(build: ReportBuild) -> None:
    building.run(build.pk, lambda: NOW)
    build.refresh_from_db()
    assert (build.status, build.progress, build.attempt) == (Status.DONE, 100, 1)
    names = ["district_quarter-DEMO.525-2024-Q2.pdf", "district_quarter-DEMO.525-2024-Q2.xlsx"]
    assert [file.name for file in files(build)] == names
    for told, file in zip(build.files, files(build), strict=True):
        assert Path(settings.MEDIA_ROOT) / told["path"] == file
        assert told["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_message_delivered_twice_builds_once(
    build: ReportBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.build_report(build.pk)
    monkeypatch.setattr(pdf, "render", lambda html: pytest.fail("built again"))
    tasks.build_report(build.pk)
    build.refresh_from_db()
    assert build.attempt == 1


def test_a_second_click_finds_the_build_under_way(build: ReportBuild) -> None:
    assert building.request(build.report, user=None, now=NOW).pk == build.pk
    building.run(build.pk, lambda: NOW)
    assert building.request(build.report, user=None, now=NOW).pk != build.pk


def test_the_database_refuses_two_live_builds_of_a_report(build: ReportBuild) -> None:
    with pytest.raises(IntegrityError, match="build_one_at_a_time"), transaction.atomic():
        ReportBuild.objects.create(report=build.report, requested_at=NOW)


def test_the_database_refuses_a_finished_build_without_its_end(build: ReportBuild) -> None:
    with pytest.raises(IntegrityError, match="build_finished_iff_over"), transaction.atomic():
        ReportBuild.objects.update(status=Status.DONE)


def test_a_failure_is_told_in_words(build: ReportBuild, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(html: str) -> bytes:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(pdf, "render", broken)
    building.run(build.pk, lambda: NOW)
    build.refresh_from_db()
    assert build.status == Status.FAILED
    assert "secret" not in build.error
    assert files(build) == []


def test_missing_fonts_are_named(build: ReportBuild, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(html: str) -> bytes:
        raise pdf.FontsMissing

    monkeypatch.setattr(pdf, "render", missing)
    building.run(build.pk, lambda: NOW)
    build.refresh_from_db()
    assert "fonts-croscore" in build.error


def test_a_run_given_up_for_dead_writes_nothing_more(
    build: ReportBuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = pdf.render

    def slow(html: str) -> bytes:
        monkeypatch.setattr(pdf, "render", render)
        later = NOW + building.LEASE + timedelta(seconds=1)
        assert building.sweep(later) == [build.pk]
        building.run(build.pk, lambda: later)  # another worker, while this one sleeps
        return render(html)

    monkeypatch.setattr(pdf, "render", slow)
    building.run(build.pk, lambda: NOW)
    build.refresh_from_db()
    assert (build.status, build.attempt) == (Status.DONE, 2)
    assert len(files(build)) == 2


def test_a_build_that_always_dies_is_given_up(build: ReportBuild) -> None:
    ReportBuild.objects.update(status=Status.RUNNING, attempt=3, claimed_at=NOW)
    assert building.sweep(NOW + timedelta(hours=1)) == []
    build.refresh_from_db()
    assert build.status == Status.FAILED


def test_the_sweep_leaves_alone_what_is_at_work(build: ReportBuild) -> None:
    ReportBuild.objects.update(status=Status.RUNNING, attempt=1, claimed_at=NOW)
    assert building.sweep(NOW + timedelta(seconds=30)) == []
    build.refresh_from_db()
    assert build.status == Status.RUNNING


WORKER = """
import os, sys, time, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[2]
from django.utils import timezone
from reports import building, output
put = output.put
def stuck(path, content, kind):
    made = put(path, content, kind)
    path.with_name("." + path.name + ".1.part").write_bytes(content[:100])
    print("half", flush=True)
    time.sleep(600)
    return made
output.put = stuck
building.run(int(sys.argv[1]), timezone.now)
"""


@pytest.mark.machine
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_killed_worker_s_build_is_done_once_and_completely(tmp_path: Path) -> None:
    """A real process, killed after the PDF and before the XLSX."""
    build = building.request(desk.draft(desk.make_desk()), user=None, now=NOW)
    with worker(build, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "half"
        os.kill(process.pid, signal.SIGKILL)
    build.refresh_from_db()
    assert build.status == Status.RUNNING
    assert build.claimed_at is not None
    after = build.claimed_at + building.LEASE + timedelta(seconds=1)
    assert building.sweep(after) == [build.pk]
    assert building.sweep(after) == [build.pk]  # a second sweeper only nudges again
    for _ in range(2):
        building.run(build.pk, lambda: after)
    build.refresh_from_db()
    assert (build.status, build.attempt, len(build.files)) == (Status.DONE, 2, 2)
    assert [file.suffix for file in files(build)] == [".pdf", ".xlsx"]


class worker:  # noqa: N801 - used as a context
    def __init__(self, build: ReportBuild, media: Path) -> None:
        database = connection.settings_dict
        address = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(build.pk), str(media)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "DATABASE_URL": address, "DATABASE_OWNER_URL": address},
        )

    def __enter__(self) -> subprocess.Popen[str]:
        return self.process

    def __exit__(self, *details: object) -> None:
        self.process.kill()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
