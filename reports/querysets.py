"""Which reports? Only those of agencies in the user's scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from agencies.scope import Scope, scope_of

if TYPE_CHECKING:
    from agencies.models import User
    from reports.models import Report  # noqa: F401 - named in quotes above


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> ReportQuerySet:
        """The only way to reports."""
        return self.in_scope(scope_of(user, timezone.localdate()))

    def in_scope(self, scope: Scope) -> ReportQuerySet:
        return self.filter(agency__in=scope.agency_ids)

    def for_page(self) -> ReportQuerySet:
        """With the agencies that stand in a report's head."""
        return self.select_related(
            "agency__parent", "agency__committee__parent", "edited_by", "submitted_by"
        )

    def for_list(self) -> ReportQuerySet:
        return self.select_related("agency").defer("narrative", "snapshot")
