"""Nudges: each takes ids, or nothing, and calls one function."""

from celery import shared_task
from django.utils import timezone

from dossiers import inheritance, recalculation
from dossiers.importing import working


@shared_task
def hand_over_closed_agencies() -> None:
    inheritance.hand_over_all(timezone.now())


@shared_task
def recalculate_changed_calendars() -> None:
    recalculation.recalculate_changed(timezone.now())


@shared_task
def recalculate_all_calendars() -> None:
    recalculation.recalculate_all(timezone.now())


@shared_task
def work_on_import(run_id: int) -> None:
    """Check, import or undo, whichever the run waits for; delivered twice, it is done once."""
    working.work(run_id, timezone.now)


@shared_task
def sweep_imports() -> None:
    """Every few seconds: what a killed worker left, and what no message reached."""
    for run_id in working.sweep(timezone.now()):
        work_on_import.delay(run_id)
