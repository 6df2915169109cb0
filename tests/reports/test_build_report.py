"""The command from outside: as a process on its own database rows."""

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from django.db import connection

from tests.reports import decree30, desk

pytestmark = [
    pytest.mark.machine,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def build_report(*arguments: str) -> subprocess.CompletedProcess[str]:
    database = connection.settings_dict
    address = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    return subprocess.run(
        [sys.executable, "manage.py", "build_report", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DATABASE_URL": address, "DATABASE_OWNER_URL": address},
    )


def test_builds_pdf_and_xlsx_and_says_what_is_blank(tmp_path: Path) -> None:
    desk.make_desk()
    done = build_report(
        "district_quarter",
        "--agency",
        "525",
        "--period",
        "2024-Q2",
        "--out",
        str(tmp_path),
        "--json",
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert set(told) == {"files", "warnings"}
    assert [set(file) for file in told["files"]] == [{"kind", "path", "sha256"}] * 2
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["district_quarter-525-2024-Q2.pdf", "district_quarter-525-2024-Q2.xlsx"]
    assert any("còn để trống" in warning for warning in told["warnings"])
    assert decree30.check((tmp_path / names[0]).read_bytes()) == []
    sheet = openpyxl.load_workbook(tmp_path / names[1])["Tính một lần"]
    total = next(row for row in sheet.values if row[1] == "Tổng cộng")
    assert total[2:] == (3, 0, 3, 0, 0, 0, 0, 0, 3, 0, 3)


@pytest.mark.parametrize(
    ("kind", "agency", "period"),
    [
        ("nothing", "525", "2024-Q2"),
        ("district_quarter", "999", "2024-Q2"),
        ("district_quarter", "525", "2024-Q5"),
        ("district_quarter", "525", "2024"),
        ("district_quarter", "525", "2199-Q1"),
    ],
)
def test_refuses_in_one_line(kind: str, agency: str, period: str, tmp_path: Path) -> None:
    desk.make_desk()
    out = tmp_path / "out"
    done = build_report(kind, "--agency", agency, "--period", period, "--out", str(out))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert not out.exists()
