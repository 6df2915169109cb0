"""A clerk's papers in the browser: chosen, pasted, turned, taken off, seen; without scripts too."""

from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from dossiers import lifecycle, result
from dossiers.models import Dossier, StoredFile
from tests import make, papers_made
from tests.browser import steps
from tests.browser.conftest import Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
PASTE = """(element, bytes) => {
    const carried = new DataTransfer();
    carried.items.add(new File([new Uint8Array(bytes)], "dán.png", {type: "image/png"}));
    element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: carried, bubbles: true}));
}"""


def in_work(commune: Agency) -> Dossier:
    version = make.version(posted_at=commune, components=("Giấy chứng sinh", "Tờ khai"))
    clerk = steps.clerk(commune)
    dossier = make.dossier(agency=commune, version=version, officer=clerk)
    return lifecycle.start_processing(dossier, actor=clerk, now=make.NOW, request_id=uuid4())


def file_at(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_papers_are_chosen_pasted_turned_and_taken_off(
    screen: Page, live_server: LiveServer, commune: Agency, tmp_path: Path
) -> None:
    dossier = in_work(commune)
    assert dossier.officer
    steps.come_in(screen, live_server, dossier.officer)
    screen.goto(f"{live_server.url}/ho-so/{dossier.public_id}/ban-chup/")
    first, second = (screen.locator("[data-upload]").nth(number) for number in (0, 1))

    scan = file_at(tmp_path, "giấy chứng sinh.jpg", papers_made.picture(size=(600, 400)))
    first.locator("input[type=file]").first.set_input_files(scan)
    expect(first.get_by_text("giấy chứng sinh.jpg")).to_be_visible()
    before = StoredFile.objects.get()
    first.get_by_role("button", name="Xoay").click()
    expect(first.locator("[data-upload-id]")).not_to_have_value(str(before.public_id))
    turned = StoredFile.objects.latest("pk")
    expect(first.locator("[data-upload-id]")).to_have_value(str(turned.public_id))
    small = screen.request.get(f"{live_server.url}/tep/{turned.public_id}/thu-nho/").body()
    assert max(papers_made.pixel(small, 0.95, 0.05)) < 100  # the corner went to the right

    second.locator("[data-upload-paste]").focus()
    second.locator("[data-upload-paste]").evaluate(PASTE, list(papers_made.picture("PNG")))
    expect(second.get_by_text("dán.png")).to_be_visible()
    second.get_by_role("button", name="Bỏ").click()
    expect(second.locator("[data-upload-id]")).to_have_value("")
    expect(second.locator("input[type=file]").first).to_be_focused()

    wrong = file_at(tmp_path, "a.pdf", b"<html>")
    second.locator("input[type=file]").first.set_input_files(wrong)
    expect(second.get_by_role("status")).to_contain_text("Chỉ nhận tệp PDF")

    screen.get_by_role("button", name="Ghi bản chụp").click()
    screen.wait_for_url(f"**/ho-so/{dossier.public_id}/")
    assert [one.file for one in dossier.components.all()] == [turned, None]


def test_a_result_is_recorded_and_its_pdf_is_drawn_by_the_browser(
    screen: Page, live_server: LiveServer, commune: Agency, tmp_path: Path
) -> None:
    dossier = in_work(commune)
    assert dossier.officer
    steps.come_in(screen, live_server, dossier.officer)
    screen.goto(f"{live_server.url}/ho-so/{dossier.public_id}/ket-qua/")
    screen.get_by_label("Tên kết quả").fill("Giấy khai sinh")
    paper = file_at(tmp_path, "kết quả.pdf", papers_made.pdf(2))
    screen.locator("[data-upload] input[type=file]").first.set_input_files(paper)
    expect(screen.get_by_text("2 trang")).to_be_visible()
    screen.get_by_role("button", name="Ghi kết quả").click()
    screen.wait_for_url(f"**/ho-so/{dossier.public_id}/")
    (recorded,) = result.of(dossier)
    assert (recorded.title, recorded.file.pages) == ("Giấy khai sinh", 2)


def test_without_scripts_the_file_goes_with_the_form(
    open_page: Open, live_server: LiveServer, commune: Agency, tmp_path: Path
) -> None:
    dossier = in_work(commune)
    assert dossier.officer
    page = open_page(java_script_enabled=False)
    steps.come_in(page, live_server, dossier.officer)
    page.goto(f"{live_server.url}/ho-so/{dossier.public_id}/ban-chup/")
    expect(page.get_by_text("kéo tệp vào đây").first).to_be_hidden()
    scan = file_at(tmp_path, "a.png", papers_made.picture("PNG"))
    page.locator("input[type=file][name=paper_1_upload]").set_input_files(scan)
    page.get_by_role("button", name="Ghi bản chụp").click()
    page.wait_for_url(f"**/ho-so/{dossier.public_id}/")
    assert dossier.components.filter(file__name="a.png").exists()
