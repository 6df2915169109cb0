#!/usr/bin/env python3
"""Pictures of the guides, taken from a running demonstration: `screenshots.py ADDRESS ACCOUNTS`

Run by hand after a change of screens, with the Python of the project, before a demonstration that
was just loaded (it takes dossiers in, hands results over, imports a file) and its worker:

    .venv/bin/python bin/screenshots.py http://127.0.0.1:8000 var/demo/accounts.json

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
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "anh"
WIDTH, TALLEST = 1280, 1150
# Invented, like everybody in the demonstration.
NUMBER, NAME, PHONE = "051190001234", "Nguyễn Thị Minh Họa", "0912000456"


@dataclass(frozen=True)
class Visitor:
    """Signs people in at one demonstration."""

    browser: Browser
    address: str
    people: dict[str, str]

    def __contains__(self, name: str) -> bool:
        return name in self.people

    def page(self) -> Page:
        context = self.browser.new_context(
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": WIDTH, "height": 800},
            base_url=self.address,
        )
        page = context.new_page()
        page.goto("/")
        return page

    def as_(self, name: str) -> Page:
        page = self.page()
        page.get_by_label("Tên đăng nhập").fill(name)
        page.get_by_label("Mật khẩu").fill(self.people[name])
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(lambda url: "login" not in url)
        return page


def main(address: str, accounts: Path, only: str) -> None:
    people = {each["username"]: each["password"] for each in json.loads(accounts.read_text())}
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--lang=vi"]
        )
        visitor = Visitor(browser, address, people)
        for part in PARTS if not only else [only]:
            PARTS[part](visitor)
        browser.close()


def _clerk(visitor: Visitor) -> None:
    _keep(visitor.page(), "dang-nhap")
    page = visitor.as_("xa.motcua")
    page.locator("#count-work").wait_for()
    _keep(page, "viec-cua-toi")
    page.goto("/tiep-nhan/")
    page.get_by_label("Thủ tục cần giải quyết").press_sequentially("khai sinh")
    page.locator("#procedures a").first.wait_for()
    _keep(page, "chon-thu-tuc")
    page.goto("/tiep-nhan/1.001193/")
    page.locator("#id_holder-citizen_id").fill(NUMBER)
    page.locator("#id_holder-phone").fill(PHONE)
    page.locator("#id_holder-name").fill(NAME)
    page.locator("#id_holder-address").fill("Thôn 3, xã Trà Phú, huyện Trà Bồng, Quảng Ngãi")
    page.locator("#id_holder-address").blur()
    page.get_by_role("button", name=re.compile("^Dùng:")).first.wait_for()
    page.locator("[data-paper]").first.click()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "to-khai.png", "mimeType": "image/png", "buffer": _scan()}
    )
    page.get_by_role("button", name="Xoay").first.wait_for()
    page.get_by_text("Đã lưu nháp lúc").wait_for()
    _keep(page, "tiep-nhan")
    page.locator("#due summary").click()
    _part(page.locator("section", has_text="Hẹn trả kết quả"), "vi-sao-hen-ngay-nay")
    page.locator("#due summary").click()
    page.locator("summary", has_text="Chưa tiếp nhận được").click()
    _part(page.locator("section", has=page.locator("[data-not-accepted]")), "chua-tiep-nhan")
    page.get_by_role("button", name="Đã nhận đủ").click()
    page.get_by_role("button", name=re.compile("^Dùng:")).first.click()
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    page.get_by_role("heading", name="Đã tiếp nhận hồ sơ").wait_for()
    _keep(page, "da-tiep-nhan")
    _paper(page, page.get_by_role("button", name="In giấy tiếp nhận").first, "giay-tiep-nhan")
    page.goto("/tiep-nhan/2.000815/nhieu/")
    for row, name in enumerate(("Đinh Văn Minh Họa", "Hồ Thị Minh Họa"), start=1):
        page.locator(f"#id_row{row}-name").fill(name)
    page.get_by_role("button", name="Tiếp nhận tất cả").click()
    page.get_by_role("button", name="In giấy tiếp nhận").first.wait_for()
    _keep(page, "nhieu-ho-so", tallest=900)
    page.goto("/so-theo-doi/")
    _keep(page, "so-theo-doi", tallest=900)
    page.goto("/lich-truc/")
    _keep(page, "lich-truc")


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
    _keep(page, "mat-ket-noi", tallest=700)
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    page.get_by_text("GIẤY TIẾP NHẬN TẠM THỜI").wait_for()
    _keep(page, "giay-tam-thoi")
    page.get_by_role("button", name="Đóng").click()
    _keep(page, "cho-gui", tallest=700)
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
    _sign_on_screen(page)
    _part(page.locator(".app-act[open]"), "tra-ket-qua")
    if page.get_by_label("Đã thu đủ").count():
        page.get_by_label("Đã thu đủ").check()
    page.get_by_role("button", name="Ghi đã trả kết quả").click()
    page.get_by_text("Đã ghi: Trả kết quả.").wait_for()
    tablet.get_by_role("button", name="Hài lòng", exact=True).wait_for()
    _keep(tablet, "may-danh-gia", tallest=800)


def _officer(visitor: Visitor) -> None:
    page = visitor.as_("xa.chuyenmon")
    page.goto("/viec/?list=office")
    page.locator("#rows tbody tr", has_text="xây dựng mới").last.locator("a").click()
    _keep(page, "ho-so", tallest=1500)
    page.locator("summary", has_text="Lấy ý kiến phối hợp").click()
    _part(page.locator(".app-act[open]"), "lay-y-kien")
    page.goto(page.url + "ket-qua/")
    _keep(page, "ghi-ket-qua")


def _leader(visitor: Visitor) -> None:
    page = visitor.as_("xa.lanhdao")
    page.goto("/qua-han/")
    _keep(page, "qua-han")
    page.get_by_role("link", name="Xem và ký thư").last.click()
    page.get_by_label("Nguyên nhân", exact=True).select_option(index=3)
    _keep(page, "thu-xin-loi")
    page.goto("/viec/?list=office")
    page.get_by_label("Cả trang").check()
    page.get_by_label("Việc làm hàng loạt").select_option("assign")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("heading", name="Phân công người xử lý").wait_for()
    _keep(page, "hang-loat", tallest=800)
    page.goto("/danh-gia/")
    _keep(page, "danh-gia", tallest=700)


def _keeper(visitor: Visitor) -> None:
    """The administrators of the commune (a file of another system) and of the province."""
    page = visitor.as_("xa.quantri")
    page.goto("/nhap-ho-so/")
    with TemporaryDirectory() as folder:
        path = Path(folder, "so-cu.xlsx")
        _old_book().save(path)
        page.get_by_label("Hệ thống nguồn").fill("Sổ Excel của xã")
        page.get_by_label("Tệp Excel").set_input_files(path)
        page.get_by_role("button", name="Tải lên").click()
    page.get_by_role("heading", name=re.compile("^Ghép cột")).wait_for()
    for column, constant in (("agency", 1), ("holder_kind", 1)):
        page.locator(f"#id_dossiers-{column}").select_option("=")
        page.locator(f"#id_dossiers-{column}-constant").select_option(index=constant)
    _keep(page, "nhap-ghep-cot")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.get_by_role("link", name="Tải danh sách lỗi (XLSX)").wait_for()
    _keep(page, "nhap-loi", tallest=800)
    page = visitor.as_("tinh.quantri")
    page.goto("/bieu-mau/moi/receipt/")
    page.get_by_label("Căn cứ").fill("Quyết định số 01/QĐ-UBND (minh họa)")
    page.get_by_role("button", name="Xem bản mẫu").click()
    page.wait_for_timeout(3000)
    _keep(page, "bieu-mau", tallest=900)
    page.goto("/thu-tuc/1.009994/buoc/")
    if page.get_by_role("button", name="Lập bản dự thảo").count():
        page.get_by_label("Có hiệu lực từ ngày").fill("2027-01-01")
        page.get_by_role("button", name="Lập bản dự thảo").click()
    page.locator("#editor").wait_for()
    _keep(page, "sua-quy-trinh", tallest=1000)


def _reporter(visitor: Visitor) -> None:
    page = visitor.as_("huyen.baocao")
    page.goto("/so-lieu/?agency=DEMO.525.51&period=2024-Q2&by=block")
    _keep(page, "so-lieu")
    page.goto("/bao-cao/")
    page.locator("main tbody a").first.click()
    page.locator("form#narrative").wait_for()
    _keep(page, "du-thao-bao-cao")


def _superuser(visitor: Visitor) -> None:
    if "quan.tri" not in visitor:
        return
    page = visitor.as_("quan.tri")
    page.goto("/admin/agencies/user/?q=xa.motcua")
    page.locator("#result_list tbody th a").first.click()
    page.locator("#appointments-group").wait_for()
    _keep(page, "vai-tro")
    page.goto("/admin/calendars/specialday/add/")
    _keep(page, "ngay-dac-biet")


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


def _scan() -> bytes:
    """A sheet of paper with lines on it."""
    sheet = Image.new("RGB", (600, 850), "white")
    for y in range(120, 760, 40):
        sheet.paste("#889", (80, y, 520 if y % 120 else 340, y + 10))
    written = BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()


def _old_book() -> Workbook:
    """Three dossiers of a register kept by hand, one of them with a date that is none."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sổ 2025"
    sheet.append(["Mã hồ sơ", "Mã thủ tục", "Kênh", "Ngày tiếp nhận", "Họ tên", "Ngày trả kết quả"])
    for number, day in enumerate(("03/11/2025 08:30", "hôm kia", "05/11/2025 09:00"), start=1):
        name = f"{NAME} {number}"
        sheet.append([f"SO-2025-{number}", "1.001193", "Trực tiếp", day, name, "07/11/2025 15:00"])
    return book


def _sign_on_screen(page: Page) -> None:
    page.set_viewport_size({"width": WIDTH, "height": 1300})
    pad = page.locator("[data-signature-pad]")
    pad.scroll_into_view_if_needed()
    seen = pad.bounding_box()
    assert seen is not None
    page.mouse.move(seen["x"] + 40, seen["y"] + 60)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(seen["x"] + 40 + 24 * step, seen["y"] + 60 + 40 * (step % 2) - 2 * step)
    page.mouse.up()
    page.wait_for_timeout(1500)


def _paper(page: Page, button: Locator, name: str) -> None:
    """The first page of what the button prints."""
    form = page.locator("form[data-print]").filter(has=button).first
    token = form.locator("[name=csrfmiddlewaretoken]").input_value()
    answer = page.request.post(
        form.get_attribute("action") or "",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": page.url},
    )
    written = BytesIO()
    pypdfium2.PdfDocument(answer.body())[0].render(scale=2).to_pil().save(written, "PNG")
    _save(written.getvalue(), name)


def _keep(page: Page, name: str, tallest: int = TALLEST) -> None:
    """The page from its top, as much of it as helps."""
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), tallest)
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.evaluate("scrollTo(0, 0)")
    _save(page.screenshot(), name)
    page.set_viewport_size({"width": WIDTH, "height": 800})


def _part(part: Locator, name: str) -> None:
    _save(part.last.screenshot(), name)


def _save(picture: bytes, name: str) -> None:
    with Image.open(BytesIO(picture)) as opened:
        opened.convert("RGB").quantize(64).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    if len(sys.argv) not in {3, 4}:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:], *[""] * (4 - len(sys.argv)))
