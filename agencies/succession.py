"""Who takes over from a closed agency (cơ quan kế thừa)?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, Succession


@dataclass(frozen=True)
class Heir:
    agency_id: int
    # The committee that an office or counter belongs to.
    committee_id: int | None


def closing_moment(last_day: date) -> datetime:
    """When an agency whose last day this is hands over: 00:00 of the next day."""
    return timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min))


def heirs_of(agency_ids: Iterable[int], last_day: date) -> Mapping[int, Sequence[Heir]]:
    """The heirs of agencies that closed on `last_day`, the default one first: the largest share,
    then the lowest GSO code (codes begin at the seat). Those that closed with them are no heirs.

    An office without an heir of its own leaves everything to its committee, or to that
    committee's heirs. Three queries.
    """
    wanted = set(agency_ids)
    offices = Agency.objects.filter(pk__in=wanted, committee__isnull=False)
    committees = {pk: above for pk, above in offices.values_list("pk", "committee") if above}
    found = _heirs(wanted | set(committees.values()), last_day)
    going_on = set(
        Agency.objects.filter(_after(last_day), pk__in=committees.values())
        .order_by()
        .values_list("pk", flat=True)
    )
    for office, committee in committees.items():
        if office not in found and committee in going_on:
            found[office] = [Heir(committee, None)]
        elif office not in found and committee in found:
            found[office] = found[committee]
    return found


def _heirs(agency_ids: Iterable[int], last_day: date) -> dict[int, Sequence[Heir]]:
    found: defaultdict[int, list[Heir]] = defaultdict(list)
    rows = Succession.objects.filter(
        _after(last_day, "successor__"), predecessor__in=agency_ids
    ).order_by("predecessor", "-share", "successor__gso_code", "successor__code")
    for predecessor, successor, committee in rows.values_list(
        "predecessor", "successor", "successor__committee"
    ):
        found[predecessor].append(Heir(successor, committee))
    return dict(found)


def _after(day: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
