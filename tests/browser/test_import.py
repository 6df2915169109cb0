"""The journey of an administrator who brings last year's dossiers in, and takes them back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, Level, Role
from dossiers.models import Dossier
from procedures.models import ProcedureVersion
from tests import make
from tests.browser import steps
from tests.dossiers.importing import foreign

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def lines(version: ProcedureVersion) -> list[dict[str, object]]:
    # The clock of the journeys stands at 3 June 2024.
    dates = {
        "Ngày tiếp nhận": "06/05/2024 09:00",
        "Ngày có kết quả": "08/05/2024 10:00",
        "Ngày trả kết quả": "08/05/2024 15:00",
    }
    return [foreign.line(number, version, **dates) for number in range(1, 4)]


def upload(page: Page, server: LiveServer, path: Path) -> None:
    page.goto(f"{server.url}/nhap-ho-so/")
    page.get_by_label("Hệ thống nguồn").fill(foreign.SOURCE)
    page.get_by_label("Tệp Excel").set_input_files(path)
    page.get_by_role("button", name="Tải lên").click()


def test_import_wizard(
    screen: Page, live_server: LiveServer, commune: Agency, tmp_path: Path
) -> None:
    version = make.version(posted_at=commune)
    keeper = make.user(at=commune, role=Role.ADMINISTRATOR)
    steps.come_in(screen, live_server, keeper)
    wrong = lines(version)
    wrong[1]["Ngày tiếp nhận"] = "hôm kia"
    (tmp_path / "so-sai.xlsx").write_bytes(foreign.book(wrong).read())
    (tmp_path / "so.xlsx").write_bytes(foreign.book(lines(version)).read())

    upload(screen, live_server, tmp_path / "so-sai.xlsx")
    # Headers were recognised; what the file does not say is said once for all.
    for column, constant in (("agency", commune.code), ("holder_kind", "person")):
        screen.locator(f"#id_dossiers-{column}").select_option("=")
        screen.locator(f"#id_dossiers-{column}-constant").select_option(constant)
    screen.get_by_role("button", name="Tiếp tục").click()
    expect(screen.get_by_label("Kênh nộp: “Trực tiếp”")).to_have_value("direct")
    screen.get_by_role("button", name="Kiểm tra tệp").click()
    expect(screen.get_by_role("heading", name="1 lỗi")).to_be_visible()
    row = screen.get_by_role("row").filter(has_text="Ngày tiếp nhận")
    expect(row).to_contain_text("4")

    # Corrected and uploaded again: the mapping is remembered.
    upload(screen, live_server, tmp_path / "so.xlsx")
    screen.get_by_role("button", name="Tiếp tục").click()
    screen.get_by_role("button", name="Kiểm tra tệp").click()
    expect(screen.get_by_role("heading", name="Xem trước")).to_be_visible()
    screen.get_by_role("button", name="Nhập 3 hồ sơ").click()
    expect(screen.get_by_text("Đã nhập 3 hồ sơ")).to_be_visible()
    assert Dossier.objects.count() == 3

    screen.get_by_text("Hoàn tác cả lần nhập này").click()
    screen.get_by_role("button", name="Xóa 3 hồ sơ đã nhập").click()
    expect(screen.get_by_text("3 hồ sơ đã được xóa")).to_be_visible()
    assert Dossier.objects.count() == 0


def test_steps_are_dragged_and_published(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, steps=(8, 4))
    province = make.agency(level=Level.PROVINCE)
    steps.come_in(screen, live_server, make.user(at=province, role=Role.ADMINISTRATOR))
    screen.goto(f"{live_server.url}/thu-tuc/{version.procedure.code}/buoc/")
    screen.get_by_label("Có hiệu lực từ ngày").fill("2024-07-01")
    screen.get_by_role("button", name="Lập bản dự thảo").click()
    screen.get_by_role("button", name="Thêm bước").click()
    screen.locator("#id_3-name").fill("Ký duyệt")
    screen.locator("#id_3-name").blur()
    expect(screen.get_by_text("16 giờ làm việc")).to_be_visible()
    screen.get_by_role("button", name="Lên một bậc, bước 3").click()
    expect(screen.locator("#id_2-name")).to_have_value("Ký duyệt")
    screen.evaluate("scrollTo(0, 0)")  # both steps are seen while one is dragged
    screen.locator("[data-grip]").nth(1).drag_to(
        screen.locator("[data-step]").nth(0), target_position={"x": 20, "y": 5}
    )
    expect(screen.locator("#id_1-name")).to_have_value("Ký duyệt")
    screen.locator("#id_1-leads_to").fill("2, 3")
    screen.get_by_role("button", name="Lưu và công bố").click()
    expect(screen.get_by_role("heading", name="Lịch sử phiên bản")).to_be_visible()
    after = ProcedureVersion.objects.get(procedure=version.procedure, number=2)
    assert after.status == "published"
    assert list(after.steps.values_list("name", flat=True)) == ["Ký duyệt", "Bước 1", "Bước 2"]
