"""Posting versions at the agencies of their levels (niêm yết)."""

from collections.abc import Iterable
from datetime import date

from agencies.models import Agency, Kind
from procedures.models import Posting, ProcedureVersion


def post_procedures(
    versions: Iterable[ProcedureVersion] | None = None,
    agencies: Iterable[Agency] | None = None,
    *,
    since: date = date.min,
) -> int:
    """Post each version at the committees of its levels while both are valid; how many are new.

    Repeating it posts nothing twice. Without arguments: every published version at every
    people's committee.
    """
    if versions is None:
        versions = ProcedureVersion.objects.filter(status=ProcedureVersion.Status.PUBLISHED)
    if agencies is None:
        agencies = Agency.objects.filter(kind=Kind.COMMITTEE)
    by_level: dict[str, list[Agency]] = {}
    for agency in agencies:
        by_level.setdefault(agency.level, []).append(agency)
    before = Posting.objects.count()
    wanted = [
        posting
        for version in versions
        for level in version.levels
        for agency in by_level.get(level, ())
        if (posting := _posting(version, agency, since))
    ]
    Posting.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=5_000)
    return Posting.objects.count() - before


def _posting(version: ProcedureVersion, agency: Agency, earliest: date) -> Posting | None:
    since = max(version.effective_from, agency.valid_from, earliest)
    until = _earlier(version.effective_to, agency.valid_to)
    if until is not None and until < since:
        return None
    return Posting(agency=agency, version=version, since=since, until=until)


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return min(days, default=None)
