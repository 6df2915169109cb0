"""How counters are rated: counts by score, and the last ones, within a reader's scope."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from agencies.scope import Scope
from feedback.models import Rating

LAST = 50


class Period(forms.Form):
    """From one day to another, both included; this month when nothing is asked."""

    since = forms.DateField(
        label="Từ ngày",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    until = forms.DateField(
        label="Đến ngày",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    low = forms.BooleanField(label="Chỉ mức dưới hài lòng", required=False)

    def bounds(self) -> tuple[datetime, datetime]:
        typed = self.cleaned_data if self.is_valid() else {}
        today = timezone.localdate()
        since = typed.get("since") or today.replace(day=1)
        return _start(since), _start((typed.get("until") or today) + timedelta(days=1))

    def only_low(self) -> bool:
        return bool(self.is_valid() and self.cleaned_data["low"])


def within(scope: Scope, since: datetime, until: datetime) -> QuerySet[Rating]:
    return Rating.objects.filter(agency__in=scope.agency_ids, at__gte=since, at__lt=until)


def counts(ratings: QuerySet[Rating]) -> Sequence[dict[str, Any]]:
    """By counter: each score, and the share of those satisfied (one query)."""
    score = {name: Count("pk", filter=Q(score=value)) for value, name in _NAMES.items()}
    rows = ratings.order_by().values("agency__name").annotate(total=Count("pk"), **score)
    return [dict(row) for row in rows.order_by("agency__sort_key")]


def last(ratings: QuerySet[Rating], *, only_low: bool) -> Sequence[Rating]:
    low = ratings.filter(score__lt=Rating.Score.SATISFIED) if only_low else ratings
    return list(low.select_related("agency", "dossier__version").order_by("-at", "-pk")[:LAST])


_NAMES = {3: "satisfied", 2: "fair", 1: "dissatisfied"}


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
