"""Which dossiers? Only those in the user's scope; then open, overdue, in hand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from agencies.scope import Scope, scope_of

if TYPE_CHECKING:
    from agencies.models import User


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: User) -> DossierQuerySet:
        """The only way to dossiers: those that are or were at an agency in the user's scope."""
        return self.in_scope(scope_of(user, timezone.localdate()))

    def in_scope(self, scope: Scope) -> DossierQuerySet:
        if not scope.agency_ids:
            return self.none()
        return self.filter(agency_ids__overlap=sorted(scope.agency_ids))

    def open(self) -> DossierQuerySet:
        return self.filter(status__in=[2, 4, 5, 6])

    def overdue(self, moment: datetime) -> DossierQuerySet:
        return self.open().filter(lapses_at__lte=moment)
