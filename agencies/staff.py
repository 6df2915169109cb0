"""Who of the staff is asking? Roles held today, read once per request; closes pages to others."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from agencies.models import User
from agencies.scope import Scope, scope_of

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class StaffRequest(HttpRequest):
    """A request of a signed-in member of the staff."""

    user: User


# Written out: every page asks it, and building it anew each time cost more than running it.
_HELD = """
    SELECT held.role, held.agency_id, agency.name, agency.level
    FROM agencies_appointment held JOIN agencies_agency agency ON agency.id = held.agency_id
    WHERE held.user_id = %(user)s AND held.valid_from <= %(today)s
    AND (held.valid_to IS NULL OR held.valid_to >= %(today)s)
    ORDER BY held.id
"""


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
        with connection.cursor() as cursor:
            cursor.execute(_HELD, {"user": request.user.pk, "today": timezone.localdate()})
            known = [Held(*row) for row in cursor.fetchall()]
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
