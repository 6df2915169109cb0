"""What bin.screenshots does on every page: sign in, keep a picture of it, of a part, of a paper."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pypdfium2
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "anh"
WIDTH, TALLEST = 1280, 1150
OLD_COLUMNS = (
    "Mã hồ sơ",
    "Mã thủ tục",
    "Kênh",
    "Ngày tiếp nhận",
    "Họ tên",
    "Ngày có kết quả",
    "Ngày trả kết quả",
)


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


def scan() -> bytes:
    """A sheet of paper with lines on it."""
    sheet = Image.new("RGB", (600, 850), "white")
    for y in range(120, 760, 40):
        sheet.paste("#889", (80, y, 520 if y % 120 else 340, y + 10))
    written = BytesIO()
    sheet.save(written, "PNG")
    return written.getvalue()


def old_book() -> Workbook:
    """Three dossiers of a register kept by hand, one of them with a date that is none."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sổ 2025"
    sheet.append([*OLD_COLUMNS])
    for number, day in enumerate(("03/11/2025 08:30", "hôm kia", "05/11/2025 09:00"), start=1):
        name = f"Nguyễn Thị Minh Họa {number}"
        ends = ("06/11/2025 10:00", "07/11/2025 15:00")
        sheet.append([f"SO-2025-{number}", "1.001193", "Trực tiếp", day, name, *ends])
    return book


def sign_on_screen(page: Page) -> None:
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


def paper(page: Page, button: Locator, name: str) -> None:
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


def keep(page: Page, name: str, tallest: int = TALLEST) -> None:
    """The page from its top, as much of it as helps."""
    height = min(int(page.evaluate("document.documentElement.scrollHeight")), tallest)
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.evaluate("scrollTo(0, 0)")
    _save(page.screenshot(), name)
    page.set_viewport_size({"width": WIDTH, "height": 800})


def part(part: Locator, name: str) -> None:
    _save(part.last.screenshot(), name)


def _save(picture: bytes, name: str) -> None:
    with Image.open(BytesIO(picture)) as opened:
        opened.convert("RGB").quantize(64).save(FOLDER / f"{name}.png", optimize=True)
