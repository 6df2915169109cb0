"""Every main page: what axe finds, a phone 360 px wide, and a screen enlarged to 200 %."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, Level, Role
from tests import make
from tests.browser import steps
from tests.dossiers.importing import foreign
from tests.reports import desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
GRAVE = """axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
    .filter(each => ['serious', 'critical'].includes(each.impact))
    .map(each => each.id + ': ' + each.nodes.map(node => node.target).join(' ')))"""
OVERHANG = """document.documentElement.scrollWidth - document.documentElement.clientWidth"""
UNFOLD = "document.querySelectorAll('main details').forEach(each => { each.open = true })"
# 1280 px enlarged to 200 % leave 640.
NARROW = (640, 360)


def barriers(page: Page) -> list[str]:
    """What keeps somebody out of the page that is open, at its width and at narrower ones."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate(AXE.read_text("utf-8"))
    found = list(page.evaluate(GRAVE))
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 740})
        overhang = page.evaluate(OVERHANG)
        if overhang > 0:
            found.append(f"{width} px: {overhang} px too wide")
    page.evaluate(AXE.read_text("utf-8"))
    found += [f"{width} px: {each}" for each in page.evaluate(GRAVE)]
    return found


def barriers_of(page: Page, server: LiveServer, addresses: Sequence[str]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        page.goto(f"{server.url}{address}")
        page.evaluate(UNFOLD)
        if problems := barriers(page):
            found[address] = problems
    return found


def test_clerks_pages_keep_nobody_out(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, components=2, fee_vnd=8000, steps=(8, 16))
    code = version.procedure.code
    instant = make.version(posted_at=commune, name="Chứng thực", immediate=True, fee_vnd=2000)
    assert barriers_of(screen, live_server, ["/accounts/login/"]) == {}
    clerk = steps.clerk(commune)
    dossier = make.dossier(agency=commune, version=version, officer=clerk)
    type(dossier).objects.update(is_demo=True)  # the warning of the demonstration is seen too
    steps.come_in(screen, live_server, clerk)
    addresses = [
        "/viec/",
        "/ho-so/",
        "/ho-so/?q=khong-co",
        "/so-theo-doi/",
        "/tiep-nhan/?q=khai+sinh",
        "/tiep-nhan/",
        f"/tiep-nhan/{code}/",
        "/tiep-nhan/hang-doi/",
        "/mat-ket-noi/",
        f"/tiep-nhan/{instant.procedure.code}/",
        f"/tiep-nhan/{instant.procedure.code}/nhieu/",
        f"/tiep-nhan/xong/{dossier.public_id}/",
        dossier.get_absolute_url(),
        "/thu-tuc/",
        f"/thu-tuc/{code}/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/khong-co/",
    ]
    assert barriers_of(screen, live_server, addresses) == {}
    # Refused, with the errors beside the fields.
    screen.goto(f"{live_server.url}/tiep-nhan/{code}/")
    screen.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()
    screen.locator("[aria-invalid=true]").first.wait_for()
    assert barriers(screen) == []


def test_reporters_pages_keep_nobody_out(screen: Page, live_server: LiveServer) -> None:
    made = desk.make_desk()
    report = desk.draft(made)
    steps.come_in(screen, live_server, made.reporter)
    code = made.district.code
    addresses = [
        "/so-lieu/",
        f"/so-lieu/?agency={code}&period=2024-Q2&by=procedure",
        f"/so-lieu/ho-so/?agency={code}&period=2024-Q2&column=c3",
        "/bao-cao/",
        report.get_absolute_url(),
    ]
    assert barriers_of(screen, live_server, addresses) == {}


def test_the_inspector_reads_a_report(screen: Page, live_server: LiveServer) -> None:
    """The paper on the screen, for those who may not write it."""
    made = desk.make_desk()
    report = desk.draft(made)
    province = made.district.parent
    assert province is not None
    steps.come_in(screen, live_server, make.staff(province, Role.INSPECTOR))
    assert barriers_of(screen, live_server, [report.get_absolute_url()]) == {}


def test_administrators_pages_keep_nobody_out(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, steps=(8, 16))
    keeper = make.user(at=commune, role=Role.ADMINISTRATOR)
    lines = [foreign.line(1, version), foreign.line(2, version, **{"Số CCCD": "123"})]
    fresh = foreign.uploaded(commune, keeper, lines[:1])
    runs = [
        foreign.uploaded(commune, keeper, lines[:1]),
        foreign.checked(commune, keeper, lines),
        foreign.imported(commune, keeper, lines[:1]),
    ]
    steps.come_in(screen, live_server, keeper)
    addresses = [
        "/nhap-ho-so/",
        f"/nhap-ho-so/{fresh.public_id}/cot/",
        f"/nhap-ho-so/{fresh.public_id}/gia-tri/",
        *(f"/nhap-ho-so/{run.public_id}/" for run in runs),
        "/lich-truc/",
        "/lich-truc/ca/",
    ]
    assert barriers_of(screen, live_server, addresses) == {}


def test_the_editor_of_steps_keeps_nobody_out(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, steps=(8, 16))
    province = make.agency(level=Level.PROVINCE)
    steps.come_in(screen, live_server, make.user(at=province, role=Role.ADMINISTRATOR))
    addresses = [f"/thu-tuc/{version.procedure.code}/buoc/"]
    assert barriers_of(screen, live_server, addresses) == {}
    screen.get_by_label("Có hiệu lực từ ngày").fill("2024-07-01")
    screen.get_by_role("button", name="Lập bản dự thảo").click()
    assert barriers_of(screen, live_server, addresses) == {}


def test_a_province_s_forms_keep_nobody_out(screen: Page, live_server: LiveServer) -> None:
    province = make.agency("Ủy ban nhân dân tỉnh Quảng Ngãi", level=Level.PROVINCE)
    steps.come_in(screen, live_server, make.user(at=province, role=Role.ADMINISTRATOR))
    addresses = ["/bieu-mau/", "/bieu-mau/moi/receipt/", "/bieu-mau/moi/register/"]
    assert barriers_of(screen, live_server, addresses) == {}
    screen.goto(f"{live_server.url}/bieu-mau/moi/receipt/")
    screen.get_by_role("button", name="Lưu mẫu").click()
    screen.locator("[aria-invalid=true]").first.wait_for()
    assert barriers(screen) == []
