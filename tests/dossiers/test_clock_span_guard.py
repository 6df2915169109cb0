"""A clock span is closed, and nothing else of it ever changes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from psycopg2.extras import DateTimeTZRange

from dossiers.models import ClockSpan
from tests import make

pytestmark = pytest.mark.django_db

LATER = make.NOW + timedelta(days=3)


def _span(**fields: Any) -> ClockSpan:
    """The open span of a new dossier's leg."""
    span = ClockSpan.objects.get(leg__dossier=make.dossier())
    ClockSpan.objects.filter(pk=span.pk).delete()
    values = {
        "leg": span.leg,
        "in_force": DateTimeTZRange(make.NOW, None),
        "due_at": LATER,
        "lapses_at": LATER,
        "reason": "accepted",
    }
    return ClockSpan.objects.create(**values | fields)


def _range(start: datetime, end: datetime | None) -> DateTimeTZRange:
    return DateTimeTZRange(start, end)


def test_an_open_span_closes() -> None:
    span = _span()

    ClockSpan.objects.filter(pk=span.pk).update(in_force=_range(make.NOW, LATER))

    span.refresh_from_db()
    assert span.in_force.upper == LATER


def test_a_span_that_ended_suspended_gets_its_due_moment_once() -> None:
    span = ClockSpan.objects.filter(pk=_span(is_suspended=True, due_at=None, lapses_at=None).pk)

    span.update(due_at=LATER, lapses_at=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        span.update(due_at=make.NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": LATER + timedelta(days=1)},
        {"lapses_at": None},
        {"in_force": _range(make.NOW - timedelta(days=1), None)},
        {"in_force": _range(make.NOW + timedelta(hours=1), LATER)},
        {"reason": "other"},
        {"lapsed_before": True},
        {"is_suspended": True},
    ],
)
def test_refuses_to_rewrite_a_span(change: dict[str, Any]) -> None:
    span = _span()

    with pytest.raises(IntegrityError), transaction.atomic():
        ClockSpan.objects.filter(pk=span.pk).update(**change)


def test_refuses_to_open_a_closed_span_again() -> None:
    span = _span(in_force=_range(make.NOW, LATER))

    for again in (_range(make.NOW, None), _range(make.NOW, LATER - timedelta(days=1))):
        with pytest.raises(IntegrityError), transaction.atomic():
            ClockSpan.objects.filter(pk=span.pk).update(in_force=again)
