"""Mẫu 01: the fields in order, A5, a QR code without personal data."""

from io import BytesIO

import pdfplumber
import pytest

from dossiers import papers
from dossiers.models import Dossier
from dossiers.papers import printing
from dossiers.papers.fields import lookup_link
from dossiers.papers.sheet import Sheet
from procedures.models import RuleSet
from tests import make

pytestmark = pytest.mark.django_db

LABELS = [
    "Bộ phận tiếp nhận và trả kết quả",
    "Tiếp nhận hồ sơ của",
    "Địa chỉ",
    "Số điện thoại",
    "Email",
    "Số định danh/Mã số thuế",
    "Nội dung yêu cầu giải quyết",
    "Thành phần hồ sơ nộp",
    "Số lượng hồ sơ",
    "Thời gian giải quyết hồ sơ theo quy định",
    "Thời gian nhận hồ sơ",
    "Thời gian trả kết quả giải quyết hồ sơ",
    "Đăng ký nhận kết quả",
    "Phí, lệ phí",
    "Vào Sổ theo dõi hồ sơ",
]


@pytest.fixture
def dossier() -> Dossier:
    district = make.agency("Ủy ban nhân dân huyện Trà Bồng")
    counter = make.agency("Bộ phận Một cửa huyện Trà Bồng", committee=district)
    version = make.version(posted_at=district, name="Đăng ký khai sinh", components=2, fee_vnd=8000)
    return make.dossier(
        agency=counter,
        version=version,
        holder=make.person(
            "Nguyễn Thị Ước", citizen_id="051200000123", phone="0905123456", address="Xã Trà Phú"
        ),
    )


def receipt_of(dossier: Dossier) -> Sheet:
    return papers.sheet_of(printing.draft(dossier, "receipt", make.NOW))


def receipt_pdf(dossier: Dossier) -> bytes:
    return papers.pdf_of(printing.draft(dossier, "receipt", make.NOW))


def test_the_fields_stand_in_the_form_s_order(dossier: Dossier) -> None:
    receipt = receipt_of(dossier)
    assert [line.label for line in receipt.lines] == LABELS
    assert (receipt.number, receipt.place) == ("01", "Trà Bồng")
    assert receipt.day == "ngày 03 tháng 6 năm 2024"
    values = {line.label: line.value for line in receipt.lines}
    assert values["Thời gian nhận hồ sơ"] == "09 giờ 00 phút, ngày 03/6/2024"
    assert values["Thời gian trả kết quả giải quyết hồ sơ"] == "17 giờ 00 phút, ngày 10/6/2024"
    assert values["Phí, lệ phí"] == "Lệ phí: 8.000 đồng"
    assert receipt.lines[7].table is not None
    assert len(receipt.lines[7].table.rows) == 2


def test_the_rule_set_decides_title_and_fields(dossier: Dossier) -> None:
    form = {"number": "09", "title": "Giấy", "fields": ["due", "holder"]}
    RuleSet.objects.update(forms={"receipt": form})
    receipt = receipt_of(dossier)
    assert (receipt.number, receipt.title, len(receipt.lines)) == ("09", "Giấy", 2)


def test_the_paper_is_one_a5_page_with_its_code(dossier: Dossier) -> None:
    with pdfplumber.open(BytesIO(receipt_pdf(dossier))) as document:
        (page,) = document.pages
        assert (round(page.width), round(page.height)) == (420, 595)
        text = page.extract_text()
    assert str(dossier.code) in text
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in text
    assert "Dữ liệu minh họa" not in text


def test_a_long_code_stays_on_the_paper(dossier: Dossier) -> None:
    dossier.code = "DEMO.21118.525.51.MC.PHONG.01-240410-0001"
    with pdfplumber.open(BytesIO(receipt_pdf(dossier))) as document:
        (page,) = document.pages
        assert min(char["x0"] for char in page.chars) > 30
        assert max(char["x1"] for char in page.chars) < page.width - 25


def test_number_and_phone_are_masked_and_absent_from_the_link(dossier: Dossier) -> None:
    with pdfplumber.open(BytesIO(receipt_pdf(dossier))) as document:
        text = document.pages[0].extract_text()
    assert "0512•••••123" in text
    assert "051200000123" not in text
    assert "0905123456" not in text
    assert lookup_link(dossier).endswith(f"/tra-cuu/{dossier.public_id}")


def test_an_invented_dossier_says_so(dossier: Dossier) -> None:
    dossier.is_demo = True
    with pdfplumber.open(BytesIO(receipt_pdf(dossier))) as document:
        assert "Dữ liệu minh họa" in document.pages[0].extract_text()


def test_what_was_not_accepted_has_no_receipt(dossier: Dossier) -> None:
    dossier.accepted_at = None
    with pytest.raises(printing.NothingToPrint):
        printing.find(dossier, "receipt")
