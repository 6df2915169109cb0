"""Nudges: each takes ids, or nothing, and calls one function."""

from celery import shared_task
from django.utils import timezone

from dossiers import inheritance, recalculation


@shared_task
def hand_over_closed_agencies() -> None:
    inheritance.hand_over_all(timezone.now())


@shared_task
def recalculate_changed_calendars() -> None:
    recalculation.recalculate_changed(timezone.now())


@shared_task
def recalculate_all_calendars() -> None:
    recalculation.recalculate_all(timezone.now())
