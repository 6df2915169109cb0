"""What a page may cost an old PC on a slow line: bytes of scripts, requests."""

import gzip
from typing import Any

import pytest
from playwright.sync_api import Page, Response
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency
from tests import make
from tests.browser import steps

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
SCRIPTS = 120_000
REQUESTS = 5


def _gzipped(response: Response) -> int:
    """As WhiteNoise and nginx send it; the test's own server does not compress."""
    return len(gzip.compress(response.body(), 6))


def test_a_clerks_pages_carry_few_scripts_and_ask_for_little(
    screen: Page, live_server: LiveServer, commune: Agency
) -> None:
    version = make.version(posted_at=commune, components=2)
    clerk = steps.clerk(commune)
    dossier = make.dossier(agency=commune, version=version, officer=clerk)
    steps.come_in(screen, live_server, clerk)
    addresses = [
        "/viec/",
        "/tiep-nhan/",
        f"/tiep-nhan/{version.procedure.code}/",
        dossier.get_absolute_url(),
    ]
    for address in addresses:  # the first visit fills the cache
        screen.goto(f"{live_server.url}{address}")
        screen.wait_for_load_state("networkidle")
    for address in addresses:
        scripts, asked = _visit(screen, f"{live_server.url}{address}")
        assert scripts <= SCRIPTS, address
        assert len(asked) <= REQUESTS, (address, asked)


def _visit(page: Page, address: str) -> tuple[int, list[str]]:
    """Bytes of the page's scripts, and what went over the line."""
    scripts: dict[str, Response] = {}
    asked: list[str] = []

    def heard(response: Response) -> None:
        if response.request.resource_type == "script":
            scripts[response.url] = response

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    cached: set[str] = set()
    names: dict[str, str] = {}
    session.on("Network.requestWillBeSent", lambda said: _note(names, said))
    session.on("Network.requestServedFromCache", lambda said: cached.add(said["requestId"]))
    page.on("response", heard)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", heard)
    session.detach()
    asked = [url for key, url in names.items() if key not in cached]
    return sum(_gzipped(each) for each in scripts.values()), asked


def _note(names: dict[str, str], said: dict[str, Any]) -> None:
    names[said["requestId"]] = said["request"]["url"]
