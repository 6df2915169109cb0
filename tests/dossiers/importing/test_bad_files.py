"""Files that are no import at all: told in one line, with their place when it is known."""

import os
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import Workbook, load_workbook

from dossiers.importing.rows import COLUMNS
from dossiers.importing.run import Imported, import_file
from dossiers.models import Dossier, ImportBatch
from motcua.commands import CommandRefused
from tests import make
from tests.dossiers.importing.books import LATER, dossier_row, event_row, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    commune = make.agency()
    version = make.version(posted_at=commune)
    rows = [dossier_row(commune, version, f"A-{number}") for number in range(3)]
    return write(tmp_path / "ho-so.xlsx", rows, [event_row("result", "2024-06-05 10:00", "A-1")])


def refused(path: Path) -> tuple[str, int | None, str]:
    done: Imported = import_file(path, now=LATER)
    (error,) = done.errors
    assert error.message
    assert (done.inserted, done.unchanged) == (0, 0)
    assert not Dossier.objects.exists()
    assert not ImportBatch.objects.exists()
    return error.sheet, error.row, error.column


def test_a_formula_is_refused_where_it_stands(file: Path) -> None:
    book = load_workbook(file)
    book["dossiers"]["I3"] = "=HYPERLINK(A1)"
    book.save(file)
    assert refused(file) == ("dossiers", 3, "holder")


@pytest.mark.parametrize("sheet", COLUMNS)
def test_wrong_columns_are_refused(file: Path, sheet: str) -> None:
    for cell, value in (("A1", "ma_ho_so"), ("A1", None), ("P1", "ghi_chu"), ("B1", "code")):
        book = load_workbook(file)
        book[sheet][cell] = value
        book.save(file.with_name("sai.xlsx"))
        assert refused(file.with_name("sai.xlsx"))[0] == sheet


@pytest.mark.parametrize("sheet", COLUMNS)
def test_a_missing_sheet_is_refused(file: Path, sheet: str) -> None:
    book = load_workbook(file)
    del book[sheet]
    book.save(file)
    refused(file)


def test_other_sheets_and_the_order_of_columns_do_not_matter(file: Path) -> None:
    book = load_workbook(file)
    book.create_sheet("ghi chú", 0)["A1"] = "của tôi"
    book["events"].move_range("A1:A2", cols=9)
    book.save(file)
    assert import_file(file, now=LATER).inserted == 3


def test_junk_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rac.xlsx"
    path.write_bytes(os.urandom(10 * 1024**2))
    refused(path)


def test_junk_rows_are_refused_in_bounded_memory(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    for name, columns in COLUMNS.items():
        sheet = book.create_sheet(name)
        sheet.append(columns)
        for number in range(2_000):
            sheet.append([f"rác {number}"] * len(columns))
    book.save(tmp_path / "rac.xlsx")
    done = import_file(tmp_path / "rac.xlsx", now=LATER)
    assert len(done.errors) > 4_000
    assert not Dossier.objects.exists()


def test_a_zip_bomb_is_refused(tmp_path: Path, file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    bomb = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        with archive.open("xl/sharedStrings.xml", "w") as member:
            for _ in range(300):
                member.write(b"\0" * 1024**2)
    refused(bomb)


def test_the_command_says_it_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "trống.xlsx").write_bytes(b"")
    (tmp_path / "chữ.xlsx").write_bytes(b"code,procedure\n")
    for name in ("trống.xlsx", "chữ.xlsx", "không-có.xlsx"):
        with pytest.raises(CommandRefused, match=f"^{name}: 1 lỗi, không nhập gì") as refusal:
            call_command("import_dossiers", str(tmp_path / name))
        assert refusal.value.returncode == 2
        assert "\n" not in str(refusal.value)
    assert len(list(tmp_path.iterdir())) == 2
