"""How staff sign in: no public sign-up, locked out after failures, two factors where required.

What django-allauth asks its adapters. Rate limits and lock-out are its own
(ACCOUNT_RATE_LIMITS), counted in the shared cache.
"""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from agencies.models import Appointment, Role, User
from dossiers import secrets

# Whoever administers, decides or reports signs in with a second factor.
SECOND_FACTOR_ROLES = (Role.ADMINISTRATOR, Role.LEADER, Role.REPORTER)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff accounts are made by an administrator; citizens' come with their site."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """ "" behind a Unix socket without a proxy's header: limits then count all together."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return ""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are encrypted like citizens' numbers (FIELD_KEYS)."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(secrets.encrypt(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(base64.b64decode(encrypted_text))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays while a role requires it."""
        if not needs_second_factor(authenticator.user):
            return True
        mine = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return bool(mine.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def needs_second_factor(user: Any) -> bool:
    if not settings.REQUIRE_MFA or not isinstance(user, User):
        return False
    today = timezone.localdate()
    held = Appointment.objects.filter(
        user=user, role__in=SECOND_FACTOR_ROLES, valid_from__lte=today
    ).exclude(valid_to__lt=today)
    return user.is_superuser or user.is_staff or held.exists()


def renew_second_factors() -> int:
    """Encrypt the secrets of second factors anew with the first of FIELD_KEYS; how many."""
    changed = 0
    for authenticator in Authenticator.objects.select_for_update().order_by("pk"):
        renewed = {key: _renewed(authenticator.data.get(key)) for key in ("secret", "seed")}
        data = {**authenticator.data, **{key: text for key, text in renewed.items() if text}}
        if data != authenticator.data:
            authenticator.data = data
            authenticator.save(update_fields=["data"])
            changed += 1
    return changed


def _renewed(kept: str | None) -> str | None:
    if kept is None or secrets.key_id_of(base64.b64decode(kept)) == secrets.current_key_id():
        return None
    return MfaAdapter().encrypt(MfaAdapter().decrypt(kept))
