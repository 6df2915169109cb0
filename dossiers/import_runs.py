"""A file of another system on its way in: uploaded, mapped, checked, imported, perhaps undone.

Each step is a compare-and-set on the run's state, so that a second click starts nothing. Checking,
importing and undoing are a worker's (dossiers.importing.working).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import SEEK_END
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.models import Agency, Role, User
from agencies.scope import Scope, scope_of
from dossiers import files, sniffing
from dossiers.errors import FileRefused, ImportStep
from dossiers.importing.glancing import glance
from dossiers.importing.source import Mapped
from dossiers.models import ImportMapping, ImportRun, StoredFile

# Who brings an agency's past into the system, and takes it back.
IMPORTERS = (Role.ADMINISTRATOR, Role.LEADER)
State = ImportRun.State
# The mapping may still be changed.
BEFORE_IMPORT = (State.UPLOADED, State.CHECKED, State.FAILED)
LARGEST = 20 * 1024**2
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIVE = (State.CHECKING, State.IMPORTING, State.UNDOING)
# After its end a run's file is personal data without a purpose.
KEPT_FOR = timedelta(days=30)
# Of the report, what names nobody.
_FACTS = ("inserted", "unchanged", "checked", "faults", "removed")


def visible_to(user: User, scope: Scope) -> QuerySet[ImportRun]:
    """One's own, while one may import for that agency; all of an agency for its administrator."""
    own = Q(requested_by=user, agency__in=scope.agencies_as(*IMPORTERS))
    administered = Q(agency__in=scope.agencies_as(Role.ADMINISTRATOR))
    return ImportRun.objects.filter(own | administered)


def upload(
    content: BinaryIO, name: str, *, source: str, agency: Agency, actor: User, now: datetime
) -> ImportRun:
    """Keep the file and look into it; refuses what is no XLSX with a table."""
    scope_agencies = scope_of(actor, timezone.localdate(now)).agencies_as(*IMPORTERS)
    if agency.pk not in scope_agencies:
        raise ImportStep("Bạn không được nhập hồ sơ cho cơ quan này.")
    with transaction.atomic():
        file = _keep(content, name, actor, now)
        try:
            with on_disk(file) as path:
                seen = glance(path)  # refuses what is no table
            return ImportRun.objects.create(
                agency=agency,
                requested_by=actor,
                uploaded_at=now,
                source=source,
                file=file,
                glance={"sheets": seen},
                mapping=remembered(agency, source),
            )
        except Exception:
            default_storage.delete(file.storage_key)
            raise


def remembered(agency: Agency, source: str) -> dict[str, Any]:
    """How the agency's last file of this source was mapped; {} for a new one."""
    known = ImportMapping.objects.filter(agency=agency, source=source)
    return dict(known.values_list("columns", flat=True).first() or {})


def map_columns(run: ImportRun, mapping: Mapped, *, actor: User, now: datetime) -> None:
    """Remember which column is which, also for the source's next file."""
    with transaction.atomic():
        _move(run, BEFORE_IMPORT, state=State.UPLOADED, mapping=dict(mapping), report={}, error="")
        ImportMapping.objects.update_or_create(
            agency_id=run.agency_id,
            source=run.source,
            defaults={"columns": dict(mapping), "saved_by": actor, "saved_at": now},
        )


def request_check(run: ImportRun) -> None:
    if not run.mapping:
        raise ImportStep("Hãy ghép cột trước.")
    _start(run, BEFORE_IMPORT, State.CHECKING)


def request_import(run: ImportRun) -> None:
    """Only what was checked and is without a fault; the import checks all of it again."""
    if run.state == State.CHECKED and not is_importable(run):
        raise ImportStep("Tệp còn lỗi hoặc không có hồ sơ mới nào để nhập.")
    _start(run, (State.CHECKED,), State.IMPORTING)


def request_undo(run: ImportRun, *, actor: User) -> None:
    if run.state == State.DONE and run.batch_id is None:
        raise ImportStep("Lần nhập này không thêm hồ sơ nào.")
    _start(run, (State.DONE,), State.UNDOING, undone_by=actor)


def is_importable(run: ImportRun) -> bool:
    return not run.report.get("faults") and bool(run.report.get("checked"))


def clear_old(now: datetime) -> int:
    """Throw away the files of runs that ended or were given up a month ago; the facts stay."""
    ended = Coalesce("undone_at", "ended_at", "uploaded_at")
    old = ImportRun.objects.exclude(state__in=LIVE).filter(cleared_at=None)
    old = old.alias(over_at=ended).filter(over_at__lt=now - KEPT_FOR)
    return sum(_clear(pk, now) for pk in old.order_by("pk").values_list("pk", flat=True)[:1000])


def _clear(pk: int, now: datetime) -> bool:
    """The content goes before the row says so: killed in between, the next night does it again."""
    with transaction.atomic():
        idle = ImportRun.objects.exclude(state__in=LIVE).filter(pk=pk, cleared_at=None)
        run = idle.select_for_update(of=("self",)).select_related("file").first()
        if run is None:
            return False
        run.cleared_at, run.glance = now, {}
        run.report = {name: run.report[name] for name in _FACTS if name in run.report}
        if run.state in BEFORE_IMPORT:
            run.state = State.EXPIRED
        run.save(update_fields=["cleared_at", "glance", "report", "state"])
        files.delete_content(run.file)
    return True


def _keep(content: BinaryIO, name: str, actor: User, now: datetime) -> StoredFile:
    media_type = sniffing.sniff(content)
    if media_type != XLSX:
        raise FileRefused("Chỉ nhận tệp XLSX (Excel).")
    if content.seek(0, SEEK_END) > LARGEST:
        raise FileRefused(f"Tệp lớn hơn {LARGEST // 1024**2} MB: hãy chia thành nhiều tệp.")
    content.seek(0)
    shown = files.shown_name(name, media_type)
    return files.keep(content, shown, media_type, stored_by=actor, now=now)


@contextmanager
def on_disk(file: StoredFile) -> Iterator[Path]:
    """A copy to read from, under the name that people know."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        with default_storage.open(file.storage_key) as content, path.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        yield path


def _start(run: ImportRun, before: tuple[str, ...], to: str, **values: object) -> None:
    if run.state == to:
        return  # a second click
    _move(run, before, state=to, beat_at=None, attempt=0, done=0, total=None, error="", **values)


def _move(run: ImportRun, before: tuple[str, ...], **values: object) -> None:
    """Compare-and-set; a run that another click has moved already where we want it stays so."""
    if ImportRun.objects.filter(pk=run.pk, state__in=before).update(**values):
        for name, value in values.items():
            setattr(run, name, value)
        return
    run.refresh_from_db()
    if run.state != values["state"]:
        raise ImportStep
