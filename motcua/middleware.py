"""Around every request: who is asking, for the audit; and the second factor that roles require."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from pghistory.middleware import HistoryMiddleware

from motcua.accounts import needs_second_factor

# Set in the session once a second factor was found: it cannot be taken away while required.
_SEEN = "second_factor_seen"
# Where a second factor is set up, and where one signs out; static files do not come here.
_OPEN = ("/accounts/", "/healthz")


class AuditMiddleware(HistoryMiddleware):
    """Adds the client's address to the user and the URL of each change (motcua.audit)."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request)
        return context | {"address": get_adapter(request).get_client_ip(request)}


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
