"""The command `due`, run from outside as a process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from motcua.commands import execute

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.django_db


def run_due(*arguments: str) -> subprocess.CompletedProcess[str]:
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
    environment = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "motcua.settings"
    command = [sys.executable, "manage.py", "due", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def answer(*arguments: str) -> dict[str, Any]:
    done = run_due(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_json_has_exactly_the_agreed_keys() -> None:
    found = answer("5", "working_day", "--from", "2024-04-26T09:00")
    assert list(found) == ["due_at", "lapses_at", "original_due_at", "suspended", "days"]
    assert found["due_at"] == found["original_due_at"] == "2024-05-07T17:00:00+07:00"
    assert found["lapses_at"] == "2024-05-08T00:00:00+07:00"
    assert found["suspended"] == []
    assert [day["date"] for day in found["days"] if day["counts"]] == [
        "2024-05-02",
        "2024-05-03",
        "2024-05-04",
        "2024-05-06",
        "2024-05-07",
    ]
    assert len(found["days"]) == 12
    assert all(set(day) == {"date", "counts", "why"} and day["why"] for day in found["days"])


def test_suspensions_of_a_daily_limit_are_told_in_days() -> None:
    spans = ["--suspend", "2024-06-05T10:00..2024-06-07T15:00", "--suspend", "2024-06-12.."]
    found = answer("5", "working_day", "--from", "2024-06-03", *spans)
    assert found["suspended"] == [
        {"from": "2024-06-05T10:00:00+07:00", "to": "2024-06-07T15:00:00+07:00", "days": 2},
        {"from": "2024-06-12T00:00:00+07:00", "to": None, "days": None},
    ]
    assert (found["due_at"], found["lapses_at"]) == (None, None)
    assert found["original_due_at"] == "2024-06-10T17:00:00+07:00"


def test_suspension_of_an_hourly_limit_is_told_in_minutes() -> None:
    span = "2024-06-14T08:00..2024-06-17T08:00"
    found = answer("8", "working_hour", "--from", "2024-06-13T16:00", "--suspend", span)
    assert found["due_at"] == found["lapses_at"] == "2024-06-17T16:00:00+07:00"
    assert [part["minutes"] for part in found["suspended"]] == [480]
    assert set(found["suspended"][0]) == {"from", "to", "minutes"}


def test_restart_runs_anew() -> None:
    span = "2024-06-05..2024-06-07T15:00"
    found = answer(
        "5", "working_day", "--from", "2024-06-03", "--suspend", span, "--policy", "restart"
    )
    assert found["due_at"] == "2024-06-14T17:00:00+07:00"


def test_without_json_it_speaks_vietnamese() -> None:
    span = "2024-06-05..2024-06-07"
    done = run_due("10", "day", "--from", "2024-06-03T09:00", "--suspend", span)
    assert done.returncode == 0
    assert done.stdout.splitlines()[:4] == [
        "Hạn trả: 17 giờ 00 phút, ngày 17/06/2024",
        "Hạn ban đầu: 17 giờ 00 phút, ngày 13/06/2024",
        "Quá hạn từ: 00 giờ 00 phút, ngày 18/06/2024",
        "Tạm dừng: 00 giờ 00 phút, ngày 05/06/2024 đến 00 giờ 00 phút, ngày 07/06/2024 (2 ngày)",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "5 working_day",
        "5 week --from 2024-06-03",
        "0 day --from 2024-06-03",
        "-5 day --from 2024-06-03",
        "5.5 day --from 2024-06-03",
        "999999 month --from 2024-06-03",
        "9999999 day --from 2024-06-03",
        "5 day --from 2024-02-30",
        "5 day --from 2024-06-03T24:01",
        "5 day --from 2024-06-03T09:00+07:00",
        "5 day --from 1999-06-03",
        "5 day --from 2024-06-03 --suspend 2024-06-07..2024-06-05",
        "5 day --from 2024-06-03 --suspend 2024-06-05",
        "5 day --from 2024-06-03 --suspend ..2024-06-05",
        "5 day --from 2024-06-03 --suspend 2024-06-05.. --suspend 2024-06-06..",
        "5 day --from 2024-06-03 --policy stop",
        "5 day --from 2024-06-03 --calendar nowhere",
        "5 day --from 2024-06-03 --bogus",
    ],
)
def test_refuses_in_one_line(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code: object = execute(["manage.py", "due", *line.split(), "--json"])
    except SystemExit as refusal:
        code = refusal.code
    output = capsys.readouterr()
    assert (code, output.out) == (2, "")
    assert len(output.err.splitlines()) == 1


@pytest.mark.parametrize(
    "line",
    [
        "5 week --from 2024-06-03",  # refused by the parser
        "5 day --from 1999-06-03",  # refused by the clock
    ],
)
def test_refuses_in_one_line_as_a_process(line: str) -> None:
    done = run_due(*line.split(), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
