"""The command `import_dossiers`, run from outside as a process: twice, at once, killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from openpyxl import load_workbook

from agencies.models import Agency
from dossiers.importing.run import import_file
from dossiers.models import Dossier, DossierEvent, ImportBatch, Leg, Party
from motcua import grants
from procedures.models import ProcedureVersion
from tests import make
from tests.dossiers.importing.books import LATER, dossier_row, event_row, write

ROOT = Path(__file__).resolve().parents[3]

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.machine,
]


@pytest.fixture
def version() -> ProcedureVersion:
    return make.version(posted_at=make.agency())


@pytest.fixture
def file(tmp_path: Path, version: ProcedureVersion) -> Path:
    rows = [dossier_row(where(version), version, f"A-{number}") for number in range(40)]
    events = [event_row("result", "2024-06-05 10:00", f"A-{number}") for number in range(30)]
    return write(tmp_path / "ho-so.xlsx", rows, events)


def test_json_has_exactly_the_agreed_keys(file: Path) -> None:
    assert answer(file) == {"inserted": 40, "unchanged": 0, "errors": []}
    assert answer(file) == {"inserted": 0, "unchanged": 40, "errors": []}
    assert Dossier.objects.filter(is_demo=True).count() == 0


def test_words_for_people(file: Path) -> None:
    assert done(start(file, "--dry-run")) == (
        0, "Không có lỗi. Sẽ nhập 40 hồ sơ, 0 đã có. Chưa ghi gì.\n", ""
    )  # fmt: skip
    assert done(start(file)) == (0, "Đã nhập 40 hồ sơ, 0 đã có từ trước.\n", "")


def test_errors_go_to_a_file_one_line_and_the_json(
    tmp_path: Path, version: ProcedureVersion
) -> None:
    rows = [
        dossier_row(where(version), version, "A-1", phone="0905123"),
        dossier_row(where(version), version, "A-2", channel="fax"),
    ]
    file = write(tmp_path / "sai.xlsx", rows)
    code, out, err = done(start(file, "--json", "--errors", str(tmp_path / "loi.xlsx")))
    assert code == 2
    assert err.count("\n") == 1
    assert f"sai.xlsx: 2 lỗi, không nhập gì, xem {tmp_path / 'loi.xlsx'}. " in err
    told = json.loads(out)
    assert (told["inserted"], told["unchanged"]) == (0, 0)
    assert [list(error) for error in told["errors"]] == [["sheet", "row", "column", "message"]] * 2
    assert [error["column"] for error in told["errors"]] == ["phone", "channel"]
    assert "0905123" not in out + err
    listed = load_workbook(tmp_path / "loi.xlsx").active
    assert listed is not None
    assert listed.max_row == 3

    done(start(file))  # without a name: beside the file
    lines = (tmp_path / "sai.xlsx.errors.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == told["errors"]
    assert not Dossier.objects.exists()


def test_the_same_file_twice_at_once_comes_in_once(file: Path) -> None:
    told = [json.loads(done(one)[1]) for one in [start(file, "--json"), start(file, "--json")]]
    assert sorted((one["inserted"], one["unchanged"]) for one in told) == [(0, 40), (40, 0)]
    assert Dossier.objects.count() == Leg.objects.count() == 40
    assert ImportBatch.objects.count() == 1


def test_killed_in_the_middle_it_leaves_nothing_and_runs_again(file: Path) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # Dossiers are written before legs: here it has to wait.
        cursor.execute("LOCK TABLE dossiers_leg IN SHARE MODE")
        process = start(file)
        wait_for_a_waiting_insert()
        process.send_signal(signal.SIGKILL)
        assert done(process)[0] == -signal.SIGKILL
    wait_for(lambda: not importing())
    assert not Dossier.objects.exists()
    assert not Party.objects.exists()
    assert answer(file)["inserted"] == 40


def test_the_applications_role_may_import(file: Path, application: None) -> None:
    assert import_file(file, now=LATER).inserted == 40
    assert DossierEvent.objects.count() == 70


@pytest.fixture
def application() -> Iterator[None]:
    """This connection acts as the application's role: it only adds events and deltas."""
    role = connection.ops.quote_name(settings.DATABASE_APP_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.DATABASE_APP_ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {role}")
        assert grants.apply()
        cursor.execute(f"SET ROLE {role}")
        yield
        cursor.execute("RESET ROLE")


def where(version: ProcedureVersion) -> Agency:
    return version.postings.get().agency


def start(file: Path, *options: str) -> subprocess.Popen[str]:
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "motcua.settings"
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_dossiers", str(file), *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def answer(file: Path) -> dict[str, Any]:
    code, out, err = done(start(file, "--json"))
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def importing(condition: str = "true") -> bool:
    """Whether another connection to this database is at work."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT exists(SELECT FROM pg_stat_activity WHERE datname = current_database() "  # noqa: S608
            f"AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND {condition})"
        )
        (found,) = cursor.fetchone()
    return bool(found)


def wait_for_a_waiting_insert() -> None:
    # Statistics are kept as they were at a transaction's first look, unless cleared.
    def waiting() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
        return importing("wait_event_type = 'Lock' AND query LIKE 'INSERT INTO dossiers_leg%'")

    wait_for(waiting)


def wait_for(condition: Any) -> None:
    until = monotonic() + 40
    while not condition():
        assert monotonic() < until, "waited too long"
        sleep(0.05)
