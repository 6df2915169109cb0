"""`procedures.competence.competent_agency` for many dossiers: postings in memory."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from agencies.models import Agency
from procedures.competence import distance
from procedures.models import Posting


class _Posted(NamedTuple):
    agency: Agency
    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        begun = self.since <= day and (self.until is None or day <= self.until)
        return begun and self.agency.is_valid_on(day)


# Agency or its committee → what is posted there.
_Board = defaultdict[int, list[_Posted]]


class Competence:
    def __init__(self, agencies: Mapping[int, Agency]) -> None:
        self._agencies = agencies
        self._boards: dict[int, _Board] = {}
        self._places: dict[int, list[int]] = {}
        self._found: dict[tuple[int, int, date], Agency | None] = {}

    def of(self, procedure: int, lodged_at: Agency, day: date) -> Agency | None:
        """The nearest agency that posts the procedure on `day`, if any does."""
        key = (procedure, lodged_at.pk, day)
        if key not in self._found:
            self._found[key] = self._find(procedure, lodged_at, day)
        return self._found[key]

    def _find(self, procedure: int, lodged_at: Agency, day: date) -> Agency | None:
        places = self._places_of(lodged_at)
        board = self._board(procedure)
        near = [
            posted.agency
            for place in places
            for posted in board.get(place, ())
            if posted.holds(day)
        ]
        return min(
            near, key=lambda one: (distance(one, places), one.sort_key, one.pk), default=None
        )

    def _places_of(self, lodged_at: Agency) -> list[int]:
        """Where it was lodged, and the committees of that agency and above it, nearest first."""
        if lodged_at.pk not in self._places:
            found = [lodged_at.pk]
            for start in (lodged_at.committee_id, lodged_at.parent_id):
                above = self._agencies.get(start or 0)
                while above is not None:
                    found.append(above.pk)
                    above = self._agencies.get(above.parent_id or 0)
            self._places[lodged_at.pk] = list(dict.fromkeys(found))
        return self._places[lodged_at.pk]

    def _board(self, procedure: int) -> _Board:
        if procedure not in self._boards:
            board = self._boards[procedure] = defaultdict(list)
            rows = Posting.objects.filter(version__procedure=procedure)
            for pk, since, until in rows.values_list("agency_id", "since", "until"):
                posted = _Posted(self._agencies[pk], since, until)
                for place in {pk, posted.agency.committee_id or pk}:
                    board[place].append(posted)
        return self._boards[procedure]
