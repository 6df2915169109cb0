"""Each paper in both rule sets, measured: size, order of fields, margins, fonts, nothing torn."""

from datetime import datetime
from typing import Any

import pytest
import segno

from dossiers import papers
from dossiers.models import Slip
from dossiers.papers import barcodes, loading
from dossiers.papers.fields import lookup_link
from tests.dossiers.papers.reading import bars, decoded, pixels, read
from tests.dossiers.papers.samples import KINDS, OF_2018, OF_2025, Counter, counter

pytestmark = pytest.mark.django_db
A5 = (8, 10, 9, 14)
ACTS = [(kind, now) for kind in KINDS for now in (OF_2018, OF_2025)]
NUMBERS = {
    ("receipt", OF_2018): "Mẫu số 01",
    ("receipt", OF_2025): "Mẫu số 01",
    ("supplement", OF_2018): "Mẫu số 02",
    ("supplement", OF_2025): "Mẫu số 02",
    ("refusal", OF_2018): "Mẫu số 03",
    ("refusal", OF_2025): "Mẫu số 03",
    ("apology", OF_2018): "Mẫu số 04",
    ("apology", OF_2025): "Mẫu số 04",
    ("stop", OF_2018): "",
    ("stop", OF_2025): "Mẫu số 05",
    ("control_slip", OF_2018): "Mẫu số 05",
    ("control_slip", OF_2025): "Mẫu số 06",
}
# What stands on the paper, in this order, whatever the rule set.
ORDER = {
    "supplement": [
        "Số: 01/HDHS",
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Tiếp nhận hồ sơ, yêu cầu của: Nguyễn Thị Ước",
        "Nội dung yêu cầu giải quyết:",
        "Địa chỉ:",
        "Số điện thoại: 0905•••456",
        "Email:",
        "Yêu cầu hoàn thiện hồ sơ gồm:",
        "1. Bản sao Giấy chứng nhận kết hôn",
        "2. Văn bản ủy quyền",
        "Lý do: Hồ sơ thiếu giấy tờ. Căn cứ: Điều 16 Luật Hộ tịch.",
        "liên hệ với",
        "0255 3865 124",
        "NGƯỜI HƯỚNG DẪN",
    ],
    "refusal": [
        "Số: 01/PTC",
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Ước",
        "Địa chỉ:",
        "Số điện thoại:",
        "Email:",
        "Nội dung yêu cầu giải quyết:",
        "thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:",
        "Không thuộc thẩm quyền của Ủy ban nhân dân xã.",
        "liên hệ với",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ],
    "apology": [
        "Số: 01/PXL",
        "XIN LỖI",
        "Kính gửi: Ông (Bà) Nguyễn Thị Ước",
        "tiếp nhận hồ sơ đề nghị đăng ký khai sinh cho con",
        "Thời gian hẹn trả kết quả:",
        "chưa trả được kết quả",
        "Lý do: Phần mềm bị lỗi; Mất kết nối hai ngày.",
        "xin lỗi Ông (Bà)",
        "Thời gian hẹn trả lại kết quả:",
        "Mong nhận được sự thông cảm",
        "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ",
    ],
    "stop": [
        "Số: 01/TB",
        "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
        "Kính gửi: Nguyễn Thị Ước",
        "Nội dung yêu cầu giải quyết:",
        "Lý do dừng: Đã đăng ký ở nơi khác.",
        "Giai đoạn giải quyết:",
        "Quyết định:",
        "Nghĩa vụ tài chính: Lệ phí: 8.000 đồng (chưa nộp)",
        "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ",
    ],
    "control_slip": [
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "Cơ quan (bộ phận) giải quyết hồ sơ: Ủy ban nhân dân xã Trà Phú",
        "Cơ quan phối hợp giải quyết hồ sơ: Phòng Tư pháp huyện Trà Bồng",
        "TÊN CƠ QUAN",
        "THỜI GIAN GIAO, NHẬN",
        "1. Giao: 09 giờ 00 phút",
        "2. Nhận: 10 giờ 00 phút",
    ],
    "receipt": [
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Bộ phận tiếp nhận và trả kết quả:",
        "Tiếp nhận hồ sơ của: Nguyễn Thị Ước",
        "Địa chỉ:",
        "Số điện thoại: 0905•••456",
        "Email: uoc@example.vn",
        "Nội dung yêu cầu giải quyết:",
        "Thành phần hồ sơ nộp:",
        "Tờ khai theo mẫu",
        "Giấy chứng sinh",
        "Số lượng hồ sơ: 01 (bộ)",
        "Thời gian giải quyết hồ sơ theo quy định: 5 ngày làm việc",
        "Thời gian nhận hồ sơ: 09 giờ 00 phút",
        "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút",
        "Đăng ký nhận kết quả:",
        "Phí, lệ phí: Lệ phí: 8.000 đồng",
        "Vào Sổ theo dõi hồ sơ: Quyển số: 1, Số thứ tự: 1",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Ghi chú:",
    ],
}


def printed(kind: str, now: datetime) -> tuple[Slip, bytes]:
    slip = counter(now).slip(kind)
    return slip, papers.pdf_of(slip)


@pytest.mark.parametrize(("kind", "now"), ACTS)
def test_the_paper_as_it_is_printed(kind: str, now: datetime) -> None:
    slip, content = printed(kind, now)
    paper = read(content, A5)
    assert paper.sizes == [(148, 210)]
    assert paper.outside == []
    assert paper.overlaps == []
    assert paper.unembedded == []
    assert all(font.startswith("Tinos") for font in paper.fonts)
    assert ("Mẫu số" in paper.text) == bool(NUMBERS[kind, now])
    wanted = [NUMBERS[kind, now], *ORDER[kind]]
    places = [paper.text.find(words) for words in wanted]
    assert -1 not in places, [words for words in wanted if words not in paper.text]
    assert places == sorted(places)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in paper.text
    assert "Trà Phú, ngày" in paper.text
    if slip.dossier.code:
        assert f"Mã hồ sơ: {slip.dossier.code}" in paper.text


def test_the_letter_of_2025_asks_for_an_extension() -> None:
    old, new = (read(printed("apology", now)[1], A5).text for now in (OF_2018, OF_2025))
    assert "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ" in old
    assert "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT" in new
    assert "gia hạn" not in old
    assert new.index("đề nghị Ông (Bà) đồng ý gia hạn") < new.index("hẹn trả lại kết quả:")


def test_the_day_of_acceptance_decides_the_form() -> None:
    """Accepted under the old circular, stopped under the new one: still without a number."""
    place = counter(OF_2018)
    slip = place.slip("stop")
    Slip.objects.filter(pk=slip.pk).update(issued_at=OF_2025)
    assert papers.sheet_of(Slip.objects.get()).number == ""


def test_before_acceptance_the_day_of_the_act_decides() -> None:
    slip = counter(OF_2018).slip("refusal")
    slip.issued_at = OF_2025
    assert papers.sheet_of(slip).number == "03"


@pytest.mark.parametrize("kind", ["receipt", "control_slip"])
def test_margins_are_white_and_the_qr_code_stands_at_the_left_one(kind: str) -> None:
    """In tenths of a millimetre, on the picture of the page."""
    image = pixels(printed(kind, OF_2025)[1], 10)
    assert image.size == (1480, 2100)
    sides = [(0, 0, 138, 2100), (1382, 0, 1480, 2100), (0, 0, 1480, 78), (0, 2075, 1480, 2100)]
    assert all(image.crop(side).getextrema()[0] > 200 for side in sides)
    column = [y for y in range(250, 700) if image.getpixel((145, y)) < 128]
    # The left edge of two finder patterns, and 18 mm from top to bottom.
    row = [x for x in range(140, 330) if image.getpixel((x, column[0] + 5)) < 128]
    assert abs(row[0] - 140) <= 1
    assert abs(row[-1] - 319) <= 1
    bottom = max(y for y in column if y < column[0] + 190)
    assert abs(bottom - column[0] - 179) <= 2


def test_the_bars_say_the_code_and_are_wide_enough_to_scan() -> None:
    slip, content = printed("receipt", OF_2025)
    runs = bars(content)
    narrowest = min(width for _, width in runs)
    assert narrowest >= 0.19 - 1 / 40
    assert sum(width for _, width in runs) / len(barcodes.modules(str(slip.dossier.code))) >= 0.19
    assert decoded(runs) == slip.dossier.code


@pytest.mark.parametrize(
    "code",
    [
        "000.17.22.H56-240603-0001",
        "H48.12.3-251006-10000",
        "G09.20-20260609-0092637",
        "DEMO.21118.525.51.MC.PHONG.01-240410-0001",
        "A-1",
        "123",
    ],
)
def test_any_code_can_be_read_back(code: str) -> None:
    pattern = barcodes.modules(code)
    runs: list[tuple[bool, float]] = []
    for module in pattern:
        dark = module == "1"
        if runs and runs[-1][0] == dark:
            runs[-1] = (dark, runs[-1][1] + 1)
        else:
            runs.append((dark, 1.0))
    assert decoded(runs) == code
    assert barcodes.code128(code)


@pytest.mark.parametrize("code", ["Hồ sơ số 1", "X" * 60])
def test_a_foreign_code_without_bars_or_room_is_left_to_the_qr_code(code: str) -> None:
    assert barcodes.code128(code) == ""


def test_the_qr_code_is_drawn_module_by_module() -> None:
    slip, content = printed("receipt", OF_2025)
    wanted = list(segno.make(lookup_link(slip.dossier), error="m").matrix)
    per_mm = 20
    image = pixels(content, per_mm)
    size, count = 18 * per_mm, len(wanted)
    left = 14 * per_mm
    top = next(
        y
        for y in range(20 * per_mm, image.height)
        if all(image.getpixel((left + x, y)) < 128 for x in range(4, size * 7 // count - 4))
    )
    drawn = [
        [
            image.getpixel(
                (left + (2 * x + 1) * size // (2 * count), top + (2 * y + 1) * size // (2 * count))
            )
            < 128
            for x in range(count)
        ]
        for y in range(count)
    ]
    assert drawn == [[bool(module) for module in row] for row in wanted]


def test_long_names_and_twenty_papers_break_well() -> None:
    names = tuple(
        f"Giấy tờ số {n} chứng minh việc đã thực hiện nghĩa vụ theo quy định của pháp luật"
        for n in range(1, 21)
    )
    place = counter(OF_2025, names, "Công Tằng Tôn Nữ Thị " + "Nguyệt Hằng " * 13)
    place.address = "Số nhà 15, hẻm 27, ngách 8, ngõ 112, đường Võ Nguyên Giáp, " * 4
    paper = read(papers.pdf_of(place.slip("receipt")), A5)
    assert len(paper.sizes) == 2
    assert paper.outside == []
    assert paper.overlaps == []
    assert [paper.text.count(f"Giấy tờ số {n} chứng minh") for n in range(1, 21)] == [1] * 20
    # The head of the table is repeated, the two signatures stay together.
    assert sum("STT" in text for text in paper.texts) in {1, 2}
    [last] = [text for text in paper.texts if "NGƯỜI NỘP HỒ SƠ" in text]
    assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in last


def test_reasons_of_a_thousand_letters_stay_on_one_page() -> None:
    place = counter(OF_2025)
    slip = place.slip("refusal")
    slip.dossier.closing_reason = ("Không đủ điều kiện theo khoản 1 Điều 16. " * 25)[:1000]
    slip.dossier.save(update_fields=["closing_reason"])
    paper = read(papers.pdf_of(slip), A5)
    assert len(paper.sizes) == 1
    assert paper.overlaps == []


def test_a_paper_takes_a_fixed_number_of_queries(django_assert_num_queries: Any) -> None:
    place: Counter = counter(OF_2018)
    made = [place.slip("receipt") for _ in range(3)]
    for some in (made[:1], made):
        again = list(Slip.objects.filter(pk__in=[one.pk for one in some]))
        with django_assert_num_queries(16):
            loading.sources(again)
