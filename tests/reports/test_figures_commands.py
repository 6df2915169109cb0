"""The commands `figures` and `recount`, run from outside as processes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from motcua.commands import execute
from reports import fold
from reports.cells import COLUMNS
from reports.models import ChannelCount
from tests.reports import histories, world
from tests.reports.test_figures import leg

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "motcua.settings"
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def answer(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture
def here() -> world.World:
    here = world.make()
    histories.save(
        here,
        [
            leg("A", "2025-06-02 09:00", "2025-06-04 09:00", outcome="early"),
            leg("A", "2025-06-02 09:00", "2025-06-04 09:00", outcome="overdue", version=1),
            leg("A", "2025-06-03 09:00", channel="online", due="2025-06-10"),
            leg("O", "2025-06-03 09:00", version=2),
        ],
    )
    return here


def test_every_cell_lists_as_many_codes_as_it_says(here: world.World) -> None:
    question = ["figures", "--agency", "DEMO-A", "--period", "2025-Q2", "--by", "block"]
    found = answer(*question)
    assert [row["c3"] for row in found["rows"]] == [3, 1]
    assert list(found["total"]) == list(COLUMNS)
    assert list(found["total"].values()) == [4, 1, 3, 0, 2, 1, 0, 1, 2, 1, 1]
    assert found["rates"]["resolved"] == {"num": 1, "den": 2, "percent": "50.00"}
    assert {check["ok"] for check in found["checks"]} == {True}
    for column in ("c3", "c10", "c13"):
        codes = run(*question, "--list", column).stdout.split()
        assert len(codes) == len(set(codes)) == found["total"][column]
    row = found["rows"][0]
    assert len(answer(*question, "--list", "c3", "--key", row["key"])) == row["c3"]


def test_a_person_reads_a_table(here: world.World) -> None:
    done = run("figures", "--agency", "DEMO-A", "--period", "2025-06", "--by", "field")
    assert done.returncode == 0
    assert "từ ngày 15/05/2025 đến ngày 14/06/2025" in done.stdout
    assert "Tổng số" in done.stdout
    for column in COLUMNS:
        assert f"({column})" in done.stdout


REFUSED = [
    ["--agency", "nowhere", "--period", "2025-Q2"],
    ["--agency", "DEMO-A"],
    *(
        ["--agency", "DEMO-A", "--period", *wrong]
        for wrong in (
            ["2025-Q7"],
            ["2025-Q2", "--as-of", "2025-06-31"],
            ["2025-Q2", "--as-of", "2025-07-01"],
            ["2025-Q2", "--below", "--interagency", "as-received"],
            ["2025-Q2", "--list", "c2"],
            ["2025-Q2", "--list", "c3", "--key", "x"],
            ["2025-Q2", "--key", "x"],
            ["2025-Q2", "--by", "channel", "--list", "c3", "--key", "fax"],
        )
    ),
]


def test_a_refusal_is_one_line_and_exit_2(here: world.World) -> None:
    done = run("figures", *REFUSED[0])
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def _exit_code(*arguments: str) -> object:
    try:
        return execute(["manage.py", *arguments])
    except SystemExit as left:
        return left.code


def test_every_refusal_is_one_line(here: world.World, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in REFUSED:
        code = _exit_code("figures", *wrong)
        printed = capsys.readouterr()
        assert (code, printed.out, printed.err.count("\n")) == (2, "", 1), wrong


def test_recount_says_equal_different_and_repairs(here: world.World) -> None:
    assert answer("recount")["differences"] == []
    fold.fold_all()
    ChannelCount.objects.filter(channel="online").update(received=7)
    for arguments in (["recount", "--json"], ["recount", "--json", "--repair"]):
        done = run(*arguments)
        assert (done.returncode, done.stderr) == (1, "")
        found = json.loads(done.stdout)
        assert list(found) == ["compared", "differences"]
        assert [one["measure"] for one in found["differences"]].count("received") >= 1
    assert answer("recount")["differences"] == []
