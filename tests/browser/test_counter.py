"""At the counter: with a mouse, with the keyboard alone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from dossiers.models import Dossier, MaskedView
from tests import make
from tests.browser import steps
from tests.browser.conftest import Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
PAPERS = ("Tờ khai", "Giấy chứng sinh")


def expect_receipt(page: Page, server: LiveServer) -> Dossier:
    """The one dossier is taken in, and its receipt is one A5 page with its code."""
    expect(page.get_by_text("Đã tiếp nhận hồ sơ")).to_be_visible()
    dossier = Dossier.objects.get()
    assert dossier.holder_name == "Nguyễn Thị Én"
    assert dossier.components.count() == len(PAPERS)
    [(width, height, text)] = steps.receipt_of(page, server)
    assert sorted((round(width), round(height))) == [148, 210]
    assert str(dossier.code) in text
    return dossier


def test_from_sign_in_to_the_receipt(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, components=PAPERS)
    steps.clerk(commune)
    screen.goto(live_server.url)
    screen.get_by_label("Tên đăng nhập").fill("dao")
    screen.get_by_label("Mật khẩu").fill(steps.PASSWORD)
    screen.get_by_role("button", name="Đăng nhập").click()

    screen.get_by_role("link", name="Tiếp nhận", exact=True).click()
    screen.wait_for_url("**/tiep-nhan/")  # loaded, scripts too: a test types faster than a clerk
    screen.get_by_label("Thủ tục cần giải quyết").press_sequentially("khai sinh")
    screen.get_by_role("link", name=version.name).click()
    screen.wait_for_url(f"**/{version.procedure.code}/")
    expect(screen.get_by_text("Tiếp nhận lúc này thì hẹn trả")).to_be_visible()
    promised = screen.locator("#due strong").inner_text()
    # Five working days after a Monday at nine.
    assert promised.endswith("10/06/2024")

    screen.get_by_label("Họ tên, tên tổ chức").first.fill("Nguyễn Thị Én")
    screen.get_by_label("Số định danh").first.fill("079 090 001 234")
    screen.get_by_label("Tờ khai (bắt buộc)").check()
    with screen.expect_response(lambda answer: "hen-tra" in answer.url):
        screen.get_by_label("Kênh").select_option("post")
    screen.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    # Refused: what is missing is said, the keyboard is led there, nothing typed is lost.
    expect(screen.get_by_label("Giấy chứng sinh (bắt buộc)")).to_be_focused()
    screen.get_by_label("Giấy chứng sinh (bắt buộc)").check()
    screen.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()

    dossier = expect_receipt(screen, live_server)
    assert dossier.channel == "post"
    assert dossier.due_at is not None
    assert make.at("2024-06-10").date() == dossier.due_at.date()

    # The number is masked until somebody looks, once, on record.
    expect(screen.get_by_text("079090001234")).to_be_hidden()
    screen.get_by_role("button", name="Xem").first.click()
    expect(screen.get_by_text("079090001234")).to_be_visible()
    assert MaskedView.objects.count() == 1


def tab_to(page: Page, name: str, presses: int = 60) -> None:
    """Tab until the element with this label has the focus, as a person without a mouse does."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => { const e = document.activeElement;
            const label = e.labels?.[0]?.innerText ?? e.innerText ?? '';
            return label.trim(); }"""
        )
        if said.startswith(name):
            return
    pytest.fail(f"the keyboard does not reach {name!r}")


def test_everything_by_keyboard_alone(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, components=PAPERS)
    steps.clerk(commune)
    screen.goto(live_server.url)
    screen.get_by_label("Tên đăng nhập").wait_for()
    if screen.evaluate("document.activeElement.name") != "login":
        tab_to(screen, "Tên đăng nhập")
    screen.keyboard.type("dao")
    tab_to(screen, "Mật khẩu")
    screen.keyboard.type(steps.PASSWORD)
    screen.keyboard.press("Enter")
    screen.get_by_role("heading", name="Việc của tôi").wait_for()
    tab_to(screen, "Tiếp nhận")
    screen.keyboard.press("Enter")
    screen.wait_for_url("**/tiep-nhan/")
    expect(screen.get_by_label("Thủ tục cần giải quyết")).to_be_focused()
    screen.keyboard.type("khai sinh")
    screen.get_by_role("link", name=version.name).wait_for()
    tab_to(screen, version.name)
    screen.keyboard.press("Enter")
    screen.wait_for_url(f"**/{version.procedure.code}/")
    screen.get_by_text("Tiếp nhận lúc này thì hẹn trả").wait_for()
    for paper in PAPERS:
        tab_to(screen, paper)
        screen.keyboard.press("Space")
    tab_to(screen, "Họ tên, tên tổ chức")
    screen.keyboard.type("Nguyễn Thị Én")
    tab_to(screen, "Tiếp nhận và in giấy hẹn")
    screen.keyboard.press("Enter")
    screen.get_by_text("Đã tiếp nhận hồ sơ").wait_for()
    tab_to(screen, "Giấy tiếp nhận (PDF)")
    expect_receipt(screen, live_server)


def test_intake_without_javascript(
    open_page: Open, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, components=PAPERS)
    page = open_page(java_script_enabled=False)
    steps.come_in(page, live_server, steps.clerk(commune))
    page.goto(f"{live_server.url}/tiep-nhan/")
    page.get_by_label("Thủ tục cần giải quyết").fill("khai sinh")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name=re.compile(version.name)).click()
    expect(page.get_by_text("Tiếp nhận lúc này thì hẹn trả")).to_be_visible()
    page.get_by_label("Họ tên, tên tổ chức").first.fill("Nguyễn Thị Én")
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    expect(page.get_by_text("Giấy tờ bắt buộc, chưa nộp.").first).to_be_visible()
    for paper in PAPERS:
        page.get_by_label(f"{paper} (bắt buộc)").check()
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    expect_receipt(page, live_server)
