"""A stranger's XLSX is read cell by cell, or refused with its place."""

import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from motcua.spreadsheet import Row, SpreadsheetRefused, read_sheets

COLUMNS = {"people": ["name", "born"]}


def _book(path: Path, rows: list[list[object]], sheet: str = "people") -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def _read(path: Path, **kwargs: object) -> list[Row]:
    return [row for _, row in read_sheets(path, COLUMNS, **kwargs)]  # type: ignore[arg-type]


def _rewritten(path: Path, member: str, content: bytes) -> Path:
    """The same package with one member exchanged."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[member] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def test_reads_typed_cells_by_column_name_in_any_order(tmp_path: Path) -> None:
    moment = datetime(2024, 4, 26, 9, 0)  # noqa: DTZ001 - a cell has no zone
    path = _book(tmp_path / "a.xlsx", [["born", "name"], [moment, "An"], [7, " Bi\u0300nh  x "]])

    rows = _read(path)

    assert [row.number for row in rows] == [2, 3]
    assert rows[0].values == {"name": "An", "born": moment}
    assert rows[1].values == {"name": "Bình x", "born": 7}
    assert rows[1].text("born") == "7"


def test_blank_rows_are_left_out_and_numbers_stay(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", [["name", "born"], [None, " "], ["An", None]])

    assert [(row.number, row.text("born")) for row in _read(path)] == [(3, "")]


def test_optional_columns_may_be_missing_and_unknown_ones_may_not(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", [["name", "born", "note"], ["An", 1, "x"]])

    assert _read(path, optional={"people": ["note", "more"]})[0].values["more"] is None
    with pytest.raises(SpreadsheetRefused, match="note"):
        _read(path)


@pytest.mark.parametrize(
    ("rows", "sheet", "says"),
    [
        ([["name"], ["An"]], "people", "Thiếu cột: born"),
        ([["name", "born"]], "others", "people"),
        ([["name", "born"], ["An", "=1+1"]], "people", "dòng 2, cột “born”: Ô chứa công thức"),
        ([["name", "born"], ["An", 1, "astray"]], "people", "nằm ngoài các cột"),
        ([["name", "born", "name"]], "people", "hai lần"),
        ([["name", "born"], ["An", 1], ["An", 2], ["An", 3]], "people", "Quá 2 dòng"),
        ([], "people", "Thiếu cột"),
    ],
)
def test_refuses_what_is_no_such_table(
    tmp_path: Path, rows: list[list[object]], sheet: str, says: str
) -> None:
    path = _book(tmp_path / "a.xlsx", rows, sheet)

    with pytest.raises(SpreadsheetRefused, match=says):
        _read(path, max_rows=2)


def test_refuses_junk_and_files_that_are_not_there(tmp_path: Path) -> None:
    junk = tmp_path / "junk.xlsx"
    junk.write_bytes(b"\x93" * 10_000_000)
    cut = _book(tmp_path / "cut.xlsx", [["name", "born"], ["An", 1]])
    cut.write_bytes(cut.read_bytes()[:3000])
    empty_zip = tmp_path / "zip.xlsx"
    with zipfile.ZipFile(empty_zip, "w") as archive:
        archive.writestr("hello", "world")

    for path in (junk, cut, empty_zip, tmp_path, tmp_path / "nothing.xlsx"):
        with pytest.raises(SpreadsheetRefused):
            _read(path)


def test_refuses_a_zip_bomb_before_unpacking_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motcua.xlsx.MAX_SHEET", 10 * 1024**2)
    path = _book(tmp_path / "bomb.xlsx", [["name", "born"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", bytes(11 * 1024**2))

    with pytest.raises(SpreadsheetRefused, match="quá lớn"):
        _read(path)


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        (b"<row r='1'>" + b"<c r='A1'><v>1</v></c>" * 50_000 + b"</row>", "quá nhiều ô"),
        (b"<row r='1'><c r='XFD1'><v>1</v></c></row>", "quá nhiều cột"),
        (b"<row r='1'><c t='s'><v>99</v></c></row>", "hỏng"),
        (b"<row r='1'><c t='e'><v>#REF!</v></c></row>", "báo lỗi #REF!"),
        (b"<row r='x'></row>", "hỏng"),
        (b"<row r='1'>", "hỏng"),
    ],
)
def test_refuses_sheets_that_are_made_to_hurt(tmp_path: Path, inside: bytes, says: str) -> None:
    path = _book(tmp_path / "a.xlsx", [["name", "born"]])
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b"<worksheet xmlns='%s'><sheetData>%s</sheetData></worksheet>" % (namespace, inside)

    with pytest.raises(SpreadsheetRefused, match=says):
        _read(_rewritten(path, "xl/worksheets/sheet1.xml", sheet))


def test_a_gap_of_a_billion_rows_costs_nothing(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", [["name", "born"]])
    sheet = (
        b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        b"<dimension ref='A1:A1'/><sheetData><row r='1'><c t='str'><v>name</v></c>"
        b"<c t='str'><v>born</v></c></row><row r='999999999'><c><v>5</v></c></row>"
        b"</sheetData></worksheet>"
    )

    rows = _read(_rewritten(path, "xl/worksheets/sheet1.xml", sheet))

    assert [(row.number, row.values["name"]) for row in rows] == [(999999999, 5)]


_STREAM = """
import resource, sys
from motcua.spreadsheet import read_sheets
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = sum(1 for _ in read_sheets(sys.argv[1], {"people": [f"c{i}" for i in range(16)]}))
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_streams_without_keeping_rows(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("people")
    page.append([f"c{i}" for i in range(16)])
    for row in range(10_000):
        page.append([f"giá trị {row}/{i}" for i in range(16)])
    path = tmp_path / "big.xlsx"
    book.save(path)

    done = subprocess.run(
        [sys.executable, "-c", _STREAM, str(path)], capture_output=True, text=True, check=True
    )

    rows, kilobytes = map(int, done.stdout.split())
    assert rows == 10_000
    assert kilobytes < 40 * 1024
