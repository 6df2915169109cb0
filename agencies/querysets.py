"""Which agencies? By code, by day, below one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from agencies.models import Agency


class AgencyQuerySet(models.QuerySet["Agency"]):
    def valid_on(self, day: date) -> AgencyQuerySet:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def body_of(self, agency: Agency) -> AgencyQuerySet:
        """The agency itself and, for a committee, its counters and offices."""
        return self.filter(Q(pk=agency.pk) | Q(committee=agency.pk))

    def ids(self) -> list[int]:
        return list(self.order_by().values_list("pk", flat=True))

    def body_of_any(self, roots: Iterable[int]) -> AgencyQuerySet:
        """These agencies and the counters and offices of the committees among them."""
        ids = list(roots)
        return self.filter(Q(pk__in=ids) | Q(committee__in=ids))

    def ids_below(self, roots: Iterable[int]) -> set[int]:
        """The given agencies and everything under them, closed ones too (one query)."""
        children: defaultdict[int, list[int]] = defaultdict(list)
        rows = self.model.objects.order_by().values_list("pk", "parent_id", "committee_id")
        for pk, parent, committee in rows:
            for above in {parent, committee} - {None}:
                children[above].append(pk)
        found: set[int] = set()
        ahead = list(roots)
        while ahead:
            pk = ahead.pop()
            if pk not in found:
                found.add(pk)
                ahead.extend(children[pk])
        return found
