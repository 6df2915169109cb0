"""Results handed over by the dozen: chosen on two pages of the list, confirmed, watched."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from dossiers.models import Dossier, Status
from dossiers.views import lists
from tests import make
from tests.browser import steps
from tests.browser.test_accessibility import barriers
from tests.dossiers.test_bulk import done_ones

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_results_chosen_on_two_pages_are_handed_over(
    screen: Page,
    live_server: LiveServer,
    commune: Agency,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lists, "PAGE_SIZE", 3)
    clock.move_to(make.at("2024-06-03 11:00"))  # after the results
    clerk = steps.clerk(commune)
    dossiers = done_ones(commune, clerk, 5)
    steps.come_in(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/viec/?list=results")
    expect(screen.locator("#count-results")).to_have_text("5")
    screen.get_by_label("Cả trang").check()
    screen.get_by_role("link", name="Trang sau").click()
    expect(screen.get_by_text("Đã chọn 3 hồ sơ")).to_be_visible()
    screen.get_by_label(f"Chọn {dossiers[3].code}").check()
    expect(screen.get_by_text("Đã chọn 4 hồ sơ")).to_be_visible()
    assert barriers(screen) == []
    screen.get_by_label("Việc làm hàng loạt").select_option("hand_over")
    screen.get_by_role("button", name="Tiếp tục").click()

    expect(screen.get_by_role("heading", name="Trả kết quả: 4 hồ sơ")).to_be_visible()
    assert barriers(screen) == []
    screen.get_by_role("button", name="Trả kết quả (4 hồ sơ)").click()
    expect(screen.get_by_text("4 trong 4 hồ sơ đã làm")).to_be_visible()
    assert barriers(screen) == []
    assert Dossier.objects.filter(status=Status.RETURNED).count() == 4

    screen.goto(f"{live_server.url}/viec/?list=results")
    expect(screen.locator("tbody tr")).to_have_count(1)
    expect(screen.get_by_text("Đã chọn")).to_be_hidden()


def test_a_list_becomes_a_file_and_a_saved_filter(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    clerk = steps.clerk(commune)
    [dossier] = done_ones(commune, clerk, 1)
    steps.come_in(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/viec/?list=results")
    screen.get_by_text("Lưu bộ lọc").click()
    screen.get_by_label("Tên bộ lọc").fill("Chờ trả của tôi")
    screen.get_by_role("button", name="Lưu", exact=True).click()
    screen.get_by_text("Bộ lọc đã lưu (1)").click()
    assert barriers(screen) == []
    screen.get_by_role("link", name="Chờ trả của tôi").click()
    expect(screen).to_have_url(re.compile(r"list=results$"))
    screen.get_by_role("button", name="Xuất XLSX").click()
    with screen.expect_download() as downloading:
        screen.get_by_role("link", name="Tải XLSX").click()
    assert downloading.value.suggested_filename.endswith(".xlsx")
    screen.get_by_role("link", name="Tệp đã xuất").click()
    expect(screen.get_by_role("cell", name="Đã xong")).to_be_visible()
    assert barriers(screen) == []

    # A scanner types the link of the paper and Enter.
    screen.goto(f"{live_server.url}/viec/")
    screen.get_by_label("Tìm hồ sơ").fill(f"http://127.0.0.1:8000/tra-cuu/{dossier.public_id}")
    screen.get_by_label("Tìm hồ sơ").press("Enter")
    expect(screen).to_have_url(re.compile(str(dossier.get_absolute_url())))
