"""Typed text, linked figures, blanks, and the blocks of figures that are never typed."""

from dataclasses import replace

import pytest

from reports import figure_blocks, narrative, snapshot, tokens
from reports.narrative import Line, Reading
from reports.outline import SECTIONS, Section, Shape
from tests.reports import paper_sample

TEXT = Section("x", "X", 2)
LIST = Section("x", "X", 2, Shape.LIST)


@pytest.fixture
def figures() -> snapshot.Snapshot:
    return paper_sample.snapshot()


def test_lines_are_paragraphs_items_and_inner_items() -> None:
    read = narrative.read(TEXT, "Một.\n\n- Hai;\n+ ba\n– Bốn.", {})
    assert read.lines == [Line("Một."), Line("Hai;", 1), Line("ba", 2), Line("Bốn.", 1)]
    assert narrative.read(LIST, "Một;\n- Hai.", {}).lines == [Line("Một;", 1), Line("Hai.", 1)]


def test_tokens_become_figures_and_unknown_ones_are_named() -> None:
    read = narrative.read(TEXT, "Nhận {{ tiếp  nhận }} hồ sơ, {{khác}}.", {"tiếp nhận": "627"})
    assert read.lines[0].text == f"Nhận 627 hồ sơ, {narrative.DOTS}."
    assert read.unknown == ["khác"]


@pytest.mark.parametrize(
    ("text", "blanks"),
    [
        ("[điền: số, ngày]", ["số, ngày"]),
        ("[ĐIỀN]", [""]),
        ("[Điền:  a  b ]", ["a b"]),
        ("[x]", []),
    ],
)
def test_blanks_are_found(text: str, blanks: list[str]) -> None:
    reading = Reading()
    filled = narrative.fill(text, {}, reading)
    assert reading.blanks == blanks
    assert (narrative.DOTS in filled) is bool(blanks)


def test_tokens_are_named_by_agency_block_and_way_of_counting(figures: snapshot.Snapshot) -> None:
    values = tokens.values(figures)
    assert values["tiếp nhận"] == "627"
    assert values["tiếp nhận theo số tiếp nhận"] == "844"
    assert values["tiếp nhận | Bảo trợ xã hội"] == "217"
    assert values["đang quá hạn | Xây dựng"] == "25"
    assert values["lệ phí | Đăng ký kinh doanh"] == "2.200.000"
    assert values["tỷ lệ đúng hạn | Tài nguyên và Môi trường"] == "—"
    assert (values["kỳ"], values["kỳ sau"]) == ("quý II năm 2024", "quý III năm 2024")


def test_after_the_fourth_quarter_comes_the_next_year(figures: snapshot.Snapshot) -> None:
    values = tokens.values(replace(figures, period="2024-Q4"))
    assert (values["kỳ sau"], values["năm của kỳ sau"]) == ("quý I năm 2025", "2025")


def test_both_totals_and_what_the_print_lost_are_told(figures: snapshot.Snapshot) -> None:
    text = "\n".join(line.text for line in figure_blocks.counter(figures))
    assert "đã tiếp nhận 627 hồ sơ (tính một lần" in text
    assert "kể cả 217 hồ sơ liên thông" in text
    assert "tổng số là 844 hồ sơ" in text
    assert "Đang giải quyết: 25 hồ sơ (còn trong hạn 0, đã quá hạn 25)." in text
    assert "e) Lĩnh vực Tài nguyên và Môi trường:" in text
    assert "Tổng số hồ sơ tiếp nhận trong kỳ: 0 hồ sơ." in text
    assert "2.200.000 đồng" in text


def test_one_total_is_enough_when_both_agree(figures: snapshot.Snapshot) -> None:
    same = replace(figures, blocks=figures.blocks[:3])
    text = "\n".join(line.text for line in figure_blocks.counter(same))
    assert "tính một lần" not in text
    assert not same.totals_differ


def test_online_and_post_are_shares_of_what_is_new(figures: snapshot.Snapshot) -> None:
    lines = [line.text for line in figure_blocks.online(figures)]
    assert "362 hồ sơ trên tổng số 627 hồ sơ" in lines[0]
    assert "57,74 %" in lines[0]
    assert lines[-1] == "Lĩnh vực Đăng ký kinh doanh: 54 hồ sơ."
    assert "không phát sinh" in figure_blocks.postal(figures)[0].text
    some = replace(figures, received_by_post=2, returned_by_post=1)
    assert "2 hồ sơ; trả kết quả" in figure_blocks.postal(some)[0].text


def test_every_block_of_figures_of_the_outline_exists(figures: snapshot.Snapshot) -> None:
    for section in SECTIONS.values():
        if section.figures:
            assert section.figures in figure_blocks.BLOCKS
    assert len(figure_blocks.overdue(figures)) == 1
    assert figure_blocks.overdue(replace(figures, blocks=())) == []


def test_a_snapshot_comes_back_from_json_as_it_was(figures: snapshot.Snapshot) -> None:
    import json

    assert snapshot.from_json(json.loads(json.dumps(figures.to_json()))) == figures
