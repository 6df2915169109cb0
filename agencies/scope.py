"""Whose dossiers, reports and figures may a user see? (`visible_to` starts here.)

Own agency for everyone on the staff, with its counters and offices when it is a committee; the
agencies below for leaders, reporters, controllers and inspectors. In both cases also what an
agency took over wholly from its predecessors. Of a divided or dissolved one an heir sees what was
handed to it (it stands on the dossier), and whoever is above all of it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    """Four queries at most; nothing for citizens and for staff without a role."""
    if not user.is_authenticated or not user.is_active:
        return Scope(frozenset(), frozenset())
    held = frozenset(_roles(user, on))
    if not held:
        return Scope(frozenset(), held)
    before = _predecessors()
    own = _with_predecessors({agency for agency, _ in held}, before)
    seen = own | _bodies(own)
    above = {agency for agency, role in held if role in SEES_BELOW}
    if above:
        seen |= Agency.objects.ids_below(_with_predecessors(above, before))
    return Scope(frozenset(seen), held)


def _roles(user: User, on: date) -> list[tuple[int, str]]:
    held = Appointment.objects.filter(user=user, valid_from__lte=on)
    return list(
        held.exclude(valid_to__lt=on).order_by().values_list("agency_id", "role").distinct()
    )


def _bodies(own: set[int]) -> set[int]:
    """Whoever works at a committee itself works for its counters and offices too."""
    return set(Agency.objects.filter(committee__in=own).order_by().values_list("pk", flat=True))


def _predecessors() -> Mapping[int, Sequence[int]]:
    """By heir, the agencies that went over to it wholly."""
    before: defaultdict[int, list[int]] = defaultdict(list)
    whole = Succession.objects.filter(share=1).order_by()
    for predecessor, successor in whole.values_list("predecessor", "successor"):
        before[successor].append(predecessor)
    return before


def _with_predecessors(ids: set[int], before: Mapping[int, Sequence[int]]) -> set[int]:
    found: set[int] = set()
    ahead = list(ids)
    while ahead:
        pk = ahead.pop()
        if pk not in found:
            found.add(pk)
            ahead.extend(before.get(pk, ()))
    return found
