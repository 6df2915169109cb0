"""The frame of every page: navigation by role, no inline script or style, errors without data."""

import re

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from agencies.models import Role
from tests import make
from tests.pages import SIGNED_IN

pytestmark = pytest.mark.django_db


def links(client: Client, address: str = "/thu-tuc/") -> list[str]:
    text = client.get(address).content.decode()
    return [name.strip() for name in re.findall(r'class="app-nav-link"[^>]*>([^<]+)<', text)]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (
            Role.CLERK,
            "Việc của tôi, Tiếp nhận, Quá hạn, Số liệu, Báo cáo, Hồ sơ, Sổ theo dõi, Thủ tục,"
            " Lịch trực",
        ),
        (Role.INSPECTOR, "Số liệu, Báo cáo, Hồ sơ, Sổ theo dõi, Thủ tục, Đánh giá"),
        (
            Role.ADMINISTRATOR,
            "Hồ sơ, Sổ theo dõi, Thủ tục, Lịch trực, Nhập hồ sơ, Biểu mẫu, Quản trị",
        ),
    ],
)
def test_the_navigation_follows_the_role(client: Client, role: Role, seen: str) -> None:
    client.force_login(make.user(at=make.agency(), role=role))
    assert links(client) == seen.split(", ")


def test_the_present_function_is_marked(client: Client) -> None:
    client.force_login(make.user(at=make.agency()))
    text = client.get("/thu-tuc/").content.decode()
    assert re.search(r'aria-current="page"\s*>\s*Thủ tục\s*<', text)


def test_home_leads_to_the_first_function_or_says_that_there_is_none(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(make.user(at=make.agency()))
    assert client.get("/")["Location"] == "/viec/"
    client.force_login(make.user())
    with django_assert_num_queries(SIGNED_IN):
        assert "chưa được giao vai trò" in client.get("/").content.decode()


@pytest.mark.parametrize(
    "address", ["/thu-tuc/", "/viec/", "/tiep-nhan/", "/accounts/2fa/", "/nope"]
)
def test_pages_carry_nothing_inline(client: Client, address: str) -> None:
    client.force_login(make.user(at=make.agency()))
    response = client.get(address)
    text = response.content.decode()
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script
    assert '<html lang="vi">' in text
    assert "Đến nội dung chính" in text


def test_sign_in_speaks_vietnamese(client: Client) -> None:
    text = client.get("/accounts/login/").content.decode()
    for words in ("Đăng nhập", "Tên đăng nhập", "Mật khẩu"):
        assert words in text
    refused = client.post("/accounts/login/", {"login": "x", "password": "y"}).content.decode()
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in refused


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("password/change/", "Mật khẩu hiện tại"),
        ("2fa/", "Ứng dụng xác thực"),
        ("logout/", "Đăng xuất"),
        ("reauthenticate/", "Xác nhận"),
    ],
)
def test_account_pages_speak_vietnamese(client: Client, address: str, words: str) -> None:
    client.force_login(make.user(at=make.agency()))
    assert words in client.get(f"/accounts/{address}").content.decode()


def test_the_banner_is_there_in_the_demonstration_only(client: Client) -> None:
    for demo in (True, False):
        with override_settings(DEMO=demo):
            text = client.get("/accounts/login/").content.decode()
            assert ("người và ngày tháng được đặt ra" in text) is demo


def test_error_pages_tell_nothing(client: Client) -> None:
    client.force_login(make.user(full_name="Nguyễn Thị Đào"))
    missing, closed = client.get("/nope"), client.get("/viec/")
    assert (missing.status_code, closed.status_code) == (404, 403)
    for response in (missing, closed):
        text = response.content.decode()
        assert "Về trang đầu" in text
        assert "Nguyễn Thị Đào" not in text
