"""Who of the staff is asking? Roles held today, read once per request; closes pages to others."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from agencies.models import Appointment, User
from agencies.scope import Scope, scope_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class StaffRequest(HttpRequest):
    """A request of a signed-in member of the staff."""

    user: User


@dataclass(frozen=True)
class Held:
    """A role held today, for what pages print and ask."""

    role: str
    agency_id: int
    agency_name: str
    level: str


def held_roles(request: HttpRequest) -> list[Held]:
    """The roles of the signed-in user (one query per request)."""
    if not isinstance(request.user, User) or not request.user.is_active:
        return []
    known: list[Held] | None = getattr(request, "_held_roles", None)
    if known is None:
        today = timezone.localdate()
        lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
        rows = Appointment.objects.filter(lasting, user=request.user, valid_from__lte=today)
        named = rows.order_by("pk").values_list(
            "role", "agency_id", "agency__name", "agency__level"
        )
        known = [Held(*row) for row in named]
        request._held_roles = known  # type: ignore[attr-defined]
    return known


def scope(request: HttpRequest) -> Scope:
    """The scope of the signed-in user, read once per request."""
    known: Scope | None = getattr(request, "_scope", None)
    if known is None:
        known = scope_of(cast(User, request.user), timezone.localdate())
        request._scope = known  # type: ignore[attr-defined]
    return known


def held_scope(request: HttpRequest) -> Scope:
    """The roles alone, for what is done at one's own place: reads nothing that is not known."""
    held = frozenset((each.agency_id, each.role) for each in held_roles(request))
    return Scope(frozenset(), held)


def holds(request: HttpRequest, *roles: str, level: str = "") -> bool:
    """One of the roles today (no roles: any role), at an agency of that level when it is given."""
    return any(
        (not roles or each.role in roles) and level in {"", each.level}
        for each in held_roles(request)
    )


def staff_required(*roles: str, level: str = "") -> Callable[[View], View]:
    """Only for those who hold one of the roles today (`holds`)."""

    def close(view: View) -> View:
        @wraps(view)
        def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not holds(request, *roles, level=level):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(View, closed)

    return close
