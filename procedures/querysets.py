"""Which versions and postings? By day, by words without accents."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from motcua.text import fold

if TYPE_CHECKING:
    from procedures.models import Posting, Procedure, ProcedureVersion  # noqa: F401 - named below


class VersionQuerySet(models.QuerySet["ProcedureVersion"]):
    def in_force(self, day: date) -> VersionQuerySet:
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=day),
            status="published",
            effective_from__lte=day,
        )

    def for_list(self) -> VersionQuerySet:
        return self.select_related("procedure", "field__block")

    def search(self, words: str) -> VersionQuerySet:
        """Every word stands in the name (accents ignored), or the code begins so."""
        by_name = Q()
        for word in fold(words).split():
            by_name &= Q(name_fold__contains=word)
        return self.filter(by_name | Q(procedure__code__istartswith=words.strip()))


class PostingQuerySet(models.QuerySet["Posting"]):
    def at(self, agencies: Collection[int]) -> PostingQuerySet:
        """At these agencies or at the committees that they belong to."""
        return self.filter(Q(agency__in=agencies) | Q(agency__offices__in=agencies)).distinct()

    def of(self, procedure: Procedure) -> PostingQuerySet:
        return self.filter(version__procedure=procedure)

    def on(self, day: date) -> PostingQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)
