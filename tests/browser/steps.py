"""What several journeys do."""

from io import BytesIO

import pdfplumber
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from agencies.models import Agency, User
from tests import make

PASSWORD = "mật khẩu của Đào"


def clerk(agency: Agency) -> User:
    return make.user(at=agency, username="dao", password=make_password(PASSWORD))


def come_in(page: Page, server: LiveServer, user: User) -> None:
    """The session of somebody who has signed in already."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": server.url}]
    )


def pages_of(pdf: bytes) -> list[tuple[float, float, str]]:
    """(width in mm, height in mm, text) of each page."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return [
            (
                float(each.width) / 72 * 25.4,
                float(each.height) / 72 * 25.4,
                each.extract_text() or "",
            )
            for each in opened.pages
        ]


def receipt_of(page: Page, server: LiveServer) -> list[tuple[float, float, str]]:
    """The PDF behind the button of the dossier's page, fetched with the browser's session."""
    button = page.get_by_role("button", name="In giấy tiếp nhận").first
    form = page.locator("form[data-print]").filter(has=button)
    token = form.locator("[name=csrfmiddlewaretoken]").input_value()
    answer = page.request.post(
        f"{server.url}{form.get_attribute('action')}",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": page.url},
    )
    assert answer.headers["content-type"] == "application/pdf"
    return pages_of(answer.body())
