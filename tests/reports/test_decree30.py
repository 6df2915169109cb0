"""The real report PDF obeys Nghị định 30/2020, and the check finds what does not."""

from functools import cache
from io import BytesIO

import pydyf  # type: ignore[import-untyped]
import pytest

from motcua import pdf
from reports import district_quarter
from tests.reports import decree30, paper_sample

TYPED = {
    "paper.signature": "TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch",
    "paper.signer": "Nguyễn Văn Ước",
    "paper.dated": "2024-06-05",
    "paper.addressees": "Ủy ban nhân dân tỉnh Quảng Ngãi\nSở Nội vụ tỉnh Quảng Ngãi",
    "paper.grounds": "Căn cứ Nghị định số 61/2018/NĐ-CP ngày 23/4/2018 của Chính phủ",
}


@cache
def finished_html() -> str:
    paper = district_quarter.compose(
        paper_sample.snapshot(), TYPED, created=paper_sample.CREATED, is_draft=False
    )
    return district_quarter.html(paper)


def broken(*changes: tuple[str, str]) -> set[str]:
    """The elements that the check finds wrong after these changes of the finished HTML."""
    html = finished_html()
    for before, after in changes:
        assert before in html, before
        html = html.replace(before, after)
    return {finding.element for finding in decree30.check(pdf.render(html))}


def test_the_report_obeys_the_decree() -> None:
    assert decree30.check(pdf.render(finished_html())) == []


def test_a_report_still_blank_obeys_it_too() -> None:
    paper = district_quarter.compose(
        paper_sample.snapshot(), {}, created=paper_sample.CREATED, is_draft=True
    )
    assert decree30.check(pdf.render(district_quarter.html(paper))) == []


@pytest.mark.parametrize(
    ("changes", "elements"),
    [
        (
            [
                ("size: A4;", "size: Letter;"),
                ("22mm 17mm 22mm 32mm", "22mm 17mm 22mm 25mm"),
                ("Kính gửi:", "Gửi:"),
                ("./.", "."),
                ("font: 13pt Tinos", "font: 10pt Tinos"),
            ],
            {"khổ giấy", "lề trang", "Kính gửi", "kết thúc", "số trang"},
        ),
        (
            [
                ("14pt/1.25 Tinos", "14pt/1.25 Arimo"),
                (".nation { font-size: 13pt", ".nation { font-size: 15pt"),
                (".whole::after { left: 0; width: 100%", ".whole::after { left: 20%; width: 60%"),
                (".part::after { left: 30%; width: 40%", ".part::after { left: 5%; width: 90%"),
                ("tháng 6 năm", "tháng 06 năm"),
                ("Số:", "<i>Số:</i>"),
                (".to { font-size: 11pt", ".to { font-size: 14pt"),
            ],
            {
                "phông chữ", "Quốc hiệu", "Tiêu ngữ", "tên cơ quan", "tên loại, trích yếu",
                "địa danh, thời gian", "số, ký hiệu", "Nơi nhận",
            },
        ),
        (
            [
                ("color: #000", "color: #444"),
                ("text-align: justify", "text-align: left"),
                ("avoid; font-weight: bold; margin", "avoid; margin"),
                ("padding-top: 26mm", "padding-top: 5mm"),
                ("- Lưu: VT.", "- Lưu trữ"),
                ("(Kèm theo Báo cáo số", "(Theo Báo cáo số"),
                ("@page :first { @top-center { content: none; } }", ""),
                ("display: table-header-group", "display: table-row-group"),
            ],
            {"màu chữ", "nội dung", "đề mục", "chữ ký", "Nơi nhận", "phụ lục", "số trang"},
        ),
    ],
    ids=["page", "head", "body"],
)  # fmt: skip
def test_the_check_finds_what_is_broken(changes: list[tuple[str, str]], elements: set[str]) -> None:
    assert broken(*changes) >= elements


def test_the_check_finds_fonts_that_are_not_embedded() -> None:
    document = pydyf.PDF()
    font = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Times-Roman"})
    document.add_object(font)
    text = pydyf.Stream([b"BT /F1 13 Tf 100 700 Td (Bao cao) Tj ET"])
    document.add_object(text)
    document.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page", "Parent": document.pages.reference, "Contents": text.reference,
                "MediaBox": pydyf.Array([0, 0, 595, 842]),
                "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F1": font.reference})}),
            }
        )
    )  # fmt: skip
    out = BytesIO()
    document.write(out)
    found = decree30.check(out.getvalue())
    assert any(f.element == "phông chữ" and "không được nhúng" in f.detail for f in found)
    assert {"Quốc hiệu", "Tiêu ngữ", "chữ ký", "Nơi nhận"} <= {f.element for f in found}
