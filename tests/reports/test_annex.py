"""The XLSX annex: a sheet for each way of counting, columns of II.06a, provenance, plain text."""

from dataclasses import replace
from io import BytesIO

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from reports import annex
from reports.snapshot import Snapshot
from tests.reports import paper_sample


def sheets(snapshot: Snapshot) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(BytesIO(annex.workbook(snapshot)))
    return {sheet.title: sheet for sheet in book.worksheets}


def rows(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.values)


def test_each_way_of_counting_has_its_sheet_and_total() -> None:
    found = sheets(paper_sample.snapshot())
    totals = {name: rows(sheet)[-1] for name, sheet in found.items()}
    assert totals["Tính một lần"][2:] == (627, 362, 265, 0, 537, 194, 343, 0, 90, 65, 25)
    assert totals["Theo số tiếp nhận"][2:] == (844, 362, 482, 0, 754, 394, 360, 0, 90, 65, 25)


def test_the_columns_are_numbered_and_sum_up() -> None:
    (sheet, _) = sheets(paper_sample.snapshot()).values()
    found = rows(sheet)
    head = next(i for i, row in enumerate(found) if row[0] == "(1)")
    assert found[head] == tuple(f"({n})" for n in range(1, 14))
    blocks = [row for row in found[head + 1 : -1] if not str(row[0]).isdigit()]
    assert [sum(int(str(row[n])) for row in blocks) for n in range(2, 13)] == list(found[-1][2:])
    assert sheet.cell(head + 2, 3).number_format == "#,##0"
    assert sheet.print_title_rows


def test_the_figures_say_where_they_come_from() -> None:
    (sheet, _) = sheets(paper_sample.snapshot()).values()
    facts = {row[0]: row[2] for row in rows(sheet)}
    assert facts["Kỳ báo cáo:"] == "Quý II năm 2024 (từ ngày 15/3/2024 đến ngày 14/6/2024)"
    assert facts["Phiên bản định nghĩa số liệu:"] == "ii06a-1"
    assert facts["Ghi chú:"] == annex.DEMO
    real = replace(paper_sample.snapshot(), is_demo=False)
    assert "Ghi chú:" not in {row[0] for row in rows(sheets(real)["Tính một lần"])}


def test_a_name_that_looks_like_a_formula_stays_text() -> None:
    whole = paper_sample.snapshot()
    evil = replace(whole.blocks[0], name="=HYPERLINK(1)")
    (sheet, _) = sheets(replace(whole, blocks=(evil,))).values()
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == "=HYPERLINK(1)")
    assert cell.data_type == "s"
