"""Which dossiers? Only those in the user's scope; then whose hands they are in, and how urgent.

Each list of the work (dossiers.work_lists) is one method here, with the index that it reads named
in dossiers.models.dossier.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Prefetch, Q, Value
from django.utils import timezone

from agencies.models import Agency
from agencies.scope import Scope, scope_of
from procedures.models import ProcedureVersion

if TYPE_CHECKING:
    from agencies.models import User
    from dossiers.models import Dossier  # noqa: F401 - named below

# The one open step run of a dossier, sent and not acknowledged.
_ON_ITS_WAY = {"step_runs__done_at__isnull": True, "step_runs__acknowledged_at__isnull": True}
# More agencies than that are no narrow scope.
WIDE = 20


class _Shares(Func):
    """`&&` that no index answers: to read a province's million rows from one takes a second."""

    template = "((%(expressions)s) IS TRUE)"
    arg_joiner = " && "
    output_field = models.BooleanField()


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: User) -> DossierQuerySet:
        """The only way to dossiers: those that are or were at an agency in the user's scope."""
        return self.in_scope(scope_of(user, timezone.localdate()))

    def in_scope(self, scope: Scope) -> DossierQuerySet:
        if not scope.agency_ids:
            return self.none()
        # One parameter: an expression for each of a province's agencies costs more than the query.
        ids = Value(sorted(scope.agency_ids), output_field=ArrayField(models.BigIntegerField()))
        if len(scope.agency_ids) > WIDE:
            return self.filter(_Shares(F("agency_ids"), ids))
        return self.filter(agency_ids__overlap=ids)

    def held_in(self, places: Collection[int]) -> DossierQuerySet:
        return self.filter(held_by__in=set(places))

    def for_list(self) -> DossierQuerySet:
        """With what a list prints of each.

        Read beside, not joined: a page's rows share them, and a join's estimate turns PostgreSQL
        away from the index in whose order the page stands (149 ms against 5 at 1M dossiers).
        """
        return self.prefetch_related(
            Prefetch("version", ProcedureVersion.objects.only("name")),
            Prefetch("held_by", Agency.objects.only("name", "calendar")),
            "officer",
            "risk",
        )

    def open(self) -> DossierQuerySet:
        return self.filter(status__in=[2, 4, 5, 6])

    def overdue(self, moment: datetime) -> DossierQuerySet:
        return self.open().filter(lapses_at__lte=moment)

    # The lists of the work

    def to_receive(self) -> DossierQuerySet:
        """Submitted online, and nobody has answered yet (8 working hours)."""
        return self.filter(status=1)

    def sent_to(self, places: Collection[int]) -> DossierQuerySet:
        """On their way to these offices: to be acknowledged there."""
        return self.filter(step_runs__agency__in=set(places), **_ON_ITS_WAY)

    def on_its_way(self) -> DossierQuerySet:
        return self.filter(step_runs__isnull=False, **_ON_ITS_WAY)

    def lapsing(self, after: datetime, until: datetime) -> DossierQuerySet:
        """Open, and lapsing in (after, until]: a day-based limit lapses at the day's end."""
        return self.open().filter(lapses_at__gt=after, lapses_at__lte=until)

    def at_risk(self) -> DossierQuerySet:
        return self.open().filter(risk__isnull=False)

    def waiting_for_the_citizen(self) -> DossierQuerySet:
        """For papers or for a payment; before acceptance too."""
        return self.filter(status__in=[5, 6])

    def without_apology(self, moment: datetime) -> DossierQuerySet:
        """Overdue, and no letter (Mẫu 04) was signed."""
        return self.overdue(moment).exclude(apologies__signed_at__isnull=False)

    def to_hand_over(self) -> DossierQuerySet:
        return self.filter(status=9)

    def at_counter(self, places: Collection[int]) -> DossierQuerySet:
        """Lying here, or lodged here: the citizen comes back to where he stood."""
        return self.filter(Q(held_by__in=set(places)) | Q(lodged_at__in=set(places)))

    def unclaimed(self, since: datetime) -> DossierQuerySet:
        """Results that nobody came for since then."""
        return self.to_hand_over().filter(ended_at__lt=since)

    def opinion_asked(self, places: Collection[int] | None) -> DossierQuerySet:
        """Of these offices (None: of anyone), and not answered yet."""
        asked = self.model._meta.get_field("opinions").related_model._default_manager.filter(
            answered_at__isnull=True
        )
        if places is not None:
            asked = asked.filter(asked_of__in=set(places))
        return self.filter(pk__in=asked.order_by().values("dossier"))
