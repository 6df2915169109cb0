"""What a counter takes most (thủ tục thường tiếp nhận): kept an hour, it changes slowly."""

from collections.abc import Collection
from datetime import datetime

from django.core.cache import cache

from dossiers import offline
from procedures.models import ProcedureVersion
from procedures.querysets import VersionQuerySet

_KEPT = 3600


def usual_versions(
    versions: VersionQuerySet, counters: Collection[int], now: datetime
) -> list[ProcedureVersion]:
    """The versions in force of the procedures of the last 90 days, the most frequent first."""
    key = f"usual:{'-'.join(map(str, sorted(counters)))}"
    codes: list[str] = cache.get_or_set(key, lambda: offline.usual(counters, now), _KEPT) or []
    if not codes:
        return []
    by_code = {each.procedure.code: each for each in versions.filter(procedure__code__in=codes)}
    return [by_code[code] for code in codes if code in by_code]
