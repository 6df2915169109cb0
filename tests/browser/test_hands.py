"""From hand to hand: commune → district → back; to the citizen, with a signature and a rating."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Role
from dossiers.models import Dossier, Handover
from feedback.models import Rating
from tests import make
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.test_accessibility import barriers
from tests.dossiers.acts import office
from tests.dossiers.test_routing import Country

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def open_dossier(page: Page, server: LiveServer, user: Any, dossier: Dossier) -> None:
    steps.come_in(page, server, user)
    page.goto(f"{server.url}{dossier.get_absolute_url()}")


def test_forward_to_the_district_and_back(
    screen: Page, live_server: LiveServer, clock: Any
) -> None:
    land = Country()
    clerk, dossier = land.office.leader, land.office.dossier()
    open_dossier(screen, live_server, clerk, dossier)
    screen.get_by_role("button", name="Chuyển bước: Bước 2").click()
    expect(screen.get_by_text("nơi nhận chưa xác nhận")).to_be_visible()
    assert barriers(screen) == []

    clock.move_to(make.at("2024-06-03 14:00"))
    open_dossier(screen, live_server, land.officer, dossier)
    # By the keyboard alone: to the act, open it, on to its button.
    screen.locator("summary", has_text="Nhận bàn giao").focus()
    screen.keyboard.press("Enter")
    screen.keyboard.press("Tab")
    expect(screen.get_by_role("button", name="Nhận hồ sơ", exact=True)).to_be_focused()
    screen.keyboard.press("Enter")
    expect(screen.locator("[aria-current=step]")).to_contain_text("Bước 2")
    expect(screen.locator("[aria-current=step]")).to_contain_text("trên 16 giờ làm việc")
    assert barriers(screen) == []

    clock.move_to(make.at("2024-06-04 10:00"))
    open_dossier(screen, live_server, land.officer, dossier)
    screen.locator("summary", has_text="Chuyển hồ sơ").click()
    form = screen.locator("details[open]")
    # The next step is chosen; it goes back instead, outside the steps.
    expect(form.get_by_label("Nơi nhận")).to_have_value(str(land.service.pk))
    form.get_by_label("Bước").select_option("")
    form.get_by_label("Người nhận").select_option("")
    form.get_by_label("Nơi nhận").select_option(str(land.counter.pk))
    form.get_by_role("button", name="Chuyển", exact=True).click()
    expect(screen.get_by_text("nơi nhận chưa xác nhận")).to_be_visible()

    clock.move_to(make.at("2024-06-04 11:00"))
    open_dossier(screen, live_server, clerk, dossier)
    screen.locator("summary", has_text="Nhận bàn giao").click()
    screen.get_by_role("button", name="Nhận hồ sơ", exact=True).click()
    expect(screen.locator(".app-history li").last).to_contain_text("Nhận bàn giao")
    assert Dossier.objects.get().held_by == land.counter
    # 14:00 to 17:00, and 07:00 to 10:00.
    expect(screen.locator(".app-timeline")).to_contain_text("đã dùng 6 giờ trên 16 giờ")


def test_a_result_is_handed_over_signed_on_the_screen_and_rated(
    screen: Page, open_page: Open, live_server: LiveServer
) -> None:
    place = office(name="Đăng ký khai sinh")
    dossier = place.do("finish", place.dossier(), make.NOW)
    tablet = open_page(viewport={"width": 1024, "height": 700})
    steps.come_in(tablet, live_server, place.leader)
    tablet.goto(f"{live_server.url}/danh-gia/quay/")
    tablet.get_by_role("button", name=re.compile("Dùng máy này ở")).click()
    expect(tablet.get_by_role("heading", name="Xin kính chào ông, bà!")).to_be_visible()
    assert barriers(tablet) == []

    clerk = make.staff(place.agency, Role.CLERK)
    open_dossier(screen, live_server, clerk, dossier)
    screen.locator("summary", has_text="Trả kết quả").click()
    screen.get_by_label("Đã thu đủ").check()
    assert barriers(screen) == []
    screen.set_viewport_size({"width": 1280, "height": 1200})
    pad = screen.locator("[data-signature-pad]")
    pad.scroll_into_view_if_needed()
    seen = pad.bounding_box()
    assert seen is not None
    screen.mouse.move(seen["x"] + 40, seen["y"] + 60)
    screen.mouse.down()
    for step in range(1, 8):
        screen.mouse.move(seen["x"] + 40 + 40 * step, seen["y"] + 60 + 30 * (step % 2))
    screen.mouse.up()
    screen.get_by_role("button", name="Ghi đã trả kết quả").click()
    expect(screen.get_by_text("Đã ghi: Trả kết quả.")).to_be_visible()
    expect(screen.get_by_role("img", name="Chữ ký của người nhận")).to_be_visible()
    signature = Handover.objects.get().signature
    assert signature is not None
    assert (signature.media_type, signature.retention) == ("image/png", "dossier")

    # The tablet asks by itself; one touch, here by the keyboard.
    satisfied = tablet.get_by_role("button", name="Hài lòng", exact=True)
    satisfied.wait_for(timeout=15_000)
    assert dossier.holder_name not in tablet.content()
    assert barriers(tablet) == []
    satisfied.focus()
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_text("Xin cảm ơn ông, bà!")).to_be_visible()
    assert Rating.objects.get().score == Rating.Score.SATISFIED


def test_on_paper_by_the_keyboard_alone(screen: Page, live_server: LiveServer) -> None:
    place = office()
    dossier = place.do("finish", place.dossier(), make.NOW)
    open_dossier(screen, live_server, place.leader, dossier)
    screen.locator("summary", has_text="Trả kết quả").focus()
    screen.keyboard.press("Enter")
    screen.get_by_label("Được miễn, giảm").focus()
    screen.keyboard.press("Space")
    screen.keyboard.press("Tab")
    screen.keyboard.type("Hộ nghèo")
    screen.get_by_role("button", name="Ghi đã trả kết quả").focus()
    screen.keyboard.press("Enter")
    expect(screen.get_by_text("ký nhận trên giấy")).to_be_visible()
    assert Dossier.objects.get().financial_status == "waived"


def test_pages_of_opinions_late_steps_and_ratings_keep_nobody_out(
    screen: Page, live_server: LiveServer, clock: Any
) -> None:
    land = Country()
    dossier = land.office.dossier()
    asked = land.office.do("ask", dossier, make.NOW, of=land.service, question="Có đất không?")
    clock.move_to(make.at("2024-06-06 09:00"))
    open_dossier(screen, live_server, land.expert, asked)
    screen.locator("summary", has_text="Trả lời ý kiến").click()
    assert barriers(screen) == []
    open_dossier(screen, live_server, land.office.leader, asked)
    for act in ("Chuyển hồ sơ", "Phân công thụ lý", "Lấy ý kiến phối hợp", "Yêu cầu bổ sung"):
        screen.locator("summary", has_text=act).first.click()
        assert barriers(screen) == []
    Rating.objects.create(
        dossier=dossier, agency=land.counter, score=1, reason="Chờ lâu", at=make.NOW, channel="link"
    )
    screen.goto(f"{live_server.url}/danh-gia/")
    expect(screen.get_by_text("Chờ lâu")).to_be_visible()
    assert barriers(screen) == []
