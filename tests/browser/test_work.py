"""From the work list through a supplement; and what somebody from elsewhere gets to see."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from dossiers.models import Dossier, Status
from tests import make
from tests.browser import steps

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def test_from_the_work_list_through_a_supplement(
    screen: Page, live_server: LiveServer, commune: Agency, clock: Any
) -> None:
    clerk = steps.clerk(commune)
    version = make.version(posted_at=commune, components=1)
    dossier = make.dossier(agency=commune, version=version, officer=clerk)
    other = make.person("Trần Văn Cò")
    make.dossier(agency=commune, version=version, officer=clerk, channel="post", holder=other)
    steps.come_in(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/viec/")
    screen.get_by_label("Kênh").select_option("direct")
    expect(screen.get_by_text("Trần Văn Cò")).to_be_hidden()
    screen.get_by_label("Tìm hồ sơ").press_sequentially("thi en")
    expect(screen).to_have_url(re.compile(r"q=thi(%20|\+)en.*channel=direct"))
    screen.get_by_role("link", name=str(dossier.code)).click()

    screen.get_by_text("Yêu cầu bổ sung", exact=True).click()
    screen.get_by_label("Giấy tờ cần bổ sung").fill("Bản sao giấy khai sinh")
    form = screen.locator("details", has_text="Giấy tờ cần bổ sung")
    form.get_by_label("Lý do").fill("Còn thiếu")
    form.get_by_role("button", name="Gửi yêu cầu").click()
    expect(screen.get_by_text("Tạm dừng, chờ bổ sung")).to_be_visible()
    assert Dossier.objects.get(pk=dossier.pk).due_at is None

    # Back in the list the question stands as it was asked.
    screen.go_back()
    screen.go_back()
    expect(screen.get_by_label("Tìm hồ sơ")).to_have_value("thi en")
    expect(screen.get_by_label("Kênh")).to_have_value("direct")

    clock.move_to(make.at("2024-06-05 09:00"))
    steps.come_in(screen, live_server, clerk)  # the session of Monday has ended
    screen.goto(f"{live_server.url}{dossier.get_absolute_url()}")
    screen.get_by_text("Đã nhận đủ bổ sung", exact=True).click()
    screen.get_by_role("button", name="Ghi nhận đủ").click()
    expect(screen.get_by_role("heading", name=re.compile("Đang xử lý"))).to_be_visible()
    moved = Dossier.objects.get(pk=dossier.pk)
    assert moved.status == Status.PROCESSING
    assert moved.due_at is not None
    # Of the days waited one was counted, Tuesday: the promise moves by one, and that is told.
    assert moved.due_at == make.at("2024-06-11 17:00")
    expect(screen.locator("dt:has-text('Hẹn trả hiện nay') + dd")).to_contain_text("11/06/2024")
    expect(screen.locator("dt:has-text('Hẹn trả ban đầu') + dd")).to_contain_text("10/06/2024")
    expect(screen.locator(".app-history")).to_contain_text("11/06/2024")


def test_a_dossier_of_another_unit_is_not_found(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    dossier = make.dossier()
    steps.come_in(screen, live_server, steps.clerk(commune))
    answer = screen.goto(f"{live_server.url}{dossier.get_absolute_url()}")
    assert answer is not None
    assert answer.status == 404
    expect(screen.get_by_role("heading", level=1)).to_be_visible()
    assert str(dossier.code) not in screen.content()
    assert dossier.holder_name not in screen.content()
