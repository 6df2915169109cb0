"""Journeys at the counter: from sign-in to the receipt, and from a supplement to its end."""

import re

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from dossiers.models import Dossier, Status
from tests import make
from tests.journeys.conftest import barriers

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def commune() -> Agency:
    agency = make.agency("Ủy ban nhân dân xã Trà Bồng")
    make.user(at=agency, username="dao", password=make_password("mật khẩu"))
    return agency


def sign_in(screen: Page, server: LiveServer) -> None:
    screen.goto(f"{server.url}/")
    screen.get_by_label("Tên đăng nhập").fill("dao")
    screen.get_by_label("Mật khẩu").fill("mật khẩu")
    screen.get_by_role("button", name="Đăng nhập").click()
    expect(screen.get_by_role("heading", name="Việc của tôi")).to_be_visible()


def test_from_sign_in_to_the_receipt(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, components=("Tờ khai", "Giấy chứng sinh"))
    sign_in(screen, live_server)
    assert barriers(screen) == []
    screen.get_by_role("link", name="Tiếp nhận").click()
    screen.get_by_label("Thủ tục cần giải quyết").press_sequentially("khai sinh")
    screen.get_by_role("link", name=re.compile(version.name)).click()
    expect(screen.get_by_text("Tiếp nhận lúc này thì hẹn trả")).to_be_visible()
    assert barriers(screen) == []

    screen.get_by_label("Họ tên, tên tổ chức").first.fill("Nguyễn Thị Én")
    screen.get_by_label("Số định danh").first.fill("079 090 001 234")
    screen.get_by_label("Tờ khai (bắt buộc)").check()
    with screen.expect_response(lambda answer: "hen-tra" in answer.url):
        screen.get_by_label("Kênh").select_option("post")
    screen.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    expect(screen.get_by_text("Hồ sơ thiếu: Giấy chứng sinh")).not_to_be_visible()
    expect(screen.get_by_text("Giấy tờ bắt buộc, chưa nộp.")).to_be_visible()
    expect(screen.get_by_label("Giấy chứng sinh (bắt buộc)")).to_be_focused()

    screen.get_by_label("Giấy chứng sinh (bắt buộc)").check()
    screen.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    expect(screen.get_by_text("Đã tiếp nhận hồ sơ")).to_be_visible()
    assert barriers(screen) == []
    dossier = Dossier.objects.get()
    assert dossier.channel == "post"
    address = screen.get_by_role("link", name="Giấy tiếp nhận (PDF)").get_attribute("href")
    receipt = screen.request.get(f"{live_server.url}{address}")
    assert receipt.body().startswith(b"%PDF")

    expect(screen.get_by_text("079090001234")).not_to_be_visible()
    screen.get_by_role("button", name="Xem").first.click()
    expect(screen.get_by_text("079090001234")).to_be_visible()


def test_from_the_work_list_through_a_supplement(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, components=1)
    dossier = make.dossier(agency=commune, version=version, now=timezone.now())
    make.dossier(
        agency=commune, version=version, now=timezone.now(), holder=make.person("Trần Văn Cò")
    )
    sign_in(screen, live_server)
    screen.get_by_label("Tìm hồ sơ").press_sequentially("thi en")
    expect(screen.get_by_text("Trần Văn Cò")).not_to_be_visible()
    assert "q=thi%20en" in screen.url
    screen.get_by_role("link", name=str(dossier.code)).click()

    screen.get_by_text("Yêu cầu bổ sung", exact=True).click()
    screen.get_by_label("Giấy tờ cần bổ sung").fill("Bản sao giấy khai sinh")
    form = screen.locator("details", has_text="Giấy tờ cần bổ sung")
    form.get_by_label("Lý do").fill("Còn thiếu")
    form.get_by_role("button", name="Gửi yêu cầu").click()
    expect(screen.get_by_text("Tạm dừng, chờ bổ sung")).to_be_visible()

    screen.get_by_text("Đã nhận đủ bổ sung", exact=True).click()
    screen.get_by_role("button", name="Ghi nhận đủ").click()
    expect(screen.get_by_role("heading", name=re.compile("Đang xử lý"))).to_be_visible()
    assert Dossier.objects.get(pk=dossier.pk).status == Status.PROCESSING


def test_a_narrow_screen_shows_everything_without_scrolling_sideways(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    dossier = make.dossier(agency=commune, version=make.version(posted_at=commune, components=3))
    screen.set_viewport_size({"width": 360, "height": 740})
    sign_in(screen, live_server)
    addresses = ("/viec/", "/thu-tuc/", "/tiep-nhan/", dossier.get_absolute_url())
    for address in addresses:
        screen.goto(live_server.url + address)
        across = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert screen.evaluate(across) <= 0, address
    assert not screen.get_by_role("link", name="Thủ tục", exact=True).is_visible()
    screen.get_by_role("button", name="Mở danh mục chức năng").press("Enter")
    screen.get_by_role("link", name="Thủ tục", exact=True).click()
    expect(screen.get_by_role("heading", name="Thủ tục hành chính")).to_be_visible()


def test_the_form_works_without_javascript(
    chromium: object, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, components=1)
    context = chromium.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    screen = context.new_page()
    sign_in(screen, live_server)
    screen.get_by_role("link", name="Tiếp nhận").click()
    screen.get_by_label("Thủ tục cần giải quyết").fill("khai sinh")
    screen.get_by_role("button", name="Tìm").click()
    screen.get_by_role("link", name=re.compile(version.name)).click()
    screen.get_by_label("Họ tên, tên tổ chức").first.fill("Nguyễn Thị Én")
    screen.get_by_label("Giấy tờ 1 (bắt buộc)").check()
    screen.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    expect(screen.get_by_text("Đã tiếp nhận hồ sơ")).to_be_visible()
    context.close()


def test_no_page_has_a_barrier(screen: Page, live_server: LiveServer, commune: Agency) -> None:
    version = make.version(posted_at=commune, components=2, steps=(4, 8), fee_vnd=8000)
    dossier = make.dossier(agency=commune, version=version)
    screen.goto(f"{live_server.url}/accounts/login/")
    found = {"sign-in": barriers(screen)}
    sign_in(screen, live_server)
    addresses = ("/thu-tuc/", f"/thu-tuc/{version.procedure.code}/", "/ho-so/?q=en", "/so-lieu/")
    more = (dossier.get_absolute_url(), "/bao-cao/", "/accounts/password/change/", "/nope")
    for address in (*addresses, *more):
        screen.goto(live_server.url + address)
        found[address] = barriers(screen)
    assert not {address: wrong for address, wrong in found.items() if wrong}


def test_the_keyboard_skips_to_the_content(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    sign_in(screen, live_server)
    screen.keyboard.press("Tab")
    expect(screen.get_by_text("Đến nội dung chính")).to_be_focused()
    screen.keyboard.press("Enter")
    assert screen.evaluate("document.activeElement.id") == "content"
