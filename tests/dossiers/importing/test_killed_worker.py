"""A worker killed in the middle of a run: nothing is left, the sweep finds it, it runs again."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from dossiers import import_runs
from dossiers.importing import working
from dossiers.models import Dossier, ImportRun, Party, TallyDelta
from tests import make
from tests.dossiers.importing import foreign
from tests.dossiers.importing.test_command import (
    ROOT,
    done,
    importing,
    wait_for,
    wait_for_a_waiting_insert,
)

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.machine,
]
WORKER = """
import sys, django
django.setup()
from django.conf import settings
from django.utils import timezone
settings.MEDIA_ROOT = sys.argv[1]
from dossiers.importing import working
working.work(int(sys.argv[2]), timezone.now)
"""


def start(run: ImportRun, media: Path) -> subprocess.Popen[str]:
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "motcua.settings"
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(media), str(run.pk)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_killed_worker_leaves_nothing_and_the_run_goes_on(settings: Any, tmp_path: Path) -> None:
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}
    settings.MEDIA_ROOT = tmp_path
    commune = make.agency()
    version = make.version(posted_at=commune)
    lines = [foreign.line(number, version) for number in range(1, 21)]
    run = foreign.checked(commune, foreign.importer(commune), lines)
    import_runs.request_import(run)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE dossiers_leg IN SHARE MODE")
        process = start(run, tmp_path)
        wait_for_a_waiting_insert()
        process.send_signal(signal.SIGKILL)
        assert done(process)[0] == -signal.SIGKILL
    wait_for(lambda: not importing())
    run.refresh_from_db()
    assert (run.state, run.attempt) == ("importing", 1)
    left = [model._default_manager.count() for model in (Dossier, Party, TallyDelta)]
    assert left == [0, 0, 0]
    assert working.sweep(timezone.now() + timedelta(seconds=90)) == [run.pk]
    foreign.worked(run)
    assert (run.state, run.attempt, Dossier.objects.count()) == ("done", 2, 20)
