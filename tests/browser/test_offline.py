"""At a counter whose network goes away: taken in, kept sealed, sent once when it is back."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import BrowserContext, Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, User
from dossiers.models import Dossier
from procedures.models import ProcedureVersion
from tests import make
from tests.browser import steps
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.test_accessibility import barriers

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
PAPERS = ("Tờ khai", "Giấy chứng sinh")
NAME = "Nguyễn Thị Én"
# Everything that lies in the browser's store, as text; keys show that they cannot be read out.
RAW = """async () => {
    const database = await new Promise((resolve) => {
        const request = indexedDB.open('motcua-offline');
        request.onsuccess = () => resolve(request.result);
    });
    const read = (name) => new Promise((resolve) => {
        const request = database.transaction(name).objectStore(name).getAll();
        request.onsuccess = () => resolve(request.result);
    });
    const plain = (value) => {
        if (value instanceof CryptoKey) return `CryptoKey extractable=${value.extractable}`;
        if (value instanceof ArrayBuffer) return new TextDecoder().decode(value);
        if (value instanceof Uint8Array) return 'bytes';
        return value;
    };
    const found = {};
    for (const name of database.objectStoreNames) {
        found[name] = (await read(name)).map((row) =>
            Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])));
    }
    return found;
}"""

EMPTY = f"() => ({RAW})().then((found) => found.entries.length === 0)"
# The browser then asks for no paper.
UNASKED = """document.querySelectorAll('[data-required]').forEach((each) => {
    each.removeAttribute('data-required');
})"""


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune, components=PAPERS)


@pytest.fixture
def clerk(commune: Agency) -> User:
    return steps.clerk(commune)


def prepare(page: Page, server: LiveServer, version: ProcedureVersion) -> None:
    """Once with a network: the worker rules the page, key and form are kept."""
    page.goto(f"{server.url}/tiep-nhan/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_function("caches.has('motcua-forms')")
    page.goto(f"{server.url}/tiep-nhan/{version.procedure.code}/")
    page.wait_for_function(
        "caches.open('motcua-forms').then((c) => c.keys()).then((k) => k.length > 0)"
    )


def fill(page: Page, name: str = NAME) -> None:
    page.locator("[name=holder-name]").fill(name)
    for paper in PAPERS:
        page.get_by_role("checkbox", name=re.compile(paper)).check()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").click()


def raw(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(RAW)
    return found


def test_a_whole_intake_without_a_network(
    screen: Page, live_server: LiveServer, version: ProcedureVersion, clerk: User
) -> None:
    steps.come_in(screen, live_server, clerk)
    prepare(screen, live_server, version)
    screen.context.set_offline(True)
    screen.reload()  # the kept form
    expect(screen.get_by_text("Mất kết nối. Cứ tiếp nhận bình thường")).to_be_visible()
    screen.locator("[name=holder-name]").fill(NAME)
    screen.wait_for_timeout(1200)  # the pause after which a draft is kept
    screen.reload()
    screen.get_by_role("button", name="Điền lại").click()
    expect(screen.locator("[name=holder-name]")).to_have_value(NAME)
    fill(screen)
    hand_in(screen)

    paper = screen.locator("#provisional")
    expect(paper.get_by_text("GIẤY TIẾP NHẬN TẠM THỜI")).to_be_visible()
    expect(paper.get_by_text("Chưa có mã hồ sơ")).to_be_visible()
    expect(paper.get_by_text(NAME)).to_be_visible()
    assert barriers(screen) == []
    [(width, height, text)] = steps.pages_of(screen.pdf(prefer_css_page_size=True))
    assert sorted((round(width), round(height))) == [148, 210]
    assert "Hẹn trả theo giấy tiếp nhận" in text
    assert Dossier.objects.count() == 0
    stored = raw(screen)
    assert [each["state"] for each in stored["entries"]] == ["waiting"]
    assert stored["keys"][0]["key"] == "CryptoKey extractable=false"
    for plain in (NAME, "Giấy chứng sinh"):
        assert plain not in str(stored)
    assert stored["drafts"] == []

    # Elsewhere: a plain page that says what is the matter, with the queue.
    screen.goto(f"{live_server.url}/ho-so/")
    expect(screen.get_by_role("heading", name="Mất kết nối", exact=True)).to_be_visible()
    expect(screen.get_by_role("link", name=version.name)).to_be_visible()
    expect(screen.locator("#queue").get_by_text(NAME)).to_be_visible()

    screen.context.set_offline(False)
    expect(screen.locator("#queue").get_by_text("Đã gửi, mã hồ sơ")).to_be_visible()
    dossier = Dossier.objects.get()
    assert dossier.holder_name == NAME
    event = dossier.events.get()
    assert event.at < event.recorded_at
    assert event.detail["offline"] is True
    assert abs((event.at - make.NOW).total_seconds()) < 60  # by the server's clock


def test_an_answer_that_got_lost_is_no_second_dossier(
    screen: Page, live_server: LiveServer, version: ProcedureVersion, clerk: User
) -> None:
    steps.come_in(screen, live_server, clerk)
    prepare(screen, live_server, version)

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch(max_redirects=0)  # the server has taken it in
            route.abort("connectionreset")
        else:
            route.continue_()

    address = re.compile(rf"/tiep-nhan/{re.escape(version.procedure.code)}/$")
    screen.context.route(address, lose)
    fill(screen)
    hand_in(screen)
    expect(screen.locator("#provisional")).to_be_visible()
    screen.context.unroute(address)
    dossier = Dossier.objects.get()
    # Sent again by its key: the same dossier, under the same code.
    expect(screen.locator("#queue").get_by_text(f"mã hồ sơ {dossier.code}")).to_be_visible()
    assert Dossier.objects.count() == 1


def test_what_was_taken_in_online_leaves_nothing_in_the_queue(
    screen: Page, live_server: LiveServer, version: ProcedureVersion, clerk: User
) -> None:
    steps.come_in(screen, live_server, clerk)
    prepare(screen, live_server, version)
    fill(screen)
    screen.get_by_role("checkbox", name=re.compile(PAPERS[1])).uncheck()
    hand_in(screen)  # refused, in the form
    screen.get_by_role("checkbox", name=re.compile(PAPERS[1])).check()
    screen.wait_for_function(EMPTY)
    hand_in(screen)
    expect(screen.get_by_text("Đã tiếp nhận hồ sơ").first).to_be_visible()
    dossier = Dossier.objects.get()
    assert dossier.events.get().detail == {}
    screen.wait_for_function(EMPTY)
    expect(screen.locator("#queue-badge")).to_have_count(0)


def test_a_conflict_is_shown_corrected_and_sent(
    screen: Page, live_server: LiveServer, version: ProcedureVersion, clerk: User
) -> None:
    """The counter's form asks for a paper that it lets pass; the server does not."""
    steps.come_in(screen, live_server, clerk)
    prepare(screen, live_server, version)
    screen.context.set_offline(True)
    fill(screen)
    screen.evaluate(UNASKED)
    screen.get_by_role("checkbox", name=re.compile(PAPERS[1])).uncheck()
    hand_in(screen)
    expect(screen.locator("#provisional")).to_be_visible()
    [before] = raw(screen)["entries"]
    screen.context.set_offline(False)
    expect(screen.locator("#queue").get_by_text("Giấy chứng sinh").first).to_be_visible()
    expect(screen.locator("#queue").get_by_text("cần xem lại")).to_be_visible()
    assert barriers(screen) == []
    assert Dossier.objects.count() == 0

    screen.get_by_role("link", name=re.compile("Mở để sửa")).click()
    expect(screen.locator("[name=holder-name]")).to_have_value(NAME)
    screen.get_by_role("checkbox", name=re.compile(PAPERS[1])).check()
    hand_in(screen)
    expect(screen.locator("#queue").get_by_text("Đã gửi, mã hồ sơ")).to_be_visible()
    dossier = Dossier.objects.get()
    assert str(dossier.intake_key) == before["id"]
    assert dossier.events.get().detail["offline"] is True


def test_another_user_at_the_same_browser_reads_nothing(
    screen: Page, live_server: LiveServer, version: ProcedureVersion, clerk: User, commune: Agency
) -> None:
    other = make.user(at=commune, username="khac", full_name="Lê Văn Khác")
    steps.come_in(screen, live_server, clerk)
    prepare(screen, live_server, version)
    screen.context.set_offline(True)
    fill(screen)
    hand_in(screen)
    expect(screen.locator("#provisional")).to_be_visible()

    # The session ran out meanwhile: nothing is lost, nothing is sent under another's name.
    screen.context.clear_cookies()
    screen.context.set_offline(False)
    expect(screen.get_by_text("Phiên làm việc đã hết: xin đăng nhập lại")).to_be_visible()
    steps.come_in(screen, live_server, other)
    screen.goto(f"{live_server.url}/tiep-nhan/hang-doi/")
    expect(screen.get_by_text("Có 1 hồ sơ chờ gửi của người dùng khác")).to_be_visible()
    expect(screen.get_by_text(NAME)).to_have_count(0)
    assert Dossier.objects.count() == 0

    # At sign-out the key goes, and the entry can be read again when its own user comes back.
    screen.locator(".app-user summary").click()
    screen.get_by_role("button", name="Đăng xuất").click()
    screen.wait_for_url("**/accounts/login/**")
    assert raw(screen)["keys"] == []
    assert screen.evaluate("caches.has('motcua-forms')") is False
    steps.come_in(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/tiep-nhan/hang-doi/")
    expect(screen.locator("#queue").get_by_text("Đã gửi, mã hồ sơ")).to_be_visible()
    assert Dossier.objects.get().officer == clerk


@pytest.fixture
def kept_browser(clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A browser whose profile lies on the disk: closed and opened again it is the same one."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    opened: list[BrowserContext] = []
    with sync_playwright() as playwright:

        def start() -> BrowserContext:
            opened.append(
                playwright.chromium.launch_persistent_context(
                    tmp_path / "profile", executable_path=CHROMIUM, args=QUIET
                )
            )
            return opened[-1]

        yield start
        opened[-1].close()
        connections.close_all()


def test_the_queue_outlives_the_browser(
    kept_browser: Any, live_server: LiveServer, version: ProcedureVersion, clerk: User
) -> None:
    context = kept_browser()
    page = context.new_page()
    steps.come_in(page, live_server, clerk)
    prepare(page, live_server, version)
    context.set_offline(True)
    fill(page)
    hand_in(page)
    expect(page.locator("#provisional")).to_be_visible()
    context.close()

    context = kept_browser()
    context.set_offline(True)
    page = context.new_page()
    page.goto(f"{live_server.url}/viec/")
    expect(page.locator("#queue").get_by_text(NAME)).to_be_visible()
    context.set_offline(False)
    steps.come_in(page, live_server, clerk)
    page.goto(f"{live_server.url}/tiep-nhan/hang-doi/")
    expect(page.locator("#queue").get_by_text("Đã gửi, mã hồ sơ")).to_be_visible()
    assert Dossier.objects.get().holder_name == NAME


def test_a_clerks_page_needs_little_javascript(
    screen: Page, live_server: LiveServer, version: ProcedureVersion, clerk: User
) -> None:
    """As transferred in production: compressed, each module by itself."""
    loaded: dict[str, int] = {}
    screen.on(
        "response",
        lambda answer: (
            loaded.update({answer.url: len(gzip.compress(answer.body()))})
            if answer.request.resource_type == "script"
            else None
        ),
    )
    steps.come_in(screen, live_server, clerk)
    screen.goto(f"{live_server.url}/tiep-nhan/{version.procedure.code}/")
    screen.wait_for_load_state("networkidle")
    assert any("form.js" in url for url in loaded)
    assert sum(loaded.values()) <= 120_000
