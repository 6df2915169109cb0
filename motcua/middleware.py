"""Around every request: who is asking, for the audit; the second factor; the idle time-out."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from pghistory.middleware import HistoryMiddleware

from motcua.accounts import needs_second_factor
from motcua.htmx import is_polled, wants_partial

# Set in the session once a second factor was found: it cannot be taken away while required.
_SEEN = "second_factor_seen"
# When somebody last worked in the session, in seconds.
_WORKED = "worked_at"
_WRITTEN_EVERY = 60
# Where a second factor is set up, and where one signs out; static files do not come here.
_OPEN = ("/accounts/", "/healthz")


class AuditMiddleware(HistoryMiddleware):
    """Adds the client's address to the user and the URL of each change (motcua.audit)."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        return context | {"address": get_adapter(request).get_client_ip(request)}


class SignInMiddleware(LoginRequiredMiddleware):
    """Closed pages lead to the sign-in; a part of a page must not swap in another whole one."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if wants_partial(request):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)


class PrivateMiddleware:
    """What the portal shows to somebody signed in is kept by nobody, unless its view says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class IdleMiddleware:
    """The session lives on while somebody works: written once a minute, not at every click.

    Its age (SESSION_COOKIE_AGE) is the idle time-out, exact to that minute. What a page asks for
    by itself every few seconds is no work: it would keep a forgotten desk signed in for ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not is_polled(request):
            now, known = int(time.time()), request.session.get(_WORKED)
            if known is None or not 0 <= now - known < _WRITTEN_EVERY:
                request.session[_WORKED] = now
        return response


class SecondFactorMiddleware:
    """Whoever needs a second factor and has none yet may only set one up, or sign out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_MFA and request.user.is_authenticated and self._is_missing(request):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def _is_missing(self, request: HttpRequest) -> bool:
        if request.path.startswith(_OPEN):
            return False
        if request.session.get(_SEEN):
            return False
        if is_mfa_enabled(request.user):
            request.session[_SEEN] = True
            return False
        return needs_second_factor(request.user)
