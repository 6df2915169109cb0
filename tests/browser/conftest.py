"""Debian's Chromium before a real server on the real PostgreSQL; skipped where it is missing."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from tests import make

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Open = Callable[..., Page]


class _StaticFiles(StaticFilesHandler):
    """Kept by the browser for good, as production's files named after their content are."""

    def serve(self, request: Any) -> Any:
        response = super().serve(request)
        response["Cache-Control"] = "public, max-age=315360000, immutable"
        return response


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """With static files: pytest-django knows their app by Django's own name for it alone."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = _StaticFiles
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def clock(transactional_db: None) -> Iterator[Any]:
    """A Monday at nine; the server runs in a thread of this process and sees the same time."""
    cache.clear()
    with time_machine.travel(make.NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def chromium(clock: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """One for each test, not one for all as pytest-playwright has it.

    While Playwright's event loop lives, Django gives this thread another database connection,
    one that knows nothing of the rows to put back after a flush. It must be over when the
    database is set up for the next test.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Makes pages; the test fails when a script fails or the content policy is broken."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(**options: Any) -> Page:
        size = {"width": 1280, "height": 800}
        wanted = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "viewport": size} | options
        contexts.append(chromium.new_context(**wanted))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.extend(_of_policy(said.text)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def _of_policy(said: str) -> list[str]:
    return [said] if "Content Security" in said else []


@pytest.fixture
def screen(open_page: Open) -> Page:
    return open_page()


@pytest.fixture
def commune(clock: Any) -> Agency:
    return make.agency("Ủy ban nhân dân xã Trà Bồng")
