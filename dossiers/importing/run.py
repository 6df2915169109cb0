"""Import a file of histories (nhập hồ sơ từ nơi khác): all or nothing, again and again.

Everything happens in one transaction: rows are staged by COPY, judged in order of their codes,
laid out in temporary tables, then inserted set by set. Imports wait for one another, so that a
file that runs twice at once is imported once.
"""

import gc
import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from agencies.models import User
from calendars.errors import OutOfCalendar
from dossiers import inheritance
from dossiers.importing import staging, writing
from dossiers.importing.catalogue import Catalogue
from dossiers.importing.faults import (
    DOSSIERS,
    EVENTS,
    Fault,
    Faults,
    ImportCollided,
    ImportNotDemo,
    TooManyFaults,
    Wrong,
)
from dossiers.importing.judging import Judged, judge
from dossiers.importing.laying import Layer
from dossiers.importing.replay import EventWrong
from dossiers.importing.rows import EventRow
from dossiers.importing.staging import Reader, Staged
from dossiers.models import ImportBatch
from motcua.spreadsheet import SpreadsheetRefused

logger = logging.getLogger(__name__)

# Two imports at once wait for one another.
_LOCK = 20241002
# How many histories are judged between two words on how far it has come.
_STRIDE = 200


@dataclass(frozen=True)
class Imported:
    """What a run did; with errors, or dry, nothing was inserted. `checked` are sound and new."""

    inserted: int
    unchanged: int
    errors: list[Fault] = field(default_factory=list)
    checked: int = 0
    batch_id: int | None = None


@dataclass(frozen=True)
class Way:
    """How a file comes in: what reads its rows, where its dossiers may have been lodged (None:
    anywhere), and who is told how many histories of how many have been judged."""

    rows: Reader = staging.own_format
    lodged_in: frozenset[int] | None = None
    progress: Callable[[int, int], None] = lambda done, total: None


OWN_FORMAT = Way()


def import_file(
    path: Path,
    *,
    now: datetime,
    actor: User | None = None,
    dry_run: bool = False,
    is_demo: bool = False,
    way: Way = OWN_FORMAT,
) -> Imported:
    """Import the file; the same dossiers again change nothing.

    With any error nothing is inserted and all errors are told. Refuses `is_demo` outside the
    demonstration, and a file whose codes were taken elsewhere meanwhile (ImportCollided).
    """
    if is_demo and not settings.DEMO:
        raise ImportNotDemo
    try:
        with _without_collector(), transaction.atomic():
            lock()
            done = _import(path, now, actor, way, dry_run=dry_run, is_demo=is_demo)
            # Staging went through this transaction too: only an import leaves something.
            if not done.inserted:
                transaction.set_rollback(True)
    except IntegrityError as error:
        logger.warning("import collided constraint=%s", _constraint(error))
        raise ImportCollided from error
    logger.info(
        "imported inserted=%s unchanged=%s errors=%s",
        done.inserted,
        done.unchanged,
        len(done.errors),
    )
    return done


def lock() -> None:
    """Imports, and their undoing, wait for one another until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _import(
    path: Path, now: datetime, actor: User | None, way: Way, *, dry_run: bool, is_demo: bool
) -> Imported:
    faults = Faults()
    unchanged, layer, laid = 0, None, 0
    try:
        rows = staging.stage(path, faults, way.rows)
        batch = _batch(path, rows, now, actor, is_demo=is_demo)
        catalogue = Catalogue()
        layer = Layer(catalogue, now, batch)
        for staged, events in _told(staging.histories(), way.progress):
            content = content_hash(staged, events)
            if staged.known_hash is not None:
                unchanged += staged.known_hash == content
                _compare(staged, content, faults)
            elif judged := _judge(staged, events, catalogue, now, faults, way):
                laid += 1
                if not (dry_run or faults.found):
                    layer.add(judged, content)
    except SpreadsheetRefused as error:
        faults.add_refusal(error)
    except TooManyFaults:
        pass  # what was found is told
    if faults.found or dry_run or layer is None or not laid:
        return Imported(0, unchanged, faults.in_order(), checked=laid)
    writing.write(layer.finish())
    inheritance.hand_over_all(now)
    return Imported(laid, unchanged, checked=laid, batch_id=batch.pk)


def _told(
    histories: Iterator[tuple[Staged, list[EventRow]]], progress: Callable[[int, int], None]
) -> Iterator[tuple[Staged, list[EventRow]]]:
    total = staging.count()
    for number, history in enumerate(histories):
        if number % _STRIDE == 0:
            progress(number, total)
        yield history


def content_hash(staged: Staged, events: Sequence[EventRow]) -> str:
    """What a file says of a dossier, whatever its order; numbers and phones by keyed hash."""
    row = [
        *staged[1:11],
        staged.citizen_hash and bytes(staged.citizen_hash).hex(),
        staged.phone_hash and bytes(staged.phone_hash).hex(),
        staged.address,
        staged.fee_vnd,
    ]
    told = json.dumps([row, [event[2:] for event in events]], default=_timestamp)
    return hashlib.sha256(told.encode()).hexdigest()


@contextmanager
def _without_collector() -> Iterator[None]:
    """A sixth of the time: rows make no cycles, yet the collector walks all of them again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _batch(
    path: Path, rows: int, now: datetime, actor: User | None, *, is_demo: bool
) -> ImportBatch:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return ImportBatch.objects.create(
        file_name=path.name[:200],
        sha256=sha256,
        rows=rows,
        imported_at=now,
        imported_by=actor,
        is_demo=is_demo,
    )


def _judge(
    staged: Staged,
    events: Sequence[EventRow],
    catalogue: Catalogue,
    now: datetime,
    faults: Faults,
    way: Way,
) -> Judged | None:
    """None when it cannot have happened so; the first reason is told."""
    if staged.code in faults.unusable:
        return None
    try:
        return judge(staged, events, catalogue, now, lodged_in=way.lodged_in)
    except EventWrong as error:
        faults.add(EVENTS, error.row, error.wrong.column, error.wrong.message)
    except Wrong as wrong:
        faults.add(DOSSIERS, staged.row, wrong.column, wrong.message)
    except OutOfCalendar as error:
        faults.add(DOSSIERS, staged.row, "accepted_at", error.message)
    return None


def _compare(staged: Staged, content: str, faults: Faults) -> None:
    if staged.known_hash != content and staged.code not in faults.unusable:
        faults.add(DOSSIERS, staged.row, "code", "Mã hồ sơ này đã có, với nội dung khác.")


def _timestamp(value: object) -> float:
    assert isinstance(value, datetime)
    return value.timestamp()


def _constraint(error: IntegrityError) -> str:
    """Its name only: the server's detail quotes values."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", ""))
