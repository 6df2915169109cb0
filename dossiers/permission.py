"""May this person do this here (thẩm quyền thực hiện)? By dated role at one of the places."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from agencies.models import Agency, Appointment, Role, User
from agencies.scope import Scope
from dossiers import errors

# Whoever works on dossiers, and whoever decides.
STAFF = (Role.CLERK, Role.OFFICER, Role.LEADER)
LEADERS = (Role.LEADER,)


def require(actor: User, places: Iterable[Agency], roles: Iterable[str], now: datetime) -> None:
    """Refuses with OutOfScope; one query."""
    if not actor.is_active or not appointments(actor, places, roles, now).exists():
        raise errors.OutOfScope


def appointments(
    actor: User, places: Iterable[Agency], roles: Iterable[str], now: datetime
) -> QuerySet[Appointment]:
    """Whoever works at a committee itself works for its counters and offices too."""
    today = timezone.localdate(now)
    return Appointment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        valid_from__lte=today,
        user=actor,
        agency__in=with_committees(places),
        role__in=list(roles),
    ).order_by()


def allows(scope: Scope, places: Iterable[Agency], roles: Iterable[str]) -> bool:
    """The same by a scope at hand, for buttons."""
    return any(scope.has_role(agency, *roles) for agency in with_committees(places))


def body_of(agency: Agency) -> int:
    """The people's committee that an office belongs to; a committee is its own body."""
    return agency.committee_id or agency.pk


def with_committees(places: Iterable[Agency]) -> set[int]:
    ids = {pk for place in places for pk in (place.pk, place.committee_id)}
    return {pk for pk in ids if pk is not None}
