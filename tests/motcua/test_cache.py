"""Without Redis the portal goes on: sessions are in the database, the cache knows nothing."""

from typing import Any

import pytest
from django.test import Client

from agencies.models import Role
from motcua.cache import Cache
from tests import make

# Nobody listens there.
NOWHERE = "unix:///nowhere/cache.sock"


@pytest.fixture
def away(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "motcua.cache.Cache", "LOCATION": NOWHERE}}


def test_a_cache_without_its_server_is_empty() -> None:
    cache = Cache(NOWHERE, {})
    assert cache.get("key", "nothing") == "nothing"
    assert cache.add("key", 1, 10)
    cache.set("key", 1)
    assert not cache.touch("key")
    assert not cache.delete("key")
    assert not cache.has_key("key")
    assert cache.get_many(["key"]) == {}
    cache.set_many({"key": 1})
    cache.delete_many(["key"])
    cache.clear()
    with pytest.raises(ValueError, match="out of reach"):
        cache.incr("key")


@pytest.mark.django_db
@pytest.mark.usefixtures("away")
def test_pages_and_sign_in_work_without_it(client: Client) -> None:
    user = make.user(at=make.agency(), role=Role.CLERK)
    user.set_password("mật khẩu dài")
    user.save()
    answer = client.post("/accounts/login/", {"login": user.username, "password": "mật khẩu dài"})
    assert answer.status_code == 302
    assert client.get("/viec/").status_code == 200
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["cache"] is False
