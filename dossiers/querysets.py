"""Which dossiers? Only those in the user's scope; then open, overdue, in hand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import Scope, scope_of

if TYPE_CHECKING:
    from agencies.models import User
    from dossiers.models import Dossier  # noqa: F401 - named below


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: User) -> DossierQuerySet:
        """The only way to dossiers: those that are or were at an agency in the user's scope."""
        return self.in_scope(scope_of(user, timezone.localdate()))

    def in_scope(self, scope: Scope) -> DossierQuerySet:
        if not scope.agency_ids:
            return self.none()
        # One parameter: an expression for each of a province's agencies costs more than the query.
        ids = Value(sorted(scope.agency_ids), output_field=ArrayField(models.BigIntegerField()))
        return self.filter(agency_ids__overlap=ids)

    def held_at(self, agencies: Collection[int]) -> DossierQuerySet:
        """In the hands of these agencies, or of the counters and offices of these committees."""
        return self.filter(held_by__in=set(Agency.objects.body_of_any(agencies).ids()))

    def for_list(self) -> DossierQuerySet:
        """With what a list prints of each.

        Read beside, not joined: a page's rows share them, and a join's estimate turns PostgreSQL
        away from the index in whose order the page stands (149 ms against 5 at 1M dossiers).
        """
        return self.prefetch_related("version__procedure", "held_by", "officer")

    def open(self) -> DossierQuerySet:
        return self.filter(status__in=[2, 4, 5, 6])

    def overdue(self, moment: datetime) -> DossierQuerySet:
        return self.open().filter(lapses_at__lte=moment)
