"""A bulk act whose worker is killed, or whose PostgreSQL is restarted, in the middle."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from dossiers import bulk
from dossiers.models import BulkRun, JobState
from motcua import localservices
from motcua.localservices import places, postgres
from motcua.localservices.places import Places
from tests import make
from tests.dossiers.test_bulk import begin, done_ones, handed_over, states

NOW = make.at("2024-06-05 09:00")
LATER = NOW + bulk.LEASE * 2
ROOT = Path(settings.BASE_DIR)

# A worker that stops in the middle of its third dossier: done, and not yet committed.
WORKER = """
import os, sys, time, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from datetime import datetime
from dossiers import bulk
now = datetime.fromisoformat(sys.argv[2])
perform, count = bulk._perform, 0
def stuck(*given):
    global count
    made = perform(*given)
    count += 1
    if count == 3:
        print("half", flush=True)
        sys.stdin.readline()
    return made
bulk._perform = stuck
try:
    bulk.run(int(sys.argv[1]), lambda: now)
except bulk.GONE:
    print("gone", flush=True)
"""


@contextmanager
def worker(run_id: int, address: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(run_id), NOW.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": address,
            "DATABASE_OWNER_URL": address,
            "REDIS_URL": "redis://localhost:1/0",
        },
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()
        process.stdin.close()


def says(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.machine
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_killed_worker_s_run_goes_on_and_does_nothing_twice() -> None:
    commune = make.agency()
    clerk = make.user(at=commune)
    dossiers = done_ones(commune, clerk, 5)
    run = begin(clerk, "hand_over", dossiers)
    database = connection.settings_dict
    address = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    with worker(run.pk, address) as process:
        assert says(process) == "half"
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
    assert handed_over(dossiers)[3:] == [0, 0]
    assert sum(handed_over(dossiers)) == 2  # the third was undone with its worker
    assert BulkRun.objects.get().state == JobState.RUNNING
    assert bulk.sweep(LATER) == [run.pk]
    for _ in range(2):  # nudged twice
        bulk.run(run.pk, lambda: LATER)
    run.refresh_from_db()
    assert (run.state, states(run)) == (JobState.DONE, [JobState.DONE] * 5)
    assert handed_over(dossiers) == [1] * 5


@pytest.fixture
def private() -> Iterator[Places]:
    """A PostgreSQL of its own, which may be restarted."""
    with tempfile.TemporaryDirectory(prefix="motcua-") as folder:
        Path(folder).chmod(0o711)
        where = Places.under(Path(folder) / "var")
        localservices.ensure(where)
        yield where
        localservices.stop(where)
        places.unused(where)


# What the test does inside the private database: another process, since ours uses another one.
STEPS = """
import os, sys, json, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from django.core.management import call_command
from dossiers import bulk
from dossiers.models import BulkRun, Dossier, JobState
from tests import make
from tests.dossiers import test_bulk, test_bulk_faults as faults
if sys.argv[1] == "begin":
    call_command("migrate", verbosity=0)
    commune = make.agency()
    clerk = make.user(at=commune)
    run = test_bulk.begin(clerk, "hand_over", test_bulk.done_ones(commune, clerk, 5))
    print(run.pk)
else:
    before = test_bulk.handed_over(list(Dossier.objects.order_by("pk")))
    nudged = bulk.sweep(faults.LATER)
    for pk in nudged:
        bulk.run(pk, lambda: faults.LATER)
    run = BulkRun.objects.get()
    after = test_bulk.handed_over(list(Dossier.objects.order_by("pk")))
    print(json.dumps([before, after, run.state, test_bulk.states(run)]))
"""


def step(name: str, address: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", STEPS, name],
        env={**os.environ, "DATABASE_URL": address, "DATABASE_OWNER_URL": address},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.mark.machine
def test_postgresql_restarted_in_the_middle_loses_nothing_and_repeats_nothing(
    private: Places,
) -> None:
    user = places.OWNER_ROLE
    address = f"postgresql://{user}@/{localservices.DATABASE}?host={private.sockets}"
    run_id = int(step("begin", address))
    with worker(run_id, address) as process:
        assert says(process) == "half"
        assert postgres.stop(private)
        assert postgres.start(private, localservices.DATABASE)
        assert process.stdin is not None
        process.stdin.write("go on\n")
        process.stdin.flush()
        assert says(process) == "gone"
    assert step("end", address) == (
        '[[1, 1, 0, 0, 0], [1, 1, 1, 1, 1], "done", ["done", "done", "done", "done", "done"]]'
    )
