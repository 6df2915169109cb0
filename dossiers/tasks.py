"""Nudges: each takes ids, or nothing, and calls one function."""

from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from dossiers import (
    apology,
    archiving,
    bulk,
    drafts,
    exporting,
    files,
    import_runs,
    inheritance,
    recalculation,
    risk,
    warnings,
)
from dossiers.importing import working


@shared_task
def hand_over_closed_agencies() -> None:
    inheritance.hand_over_all(timezone.now())


@shared_task
def sweep_drafts() -> None:
    drafts.sweep(timezone.now())


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


def nudge(task: Any, pk: int) -> None:
    """The row is there already: when the broker is gone, the sweep finds it later."""

    def send() -> None:
        task.delay(pk)

    transaction.on_commit(send, robust=True)


@shared_task
def make_export(export_id: int) -> None:
    """Delivered twice, it makes one file: the export is claimed."""
    exporting.run(export_id, timezone.now)


@shared_task
def do_in_bulk(run_id: int) -> None:
    """Delivered twice, each dossier is done once: its row is locked."""
    bulk.run(run_id, timezone.now)


@shared_task
def sweep_jobs() -> None:
    """Every few seconds: what a killed worker left, and what no message reached."""
    now = timezone.now()
    for export_id in exporting.sweep(now):
        make_export.delay(export_id)
    for run_id in bulk.sweep(now):
        do_in_bulk.delay(run_id)


@shared_task
def archive_papers() -> None:
    """Every half a minute; a paper is copied once, by whichever worker is free."""
    archiving.archive_waiting(timezone.now())


@shared_task
def sweep_uploads() -> None:
    """Every night: what nothing took, and the files of imports that are long over."""
    files.sweep(timezone.now())
    import_runs.clear_old(timezone.now())


@shared_task
def warn_of_due_dates() -> None:
    warnings.warn_all(timezone.now())


@shared_task
def mark_risks() -> None:
    risk.mark_all(timezone.now())


@shared_task
def draft_apologies() -> None:
    apology.draft_all(timezone.now())


@shared_task
def forget_warnings() -> None:
    warnings.forget_ended()
