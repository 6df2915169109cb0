"""Which agency is competent for a dossier (cơ quan có thẩm quyền)? The one that posts it."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q

from agencies.models import Agency
from procedures.errors import NotPosted
from procedures.models import Posting, ProcedureVersion


def competent_agency(version: ProcedureVersion, lodged_at: Agency, on: date) -> Agency:
    """The nearest agency that posts the procedure on `on` (two queries).

    Nearest: where it was lodged; then that agency's committee, and its other offices; then the
    committee of the level above and its offices, up to the province. An agency stays competent
    while its posting is stale, hence by procedure. Refuses with NotPosted.
    """
    places = [lodged_at.pk, *_committees(lodged_at.pk)]
    posted = (
        Posting.objects.on(on)
        .filter(version__procedure=version.procedure_id)
        .filter(Q(agency__in=places) | Q(agency__committee__in=places))
        .filter(Q(agency__valid_to__isnull=True) | Q(agency__valid_to__gte=on))
        .select_related("agency")
        .order_by("agency__sort_key", "agency_id")
    )
    found = min(posted, key=lambda posting: distance(posting.agency, places), default=None)
    if found is None:
        raise NotPosted
    return found.agency


def _committees(agency: int) -> Iterator[int]:
    """The committee of the agency and those above it, nearest first (one query)."""
    up = ("parent_id", "parent__parent_id", "parent__parent__parent_id")
    row = Agency.objects.values_list(
        "committee_id", *(f"committee__{column}" for column in up), *up
    ).get(pk=agency)
    return (pk for pk in dict.fromkeys(row) if pk is not None)


def distance(agency: Agency, places: Iterable[int]) -> tuple[int, bool]:
    """How far up; a committee before its offices. `agency` or its committee is one of `places`."""
    for rank, place in enumerate(places):
        if agency.pk == place:
            return rank, False
        if agency.committee_id == place:
            return rank, True
    raise AssertionError("only agencies of these places were asked for")
