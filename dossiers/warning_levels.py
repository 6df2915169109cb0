"""How many working days before the due date are an agency's people told (mức cảnh báo)?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agencies.models import Agency
from dossiers.models import WarningPolicy

USUAL = (1, 2, 3)


@dataclass(frozen=True)
class Levels:
    """The working days before the due date, by agency."""

    own: Mapping[int | None, Sequence[int]]
    above: Mapping[int, Sequence[int]]

    @classmethod
    def read(cls) -> "Levels":
        rows = Agency.objects.order_by().values_list("pk", "committee_id", "parent_id")
        above = {pk: [one for one in (committee, parent) if one] for pk, committee, parent in rows}
        own: dict[int | None, list[int]] = dict(
            WarningPolicy.objects.values_list("agency_id", "days")
        )
        return cls(own, above)

    def of(self, agency_id: int) -> Sequence[int]:
        """Of the agency, of its committee, of those above; else everyone's."""
        ahead, seen = [agency_id], set()
        while ahead:
            pk = ahead.pop(0)
            if pk in self.own:
                return self.own[pk]
            if pk not in seen:
                seen.add(pk)
                ahead += self.above.get(pk, ())
        return self.own.get(None, USUAL)

    @property
    def furthest(self) -> int:
        return max((max(days, default=0) for days in self.own.values()), default=max(USUAL))
