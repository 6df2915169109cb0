"""At the counter: with a mouse, with the keyboard alone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from dossiers.models import Dossier, IntakeDraft, MaskedView
from tests import make
from tests.browser import steps
from tests.browser.conftest import Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
PAPERS = ("Tờ khai", "Giấy chứng sinh")
NUMBER = "051303000123"


def expect_receipt(page: Page, server: LiveServer) -> Dossier:
    """The one dossier is taken in, and its receipt is one A5 page with its code."""
    expect(page.get_by_role("heading", name="Đã tiếp nhận hồ sơ")).to_be_visible()
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
    screen.get_by_role("link", name="Mở hồ sơ").click()
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
    screen.keyboard.press("ArrowDown")
    screen.keyboard.press("Enter")
    screen.wait_for_url(f"**/{version.procedure.code}/")
    # The number comes first; a scanner's Enter goes on to the next field.
    expect(screen.get_by_label("Số định danh").first).to_be_focused()
    with screen.expect_response(lambda answer: answer.url.endswith("/nguoi/")):
        screen.keyboard.type(NUMBER)
        screen.keyboard.press("Enter")
    expect(screen.get_by_label("Điện thoại").first).to_be_focused()
    tab_to(screen, "Họ tên, tên tổ chức")
    screen.keyboard.type("Nguyễn Thị Én")
    tab_to(screen, "Đã nhận đủ")
    screen.keyboard.press("Enter")
    screen.keyboard.press("Control+Enter")
    expect(screen.get_by_role("button", name="In giấy tiếp nhận")).to_be_focused()
    expect_receipt(screen, live_server)


def test_a_known_citizen_is_filled_in_and_warned_of(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    clerk = steps.clerk(commune)
    version = make.version(posted_at=commune, components=PAPERS)
    holder = make.person(citizen_id=NUMBER, phone="0905123456", address="Thôn 2")
    known = make.dossier(agency=commune, version=version, officer=clerk, holder=holder)
    steps.come_in(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/tiep-nhan/{version.procedure.code}/")
    # A card's QR code by a scanner: the card says more than the number.
    card = f"{NUMBER}|212345678|Nguyễn Thị Én|01012003|Nữ|Thôn 2, xã Trà Bồng|01012022"
    screen.keyboard.type(card)
    screen.keyboard.press("Enter")
    expect(screen.get_by_label("Số định danh").first).to_have_value(NUMBER)
    expect(screen.get_by_label("Họ tên, tên tổ chức").first).to_have_value("Nguyễn Thị Én")
    expect(screen.get_by_label("Điện thoại").first).to_have_value("0905123456")
    expect(screen.get_by_label("Địa chỉ").first).to_have_value("Thôn 2, xã Trà Bồng")
    expect(screen.get_by_role("link", name=str(known.code))).to_be_visible()
    # What was typed by hand is not written over by another known person.
    screen.get_by_label("Họ tên, tên tổ chức").first.fill("Nguyễn Thị Ẹn")
    screen.get_by_label("Địa chỉ").first.fill("Thôn 3")
    with screen.expect_response(lambda answer: answer.url.endswith("/nguoi/")):
        screen.get_by_label("Điện thoại").first.fill("0905123457")
        screen.keyboard.press("Tab")
    expect(screen.get_by_label("Họ tên, tên tổ chức").first).to_have_value("Nguyễn Thị Ẹn")
    expect(screen.get_by_label("Địa chỉ").first).to_have_value("Thôn 3")
    expect(screen.get_by_label("Điện thoại").first).to_have_value("0905123457")


def test_what_was_typed_outlives_the_browser(
    open_page: Open, live_server: LiveServer, commune: Agency
) -> None:
    clerk = steps.clerk(commune)
    version = make.version(posted_at=commune, components=PAPERS)
    page = open_page()
    steps.come_in(page, live_server, clerk)
    page.goto(f"{live_server.url}/tiep-nhan/{version.procedure.code}/")
    page.get_by_label("Được ủy quyền").check()
    page.get_by_label("Họ tên, tên tổ chức").first.fill("Nguyễn Thị Én")
    page.get_by_label("Họ tên, tên tổ chức").last.fill("Trần Văn Cò")
    page.get_by_label("Tờ khai (bắt buộc)").check()
    expect(page.get_by_text("Đã lưu nháp lúc")).to_be_visible()
    page.context.close()  # the power is gone

    page = open_page()
    steps.come_in(page, live_server, clerk)
    page.goto(f"{live_server.url}/tiep-nhan/")
    page.get_by_role("link", name=version.name).first.click()
    expect(page.get_by_label("Được ủy quyền")).to_be_checked()
    expect(page.get_by_label("Họ tên, tên tổ chức").first).to_have_value("Nguyễn Thị Én")
    expect(page.get_by_label("Họ tên, tên tổ chức").last).to_have_value("Trần Văn Cò")
    expect(page.get_by_label("Tờ khai (bắt buộc)")).to_be_checked()
    page.get_by_label("Giấy chứng sinh (bắt buộc)").check()
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    expect_receipt(page, live_server)
    assert not IntakeDraft.objects.exists()


def test_what_is_missing_is_written_into_the_request_for_it(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, components=PAPERS)
    steps.come_in(screen, live_server, steps.clerk(commune))
    screen.goto(f"{live_server.url}/tiep-nhan/{version.procedure.code}/")
    screen.get_by_label("Họ tên, tên tổ chức").first.fill("Nguyễn Thị Én")
    screen.get_by_label("Tờ khai (bắt buộc)").check()
    screen.get_by_text("Chưa tiếp nhận được").click()
    expect(screen.get_by_label("Giấy tờ phải bổ sung")).to_have_value("Giấy chứng sinh")
    screen.get_by_role("button", name="Yêu cầu bổ sung").click()
    expect(screen.get_by_label("Lý do")).to_be_focused()  # refused without a reason
    screen.get_by_label("Lý do").fill("Chưa có giấy chứng sinh của cơ sở y tế")
    screen.get_by_role("button", name="Yêu cầu bổ sung").click()
    expect(screen.get_by_role("heading", name="Đã yêu cầu bổ sung")).to_be_visible()
    expect(screen.get_by_role("button", name="In phiếu yêu cầu bổ sung")).to_be_focused()
    assert Dossier.objects.get().supplements.get().items == ["Giấy chứng sinh"]


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
