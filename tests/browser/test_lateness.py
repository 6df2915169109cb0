"""The apology from its draft to the paper; and whether lateness keeps anybody out."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, Role
from dossiers import apology, risk, warnings
from dossiers.models import Apology, Dossier
from tests import make
from tests.browser import steps
from tests.browser.test_accessibility import barriers, barriers_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
# Due on Monday 10 June at 17:00.
FRIDAY, TUESDAY = make.at("2024-06-07 08:00"), make.at("2024-06-11 08:00")


def nightly() -> None:
    """What the workers do."""
    warnings.warn_all(FRIDAY)
    risk.mark_all(FRIDAY)
    apology.draft_all(FRIDAY)


def test_the_leader_apologises_and_promises_a_new_date(
    screen: Page, live_server: LiveServer, commune: Agency, clock: Any
) -> None:
    leader = make.staff(commune, Role.LEADER, Role.CLERK)
    holder = make.person("Hồ Thị Bưởi", phone="0905123456")
    version = make.version(posted_at=commune)
    dossier = make.dossier(agency=commune, version=version, officer=leader, holder=holder)
    code = str(dossier.code)
    clock.move_to(FRIDAY)
    nightly()

    # Told in the browser, from any page, and led to the dossier.
    steps.come_in(screen, live_server, leader)
    screen.goto(f"{live_server.url}/viec/")
    expect(screen.locator("#count-notices")).to_contain_text("1")
    screen.get_by_role("link", name="Thông báo").click()
    screen.get_by_role("button", name="1 hồ sơ còn 1 ngày làm việc").click()
    expect(screen.get_by_role("heading", name=code)).to_be_visible()
    expect(screen.locator("#count-notices")).to_be_empty()

    # Overdue, and nobody has apologised.
    clock.move_to(TUESDAY)
    steps.come_in(screen, live_server, leader)
    screen.goto(f"{live_server.url}/qua-han/?list=without")
    expect(screen.get_by_role("link", name=code, exact=True)).to_be_visible()
    screen.get_by_role("link", name="Thư chờ ký").click()
    screen.get_by_role("link", name=f"Xem và ký thư xin lỗi của hồ sơ {code}").press("Enter")
    screen.get_by_label("Nguyên nhân", exact=True).select_option(
        label="Mất điện, sự cố đường truyền"
    )
    screen.get_by_label("Nguyên nhân cụ thể").fill("Mất điện ngày 07/6")
    screen.get_by_label("Hẹn trả lại").fill("2024-06-14T16:00")
    screen.get_by_role("button", name="Ký và hẹn lại").press("Enter")
    expect(screen.get_by_text("Đã ký thư xin lỗi và hẹn lại ngày trả.")).to_be_visible()
    assert Apology.objects.get().signed_by == leader

    # The paper: one page, with the new date.
    form = screen.locator("form", has=screen.get_by_role("button", name="In thư xin lỗi"))
    typed: dict[str, str | float | bool] = {
        str(field.get_attribute("name")): field.input_value()
        for field in form.locator("input").all()
    }
    address = f"{live_server.url}{form.get_attribute('action')}"
    answer = screen.request.post(address, form=typed, headers={"Referer": screen.url})
    assert answer.headers["content-type"] == "application/pdf"
    ((_, _, text),) = steps.pages_of(answer.body())
    assert "14" in text
    assert code in text

    # On the dossier's page, with what the citizen was told; the lists know it too.
    screen.goto(f"{live_server.url}{dossier.get_absolute_url()}")
    expect(screen.get_by_text("hẹn lại 14/06/2024 16:00")).to_be_visible()
    told = screen.locator("section", has_text="Tin nhắn cho công dân")
    expect(told.get_by_text("0905•••456").first).to_be_visible()
    screen.goto(f"{live_server.url}/qua-han/?list=without")
    expect(screen.get_by_text("Không có hồ sơ quá hạn nào thiếu thư")).to_be_visible()
    screen.goto(f"{live_server.url}/qua-han/?list=signed")
    expect(screen.get_by_role("link", name=code, exact=True)).to_be_visible()
    assert Dossier.objects.get().promised_at == make.at("2024-06-14 16:00")


def test_letters_are_ticked_and_signed_by_keyboard(
    screen: Page, live_server: LiveServer, commune: Agency, clock: Any
) -> None:
    leader = make.staff(commune, Role.LEADER)
    version = make.version(posted_at=commune)
    for _ in range(3):
        make.dossier(agency=commune, version=version, officer=make.staff(commune))
    clock.move_to(FRIDAY)
    nightly()
    steps.come_in(screen, live_server, leader)
    screen.goto(f"{live_server.url}/qua-han/")
    screen.get_by_label("Chọn tất cả thư trên trang này").press("Space")
    screen.get_by_label("Chọn thư của hồ sơ").first.press("Space")  # but not this one
    screen.locator("#sign-many").get_by_label("Nguyên nhân", exact=True).select_option(index=2)
    screen.get_by_role("button", name="Ký các thư đã chọn").press("Enter")
    expect(screen.get_by_text("Đã ký 2 thư xin lỗi.")).to_be_visible()
    assert Apology.objects.filter(signed_at__isnull=False).count() == 2


def test_pages_of_lateness_keep_nobody_out(
    screen: Page, live_server: LiveServer, commune: Agency, clock: Any
) -> None:
    leader = make.staff(commune, Role.LEADER)
    version = make.version(posted_at=commune, steps=(200,), name="Cấp giấy phép xây dựng " * 8)
    dossier = make.dossier(agency=commune, version=version, officer=make.staff(commune))
    clock.move_to(FRIDAY)
    nightly()
    steps.come_in(screen, live_server, leader)
    addresses = [
        "/qua-han/",
        "/qua-han/?list=without",
        "/qua-han/?list=risk",
        "/qua-han/?list=signed",
        f"/qua-han/{dossier.public_id}/",
        dossier.get_absolute_url(),
        "/canh-bao/muc/",
        "/thong-bao/",
    ]
    assert barriers_of(screen, live_server, addresses) == {}
    screen.goto(f"{live_server.url}/qua-han/{dossier.public_id}/")
    screen.get_by_role("button", name="Ký và hẹn lại").click()
    screen.locator("[aria-invalid=true]").first.wait_for()
    assert barriers(screen) == []
