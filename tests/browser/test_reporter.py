"""The reporter: a figure and the dossiers behind it; a draft and its files."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, Role
from tests import make
from tests.browser import steps
from tests.reports import desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_a_figure_opens_as_many_dossiers_as_it_says(
    screen: Page, live_server: LiveServer, commune: Agency, clock: Any
) -> None:
    version = make.version(posted_at=commune)
    for channel in ("direct", "direct", "post", "online"):
        make.dossier(agency=commune, version=version, channel=channel)
    clock.move_to(make.at("2024-06-04 09:00"))
    steps.come_in(screen, live_server, make.staff(commune, Role.REPORTER))
    screen.goto(live_server.url)
    screen.get_by_role("link", name="Số liệu", exact=True).click()
    screen.wait_for_url("**/so-lieu/")  # loaded, scripts too
    screen.get_by_label("Phân tổ theo").select_option(label="Thủ tục")
    row = screen.get_by_role("row", name=version.name)
    row.wait_for()
    for column, figure in ((0, 4), (1, 1), (2, 3)):
        number = row.get_by_role("link").nth(column)
        assert int(number.inner_text()) == figure
        number.click()
        screen.get_by_role("link", name="Về bảng số liệu").wait_for()
        assert screen.locator("tbody tr").count() == figure
        screen.get_by_role("link", name="Về bảng số liệu").click()
        row.wait_for()


def test_from_the_draft_to_the_pdf(screen: Page, live_server: LiveServer, clock: Any) -> None:
    """Celery is eager here: the build is over with the click, and the page tells so."""
    clock.move_to(desk.NOW)
    made = desk.make_desk()
    report = desk.draft(made)
    steps.come_in(screen, live_server, made.reporter)
    screen.goto(f"{live_server.url}/bao-cao/")
    screen.locator(f"a[href='{report.get_absolute_url()}']").click()
    screen.wait_for_url(f"**{report.get_absolute_url()}")
    text = screen.locator("form#narrative section textarea").first
    text.fill("Huyện đã làm tốt phần việc được giao.")
    screen.get_by_role("button", name="Lưu dự thảo").click()
    expect(screen.get_by_text("Đã lưu.")).to_be_visible()
    screen.wait_for_load_state()
    screen.get_by_role("button", name="Lập PDF và XLSX").click()
    expect(screen.get_by_text("Đã lập xong")).to_be_visible()
    assert screen.locator("#build progress").count() == 0
    with screen.expect_download() as download:
        screen.get_by_role("link", name="Tải PDF").click()
    pages = steps.pages_of(download.value.path().read_bytes())
    assert "Huyện đã làm tốt phần việc được giao." in " ".join(pages[0][2].split())
