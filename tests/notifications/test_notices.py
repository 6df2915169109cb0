"""Notices in the browser: told once, read by their own user, and only theirs."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import User
from notifications import notices
from notifications.models import Notice
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def badge(client: Client) -> str:
    """What the counters of the navigation bring."""
    return client.get("/viec/dem/").content.decode().partition('id="count-notices"')[2]


def told(user: User, key: str = "k", url: str = "/viec/", title: str = "Hạn hôm nay") -> Notice:
    notices.tell([user], key=key, title=title, body="Một hồ sơ", url=url, now=make.NOW)
    return Notice.objects.get(user=user, key=key)


def test_each_user_is_told_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    users = [make.user(), make.user()]
    with django_assert_num_queries(1):
        notices.tell(users, key="k", title="x", url="", now=make.NOW)
    notices.tell([users[0], users[0].pk], key="k", title="y", url="", now=make.NOW)
    assert [row.title for row in Notice.objects.all()] == ["x", "x"]
    assert notices.unread(users[0]) == 1


def test_opening_a_notice_reads_it_and_leads_on() -> None:
    user = make.user(at=make.agency())
    notice, client = told(user), signed_in(user)
    assert "1<span" in badge(client)
    answer = client.post(f"/thong-bao/{notice.public_id}/")
    assert (answer.status_code, answer["Location"]) == (302, "/viec/")
    assert notices.unread(user) == 0
    assert "chưa đọc" not in badge(client)


def test_all_can_be_read_at_once() -> None:
    user = make.user(at=make.agency())
    told(user, "a")
    told(user, "b")
    assert signed_in(user).post("/thong-bao/da-doc/")["Location"] == "/thong-bao/"
    assert notices.unread(user) == 0


def test_a_notice_of_somebody_else_does_not_exist() -> None:
    notice = told(make.user(at=make.agency()), title="Điều riêng")
    client = signed_in(make.user(at=make.agency()))
    assert client.post(f"/thong-bao/{notice.public_id}/").status_code == 404
    assert "Điều riêng" not in client.get("/thong-bao/").content.decode()
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("url", ["https://elsewhere.vn/", "//elsewhere.vn", "/\\elsewhere.vn", "x"])
def test_a_notice_leads_nowhere_else(url: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(user=make.user(), key="k", title="x", url=url, created_at=make.NOW)


def test_the_list_takes_its_number_of_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user = make.user(at=make.agency())
    for number in range(60):
        told(user, str(number))
    client = signed_in(user)
    client.get("/thong-bao/")
    with django_assert_num_queries(3):  # user, roles, notices; the session is cached
        answer = client.get("/thong-bao/")
    assert answer.content.count(b'class="app-notice"') == 50
    assert "60<span" in badge(client)
    notices.tell_many(
        Notice(user=user, key=f"x{number}", title="x", created_at=make.NOW) for number in range(60)
    )
    assert "99+<span" in badge(client)
