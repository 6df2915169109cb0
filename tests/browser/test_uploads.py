"""A clerk's papers in the browser: chosen, pasted, turned, taken off, seen; without scripts too."""

from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from dossiers import files, lifecycle, result, store
from dossiers.models import Dossier, MaskedView, StoredFile, StoredPaper
from tests import make, papers_made
from tests.browser import steps
from tests.browser.conftest import Open
from tests.browser.test_accessibility import barriers, barriers_of

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


def test_the_pages_of_files_keep_nobody_out(
    screen: Page, live_server: LiveServer, commune: Agency, tmp_path: Path
) -> None:
    dossier = in_work(commune)
    assert dossier.officer
    steps.come_in(screen, live_server, dossier.officer)
    start = f"/ho-so/{dossier.public_id}/"
    assert barriers_of(screen, live_server, [f"{start}ket-qua/", f"{start}ban-chup/"]) == {}
    screen.set_viewport_size({"width": 1280, "height": 800})
    scan = file_at(tmp_path, "giấy chứng sinh.jpg", papers_made.picture(size=(600, 400)))
    screen.locator("[data-upload] input[type=file]").first.set_input_files(scan)
    expect(screen.get_by_text("giấy chứng sinh.jpg")).to_be_visible()
    assert barriers(screen) == []


def test_a_paper_of_the_store_is_chosen_and_looked_at(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    clerk = steps.clerk(commune)
    version = make.version(posted_at=commune, components=("Giấy chứng sinh", "Tờ khai"))
    holder = make.person(citizen_id="079090001234")
    before = make.dossier(agency=commune, version=version, officer=clerk, holder=holder)
    file = files.store(BytesIO(papers_made.pdf()), "a.pdf", stored_by=clerk, now=make.NOW)
    before.components.filter(position=1).update(file=file)
    store.keep(file, make.NOW)

    steps.come_in(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/tiep-nhan/{version.procedure.code}/")
    number = screen.locator("#id_holder-citizen_id")
    number.fill("079090001234")
    number.blur()
    kept = StoredPaper.objects.get()
    shelf = screen.get_by_role("region", name="Kho giấy tờ của chủ hồ sơ")
    shelf.get_by_label("Giấy chứng sinh", exact=True).select_option(str(kept.public_id))
    component = version.components.get(position=1)
    hidden = screen.locator(f"[name=component_{component.pk}_reused]")
    expect(hidden).to_have_value(str(kept.public_id))
    expect(screen.locator(f"[name=component_{component.pk}]")).to_be_checked()
    assert barriers(screen) == []

    screen.set_viewport_size({"width": 1280, "height": 800})
    shelf.get_by_text("Xem giấy tờ trong kho").click()
    look = shelf.get_by_role("button", name="Xem")
    expect(look).to_be_disabled()
    shelf.get_by_label("Công dân đang có mặt").check()
    with screen.context.expect_page() as opened:
        look.click()
    opened.value.wait_for_load_state()
    looks = MaskedView.objects.values_list("what", flat=True)
    assert set(looks) >= {"store", "paper"}
