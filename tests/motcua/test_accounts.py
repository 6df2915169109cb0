"""Sign-in: closed to the public, locked after failures, two factors where roles require it."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from agencies.models import Role, User
from motcua.accounts import MfaAdapter, renew_second_factors
from motcua.htmx import polled
from motcua.middleware import IdleMiddleware
from tests import make

pytestmark = pytest.mark.django_db

PASSWORD = "một mật khẩu dài"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def _user(role: str | None = None) -> User:
    user = make.user(at=make.agency(), role=role) if role else make.user()
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def _sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": user.username, "password": password})


def test_signing_up_is_closed(client: Client) -> None:
    answer = client.post(
        reverse("account_signup"),
        {"username": "stranger", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert answer.status_code in {200, 403}
    assert not User.objects.filter(username="stranger").exists()


def test_five_failures_lock_the_name_out(client: Client) -> None:
    user = _user(Role.CLERK)
    for _ in range(5):
        _sign_in(client, user, "wrong")

    answer = _sign_in(client, user)

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_closed_account_does_not_sign_in(client: Client) -> None:
    user = _user(Role.CLERK)
    User.objects.filter(pk=user.pk).update(is_active=False)

    _sign_in(client, user)

    assert "_auth_user_id" not in client.session


def test_sessions_end_when_idle(client: Client) -> None:
    _sign_in(client, _user(Role.CLERK))

    assert client.session.get_expiry_age() == django_settings.SESSION_COOKIE_AGE <= 30 * 60


def test_work_keeps_the_session_alive_and_writes_it_once_a_minute(client: Client) -> None:
    with time_machine.travel(make.NOW, tick=False) as traveller:
        client.force_login(_user(Role.CLERK))
        client.get("/")
        first = _ends_at(client)
        traveller.shift(59)
        client.get("/")
        assert _ends_at(client) == first
        traveller.shift(1)
        client.get("/")
        assert _ends_at(client) == first + timedelta(seconds=60)


def test_a_page_left_open_does_not_keep_the_session_alive(client: Client) -> None:
    def by_timer(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    request = _asked_by(_user(Role.CLERK))
    IdleMiddleware(polled(by_timer))(request)
    assert request.session == {}
    IdleMiddleware(by_timer)(again := _asked_by(request.user))
    assert again.session


def test_a_part_of_a_page_asked_for_after_the_session_ended_is_not_the_sign_in(
    client: Client,
) -> None:
    answer = client.get("/viec/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content) == (401, b"")


def test_a_changed_password_leaves_a_trace_without_the_password() -> None:
    user = _user()

    events = user.events.order_by("pgh_id").values()  # type: ignore[attr-defined]
    assert [event["pgh_label"] for event in events] == ["insert", "password_changed"]
    assert "password" not in events[0]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.LEADER, Role.REPORTER])
def test_these_roles_must_set_up_a_second_factor(client: Client, settings: Any, role: str) -> None:
    settings.REQUIRE_MFA = True
    _sign_in(client, _user(role))

    assert client.get("/").headers["Location"] == reverse("mfa_activate_totp")
    # The password once more, then the set-up.
    again = client.get(reverse("mfa_activate_totp")).headers["Location"]
    there = client.post(again, {"password": PASSWORD})
    assert client.get(there.headers["Location"]).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302


@pytest.mark.parametrize("role", [Role.CLERK, Role.OFFICER, None])
def test_others_may_do_without(client: Client, settings: Any, role: str | None) -> None:
    settings.REQUIRE_MFA = True
    client.force_login(_user(role))

    assert client.get("/").headers.get("Location") != reverse("mfa_activate_totp")


def test_the_demonstration_does_without(client: Client, settings: Any) -> None:
    settings.REQUIRE_MFA = False
    client.force_login(_user(Role.LEADER))

    assert client.get("/").headers.get("Location") != reverse("mfa_activate_totp")


def test_with_a_second_factor_the_pages_open_and_it_cannot_be_dropped(
    client: Client, settings: Any
) -> None:
    settings.REQUIRE_MFA = True
    user = _user(Role.LEADER)
    TOTP.activate(user, generate_totp_secret())
    client.force_login(user)

    assert client.get("/").headers.get("Location") != reverse("mfa_activate_totp")
    authenticator = Authenticator.objects.get(user=user)
    assert not MfaAdapter().can_delete_authenticator(authenticator)
    settings.REQUIRE_MFA = False
    assert MfaAdapter().can_delete_authenticator(authenticator)


def test_signing_in_asks_for_the_second_factor(client: Client) -> None:
    user = _user(Role.LEADER)
    TOTP.activate(user, generate_totp_secret())

    answer = _sign_in(client, user)

    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


def test_the_secret_of_a_second_factor_is_encrypted_at_rest() -> None:
    user, secret = _user(), generate_totp_secret()
    TOTP.activate(user, secret)

    kept = Authenticator.objects.get(user=user).data["secret"]
    assert secret not in kept
    assert MfaAdapter().decrypt(kept) == secret


def test_second_factors_outlive_the_rotation_of_keys(settings: Any) -> None:
    user, secret = _user(), generate_totp_secret()
    TOTP.activate(user, secret)
    new = "new:" + base64.b64encode(b"n" * 32).decode()
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]

    assert renew_second_factors() >= 1
    assert renew_second_factors() == 0
    settings.FIELD_KEYS = [new]
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data["secret"]
    assert MfaAdapter().decrypt(kept) == secret


def _asked_by(user: User) -> Any:
    request: Any = RequestFactory().get("/")
    request.user, request.session = user, {}
    return request


def _ends_at(client: Client) -> datetime:
    return Session.objects.get(pk=client.session.session_key).expire_date
