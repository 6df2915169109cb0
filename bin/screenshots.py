#!/usr/bin/env python3
"""Pictures of the guides, taken from a running demonstration: `screenshots.py ADDRESS ACCOUNTS`

Run by hand after a change of screens, with the Python of the project:

    .venv/bin/python bin/screenshots.py http://127.0.0.1:8000 var/demo/accounts.json

It takes one dossier in and asks for a supplement of it, then writes docs/anh/*.png, 1280 px wide
and of 64 colours: small enough to be kept beside the text. The pages of administration are taken
when ACCOUNTS (a JSON list of username and password) has the superuser `quan.tri`.
"""

from __future__ import annotations

import json
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "anh"
WIDTH, TALLEST = 1280, 1100


def main(address: str, accounts: Path) -> None:
    people = {each["username"]: each["password"] for each in json.loads(accounts.read_text())}
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--lang=vi"]
        )
        _clerk(browser, address, people)
        _reporter(browser, address, people)
        if "quan.tri" in people:
            _administrator(browser, address, people)
        browser.close()


def _clerk(browser: Browser, address: str, people: dict[str, str]) -> None:
    page = _page(browser, address)
    _keep(page, "dang-nhap")
    _sign_in(page, "xa.motcua", people)
    _keep(page, "viec-cua-toi")
    page.goto(f"{address}/tiep-nhan/")
    page.get_by_label("Thủ tục cần giải quyết").press_sequentially("khai sinh")
    page.locator("#procedures a").first.wait_for()
    _keep(page, "chon-thu-tuc")
    page.locator("#procedures a").first.click()
    _fill_in(page)
    _keep(page, "tiep-nhan")
    page.locator("#due summary").click()
    why = page.locator("section", has_text="Hẹn trả kết quả")
    _save(why.screenshot(), "vi-sao-hen-ngay-nay")
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    page.get_by_text("Đã tiếp nhận hồ sơ").wait_for()
    page.locator("summary", has_text="Yêu cầu bổ sung").click()
    page.get_by_label("Giấy tờ cần bổ sung").fill("Bản sao giấy chứng sinh")
    _keep(page, "ho-so")
    form = page.locator("details", has_text="Giấy tờ cần bổ sung")
    form.get_by_label("Lý do").fill("Bản đã nộp bị mờ, không đọc được số")
    form.get_by_role("button", name="Gửi yêu cầu").click()
    page.locator("summary", has_text="Đã nhận đủ bổ sung").wait_for()
    _keep(page, "cho-bo-sung")


def _fill_in(page: Page) -> None:
    for paper in page.locator(".app-paper input[type=checkbox]").all():
        paper.check()
    page.get_by_label("Họ tên, tên tổ chức").first.fill("Nguyễn Văn Minh Họa")
    page.get_by_label("Địa chỉ").first.fill("Thôn minh họa, xã Trà Bồng")


def _reporter(browser: Browser, address: str, people: dict[str, str]) -> None:
    page = _page(browser, address)
    _sign_in(page, "huyen.baocao", people)
    page.goto(f"{address}/so-lieu/?agency=DEMO.525.51&period=2024-Q2&by=block")
    _keep(page, "so-lieu")
    page.goto(f"{address}/bao-cao/")
    page.locator("main tbody a").first.click()
    page.locator("form#narrative").wait_for()
    _keep(page, "du-thao-bao-cao")


def _administrator(browser: Browser, address: str, people: dict[str, str]) -> None:
    page = _page(browser, address)
    _sign_in(page, "quan.tri", people)
    page.goto(f"{address}/admin/agencies/user/?q=xa.motcua")
    page.locator("#result_list tbody th a").first.click()
    page.locator("#appointments-group").wait_for()
    _keep(page, "vai-tro")
    page.goto(f"{address}/admin/calendars/specialday/add/")
    _keep(page, "ngay-dac-biet")


def _page(browser: Browser, address: str) -> Page:
    page = browser.new_page(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": WIDTH, "height": 800},
    )
    page.goto(address)
    return page


def _sign_in(page: Page, name: str, people: dict[str, str]) -> None:
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(people[name])
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "login" not in url)


def _keep(page: Page, name: str) -> None:
    """The page from its top, as much of it as helps."""
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.evaluate("scrollTo(0, 0)")
    _save(page.screenshot(), name)
    page.set_viewport_size({"width": WIDTH, "height": 800})


def _save(picture: bytes, name: str) -> None:
    with Image.open(BytesIO(picture)) as opened:
        opened.convert("RGB").quantize(64).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
