"""Whose dossiers, reports and figures may a user see? (`visible_to` starts here.)

Own agency for everyone on the staff; the agencies below for leaders, reporters, controllers
and inspectors; in both cases also what those agencies took over from their predecessors.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from agencies.models import Agency, Appointment, Role, Succession, User

SEES_BELOW = frozenset({Role.LEADER, Role.REPORTER, Role.CONTROLLER, Role.INSPECTOR})


@dataclass(frozen=True)
class Scope:
    """The ids of the agencies in a user's scope on a day, and the roles held there."""

    agency_ids: frozenset[int]
    roles: frozenset[tuple[int, str]]

    def has_role(self, agency_id: int, *roles: str) -> bool:
        return any((agency_id, role) in self.roles for role in roles)

    def agencies_as(self, *roles: str) -> frozenset[int]:
        """The agencies at which the user holds one of the roles."""
        return frozenset(agency for agency, role in self.roles if role in roles)


def scope_of(user: User, on: date) -> Scope:
    """Three queries whatever the size; nothing for citizens and for staff without a role."""
    if not user.is_authenticated or not user.is_active:
        return Scope(frozenset(), frozenset())
    held = frozenset(_roles(user, on))
    if not held:
        return Scope(frozenset(), held)
    own = {agency for agency, _ in held}
    above = {agency for agency, role in held if role in SEES_BELOW}
    seen = own | _bodies(own)
    if above:
        seen |= Agency.objects.ids_below(above)
    return Scope(frozenset(_with_predecessors(seen)), held)


def _roles(user: User, on: date) -> list[tuple[int, str]]:
    held = Appointment.objects.filter(user=user, valid_from__lte=on)
    return list(
        held.exclude(valid_to__lt=on).order_by().values_list("agency_id", "role").distinct()
    )


def _bodies(own: set[int]) -> set[int]:
    """Whoever works at a committee itself works for its counters and offices too."""
    return set(Agency.objects.filter(committee__in=own).order_by().values_list("pk", flat=True))


def _with_predecessors(ids: set[int]) -> set[int]:
    before: defaultdict[int, list[int]] = defaultdict(list)
    for predecessor, successor in Succession.objects.values_list("predecessor", "successor"):
        before[successor].append(predecessor)
    found: set[int] = set()
    ahead = list(ids)
    while ahead:
        pk = ahead.pop()
        if pk not in found:
            found.add(pk)
            ahead.extend(before[pk])
    return found
