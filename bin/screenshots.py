"""Pictures of the guides, taken from a running demonstration: `-m bin.screenshots ADDRESS ACCOUNTS`

Run by hand after a change of screens, with the Python of the project, before a demonstration that
was just loaded (it takes dossiers in, hands results over, imports a file) and its worker:

    .venv/bin/python -m bin.screenshots http://127.0.0.1:8000 var/demo/accounts.json

It writes docs/anh/*.png, 1280 px wide and of 64 colours: small enough to be kept beside the text.
The pages of administration are taken when ACCOUNTS (a JSON list of username and password) has the
superuser `quan.tri`; the network is cut in the browser only. A third argument names the one part
to take: clerk, offline, counter, officer, leader, keeper, reporter, superuser.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from bin.pictures import FOLDER, Visitor, keep, old_book, paper, part, scan, sign_on_screen

# Invented, like everybody in the demonstration.
NUMBER, NAME, PHONE = "051190001234", "Nguyễn Thị Minh Họa", "0912000456"
COUNTER = "Trung tâm Phục vụ hành chính công xã Trà Bồng"


def main(address: str, accounts: Path, only: str) -> None:
    people = {each["username"]: each["password"] for each in json.loads(accounts.read_text())}
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--lang=vi"]
        )
        visitor = Visitor(browser, address, people)
        for name in PARTS if not only else [only]:
            PARTS[name](visitor)
        browser.close()


def _clerk(visitor: Visitor) -> None:
    keep(visitor.page(), "dang-nhap")
    page = visitor.as_("xa.motcua")
    page.locator("#count-work").wait_for()
    keep(page, "viec-cua-toi")
    page.goto("/tiep-nhan/")
    page.get_by_label("Thủ tục cần giải quyết").press_sequentially("khai sinh")
    page.locator("#procedures [data-q='khai sinh']").wait_for()
    keep(page, "chon-thu-tuc")
    page.goto("/tiep-nhan/1.001193/")
    page.locator("#id_holder-citizen_id").fill(NUMBER)
    page.locator("#id_holder-phone").fill(PHONE)
    page.locator("#id_holder-name").fill(NAME)
    page.locator("#id_holder-address").fill("Thôn 3, xã Trà Phú, huyện Trà Bồng, Quảng Ngãi")
    page.locator("#id_holder-address").blur()
    page.get_by_role("button", name=re.compile("^Dùng:")).first.wait_for()
    page.locator("[data-paper]").first.click()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "to-khai.png", "mimeType": "image/png", "buffer": scan()}
    )
    page.get_by_role("button", name="Xoay").first.wait_for()
    page.get_by_text("Đã lưu nháp lúc").wait_for()
    keep(page, "tiep-nhan")
    page.locator("#due summary").click()
    part(page.locator("section", has_text="Hẹn trả kết quả"), "vi-sao-hen-ngay-nay")
    page.locator("#due summary").click()
    page.locator("summary", has_text="Chưa tiếp nhận được").click()
    part(page.locator("section", has=page.locator("[data-not-accepted]")), "chua-tiep-nhan")
    page.get_by_role("button", name="Đã nhận đủ").click()
    page.get_by_role("button", name=re.compile("^Dùng:")).first.click()
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    page.get_by_role("heading", name="Đã tiếp nhận hồ sơ").wait_for()
    keep(page, "da-tiep-nhan")
    paper(page, page.get_by_role("button", name="In giấy tiếp nhận").first, "giay-tiep-nhan")
    page.goto("/tiep-nhan/2.000815/nhieu/")
    for row, name in enumerate(("Đinh Văn Minh Họa", "Hồ Thị Minh Họa"), start=1):
        page.locator(f"#id_row{row}-name").fill(name)
    page.get_by_role("button", name="Tiếp nhận tất cả").click()
    page.get_by_role("button", name="In giấy tiếp nhận").first.wait_for()
    keep(page, "nhieu-ho-so", tallest=900)
    page.goto("/so-theo-doi/")
    keep(page, "so-theo-doi", tallest=900)
    page.goto("/lich-truc/")
    keep(page, "lich-truc")


def _offline(visitor: Visitor) -> None:
    """The same intake with the network cut, the provisional paper, the queue."""
    page = visitor.as_("xa.motcua")
    page.goto("/tiep-nhan/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_function("caches.has('motcua-forms')")
    page.goto("/tiep-nhan/1.000894/")
    page.wait_for_function("caches.open('motcua-forms').then((c) => c.match(location.pathname))")
    page.context.set_offline(True)
    page.reload()
    page.get_by_text("Mất kết nối. Cứ tiếp nhận").wait_for()
    page.locator("[name=holder-name]").fill(NAME)
    page.locator("[name=holder-phone]").fill(PHONE)
    page.get_by_role("button", name="Đã nhận đủ").click()
    keep(page, "mat-ket-noi", tallest=700)
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    page.get_by_text("GIẤY TIẾP NHẬN TẠM THỜI").wait_for()
    keep(page, "giay-tam-thoi")
    page.get_by_role("button", name="Đóng").click()
    keep(page, "cho-gui", tallest=1000)
    page.context.set_offline(False)
    page.goto("/tiep-nhan/hang-doi/")
    page.get_by_text("Đã gửi").first.wait_for()


def _counter(visitor: Visitor) -> None:
    """A result handed over, signed on the screen, and the tablet that asks afterwards."""
    tablet = visitor.as_("xa.motcua")
    tablet.goto("/danh-gia/quay/")
    tablet.get_by_role("button", name=re.compile("^Dùng máy này ở")).click()
    page = visitor.as_("xa.motcua")
    page.goto("/viec/?list=results")
    page.locator("#rows tbody a").last.click()
    page.locator("summary", has_text="Trả kết quả").click()
    sign_on_screen(page)
    part(page.locator(".app-act[open] form"), "tra-ket-qua")
    if page.get_by_label("Đã thu đủ").count():
        page.get_by_label("Đã thu đủ").check()
    page.get_by_role("button", name="Ghi đã trả kết quả").click()
    page.get_by_text("Đã ghi: Trả kết quả.").wait_for()
    tablet.get_by_role("button", name="Hài lòng", exact=True).wait_for()
    keep(tablet, "may-danh-gia", tallest=800)


def _officer(visitor: Visitor) -> None:
    page = visitor.as_("xa.chuyenmon")
    page.goto("/viec/?list=office")
    page.locator("#rows tbody tr", has_text="xây dựng mới").last.locator("a").click()
    keep(page, "ho-so", tallest=1500)
    page.locator("summary", has_text="Lấy ý kiến phối hợp").click()
    part(page.locator(".app-act[open] form"), "lay-y-kien")
    page.goto(page.url + "ket-qua/")
    keep(page, "ghi-ket-qua")


def _leader(visitor: Visitor) -> None:
    page = visitor.as_("xa.lanhdao")
    page.goto("/qua-han/")
    keep(page, "qua-han")
    page.get_by_role("link", name="Xem và ký thư").last.click()
    page.get_by_label("Nguyên nhân", exact=True).select_option(index=3)
    keep(page, "thu-xin-loi")
    page.goto("/viec/?list=office")
    page.get_by_label("Cả trang").check()
    page.get_by_label("Việc làm hàng loạt").select_option("assign")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("heading", name="Phân công người xử lý").wait_for()
    keep(page, "hang-loat", tallest=800)
    page.goto("/danh-gia/")
    keep(page, "danh-gia", tallest=700)


def _keeper(visitor: Visitor) -> None:
    """The administrators of the commune (a file of another system) and of the province."""
    page = visitor.as_("xa.quantri")
    page.goto("/nhap-ho-so/")
    with TemporaryDirectory() as folder:
        path = Path(folder, "so-cu.xlsx")
        old_book().save(path)
        page.get_by_label("Hệ thống nguồn").fill("Sổ Excel của xã")
        page.get_by_label("Tệp Excel").set_input_files(path)
        page.get_by_role("button", name="Tải lên").click()
    page.get_by_role("heading", name=re.compile("^Ghép cột")).wait_for()
    for column, constant in (("agency", COUNTER), ("holder_kind", "Cá nhân")):
        page.locator(f"#id_dossiers-{column}").select_option("=")
        page.locator(f"#id_dossiers-{column}-constant").select_option(label=constant)
    keep(page, "nhap-ghep-cot")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.get_by_role("link", name="Tải danh sách lỗi (XLSX)").wait_for()
    keep(page, "nhap-loi", tallest=800)
    page = visitor.as_("tinh.quantri")
    page.goto("/bieu-mau/moi/receipt/")
    page.get_by_label("Căn cứ").fill("Quyết định số 01/QĐ-UBND (minh họa)")
    page.get_by_role("button", name="Xem bản mẫu").click()
    page.wait_for_timeout(3000)
    keep(page, "bieu-mau", tallest=900)
    page.goto("/thu-tuc/1.009994/buoc/")
    if page.get_by_role("button", name="Lập bản dự thảo").count():
        page.get_by_label("Có hiệu lực từ ngày").fill("2027-01-01")
        page.get_by_role("button", name="Lập bản dự thảo").click()
    page.locator("#editor").wait_for()
    keep(page, "sua-quy-trinh", tallest=1000)


def _reporter(visitor: Visitor) -> None:
    page = visitor.as_("huyen.baocao")
    page.goto("/so-lieu/?agency=DEMO.525.51&period=2024-Q2&by=block")
    keep(page, "so-lieu")
    page.goto("/bao-cao/")
    page.locator("main tbody a").first.click()
    page.locator("form#narrative").wait_for()
    keep(page, "du-thao-bao-cao")


def _superuser(visitor: Visitor) -> None:
    if "quan.tri" not in visitor:
        return
    page = visitor.as_("quan.tri")
    page.goto("/admin/agencies/user/?q=xa.motcua")
    page.locator("#result_list tbody th a").first.click()
    page.locator("#appointments-group").wait_for()
    keep(page, "vai-tro")
    page.goto("/admin/calendars/specialday/add/")
    keep(page, "ngay-dac-biet")


PARTS: dict[str, Callable[[Visitor], None]] = {
    "clerk": _clerk,
    "offline": _offline,
    "counter": _counter,
    "officer": _officer,
    "leader": _leader,
    "keeper": _keeper,
    "reporter": _reporter,
    "superuser": _superuser,
}


if __name__ == "__main__":
    if len(sys.argv) not in {3, 4}:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:], *[""] * (4 - len(sys.argv)))
