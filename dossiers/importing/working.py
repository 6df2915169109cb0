"""What a worker does for an import run: check, import, undo; claimed, taken up again when silent.

The row is the truth, a message only a nudge. A claim raises `attempt`; what the worker did and the
state that says so are committed together, so a killed worker leaves all or nothing, and a run that
was given up for dead finds itself superseded and takes everything back.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.scope import scope_of
from dossiers.import_runs import IMPORTERS, LIVE, State, on_disk
from dossiers.importing import glancing, source
from dossiers.importing.beating import Beat
from dossiers.importing.faults import DOSSIERS
from dossiers.importing.run import Imported, Way, import_file
from dossiers.importing.staging import Reader
from dossiers.importing.undoing import undo
from dossiers.models import ImportRun
from motcua.errors import DomainError
from motcua.spreadsheet import Row

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
# Errors kept with the run; whoever has more corrects these first.
MOST_KEPT = 10_000
Clock = Callable[[], datetime]
_CRASH = "Lỗi khi xử lý tệp; quản trị viên đã được báo. Có thể thử lại."


class Superseded(Exception):
    """Another worker holds the run now."""


class NotImporter(DomainError):
    code = "not_importer"
    message = "Người nhập không còn vai trò được nhập hồ sơ cho cơ quan này."


def work(run_id: int, clock: Clock) -> None:
    """Do what the run waits for; one that is held, over or gone is left alone."""
    run = _claim(run_id, clock())
    if run is None:
        return
    try:
        with Beat(run.pk, run.attempt) as beat, transaction.atomic():
            values = _STEPS[State(run.state)](run, beat, clock())
            _write(run, **values)
    except Superseded:
        logger.warning("import run superseded id=%s attempt=%s", run.pk, run.attempt)
    except DomainError as error:
        _fail(run, error.message)
    except SoftTimeLimitExceeded:
        _fail(run, "Quá thời gian cho phép: hãy chia tệp nhỏ hơn.")
    except Exception:
        logger.exception("import run failed id=%s", run.pk)
        _fail(run, _CRASH)


def sweep(now: datetime) -> list[int]:
    """Free what fell silent and name everything that waits, for new nudges."""
    silent = ImportRun.objects.filter(state__in=LIVE, beat_at__lt=now - LEASE)
    for run in silent.filter(attempt__gte=MAX_ATTEMPTS).only("pk", "state", "attempt"):
        _fail(run, "Đã thử nhiều lần nhưng không xong.")
    silent.update(beat_at=None)
    waiting = ImportRun.objects.filter(state__in=LIVE, beat_at__isnull=True)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def _claim(run_id: int, now: datetime) -> ImportRun | None:
    free = ImportRun.objects.filter(pk=run_id, state__in=LIVE, beat_at__isnull=True)
    if not free.update(beat_at=now, attempt=F("attempt") + 1):
        return None
    runs = ImportRun.objects.select_related("file", "requested_by", "undone_by", "agency")
    return runs.get(pk=run_id)


def _check(run: ImportRun, beat: Beat, now: datetime) -> dict[str, Any]:
    first: list[Row] = []
    done = _bring(run, beat, now, dry_run=True, first=first)
    preview = glancing.preview([row.values for row in first])
    return {"state": State.CHECKED, "report": {**_report(done, run), "preview": preview}}


def _import(run: ImportRun, beat: Beat, now: datetime) -> dict[str, Any]:
    done = _bring(run, beat, now, dry_run=False, first=[])
    if done.errors:  # the world changed since the check: dossiers, catalogue, agencies
        return {"state": State.CHECKED, "report": _report(done, run)}
    return {
        "state": State.DONE,
        "report": _report(done, run),
        "batch_id": done.batch_id,
        "glance": {},
        "ended_at": now,
    }


def _undo(run: ImportRun, beat: Beat, now: datetime) -> dict[str, Any]:
    assert run.batch_id is not None
    removed = undo(run.batch_id)
    logger.info("import undone run=%s dossiers=%s by=%s", run.pk, removed, run.undone_by_id)
    report = {**run.report, "removed": removed}
    return {"state": State.UNDONE, "undone_at": now, "report": report}


_STEPS = {State.CHECKING: _check, State.IMPORTING: _import, State.UNDOING: _undo}


def _bring(
    run: ImportRun, beat: Beat, now: datetime, *, dry_run: bool, first: list[Row]
) -> Imported:
    scope = scope_of(run.requested_by, timezone.localdate(now))
    if run.agency_id not in scope.agencies_as(*IMPORTERS):
        raise NotImporter
    way = Way(
        rows=_noting(source.reader(run.mapping), first),
        lodged_in=scope.agency_ids,
        progress=beat.tell,
    )
    with on_disk(run.file) as path:
        return import_file(path, now=now, actor=run.requested_by, dry_run=dry_run, way=way)


def _noting(read: Reader, first: list[Row]) -> Reader:
    """The rows, the first dossiers kept for the preview."""

    def rows(path: Path) -> Iterator[tuple[str, Row]]:
        for sheet, row in read(path):
            if sheet == DOSSIERS and len(first) < glancing.PREVIEWED:
                first.append(row)
            yield sheet, row

    return rows


def _report(done: Imported, run: ImportRun) -> dict[str, Any]:
    told = [source.told(fault, run.mapping).as_dict() for fault in done.errors[:MOST_KEPT]]
    return {
        "inserted": done.inserted,
        "unchanged": done.unchanged,
        "checked": done.checked,
        "faults": len(done.errors),
        "errors": told,
    }


def _write(run: ImportRun, **values: object) -> None:
    mine = ImportRun.objects.filter(pk=run.pk, state=run.state, attempt=run.attempt)
    if not mine.update(beat_at=None, **values):
        raise Superseded


def _fail(run: ImportRun, message: str) -> None:
    """An undo that was refused leaves the import as it was; the others have failed."""
    state = State.DONE if run.state == State.UNDOING else State.FAILED
    mine = ImportRun.objects.filter(pk=run.pk, state=run.state, attempt=run.attempt)
    mine.update(state=state, error=message[:300], beat_at=None)
