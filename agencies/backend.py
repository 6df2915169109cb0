"""What the roles open in the administration site.

A superuser may do everything. An administrator of a province (today, by appointment) may view,
add and change its catalogues: calendars, agencies and staff, procedures, the words of messages,
the causes of lateness; nothing is deleted by role. `is_staff` opens the site itself and is set
by a superuser.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from agencies.models import Appointment, Kind, Level, Role, User

APPS = frozenset({"calendars", "agencies", "procedures", "notifications"})
# What is set up in an app whose other rows are work.
MODELS = frozenset({"dossiers.latenesscause", "dossiers.warningpolicy"})
ACTIONS = ("view_", "add_", "change_")
_LABELS = APPS | {name.partition(".")[0] for name in MODELS}


class RoleBackend(AuthenticationBackend):  # type: ignore[misc]
    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if super().has_perm(user_obj, perm, obj):
            return True
        return obj is None and _is_catalogue(perm) and administers(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        if super().has_module_perms(user_obj, app_label):
            return True
        return app_label in _LABELS and administers(user_obj)


def _is_catalogue(perm: str) -> bool:
    app, _, action = perm.partition(".")
    if not action.startswith(ACTIONS):
        return False
    return app in APPS or f"{app}.{action.partition('_')[2]}" in MODELS


def administers(user: Any) -> bool:
    """Administrator of a province today; asked once for each user object."""
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return False
    known: bool | None = getattr(user, "_administers", None)
    if known is None:
        today = timezone.localdate()
        known = (
            Appointment.objects.filter(
                user=user,
                role=Role.ADMINISTRATOR,
                agency__level=Level.PROVINCE,
                agency__kind=Kind.COMMITTEE,
                valid_from__lte=today,
            )
            .exclude(valid_to__lt=today)
            .exists()
        )
        user._administers = known  # type: ignore[attr-defined]
    return known
