"""A list of dossiers as a file (xuất danh sách), made by a worker.

The row is the truth: it says for whom and of what, the question encrypted, since a name or a
number may stand in it. A claim raises `attempt`, and a run writes under its own attempt only, so
that one which was given up for dead finds itself superseded. Rows are read by a cursor of the
server and written one by one: memory does not grow with the list. The scope is that of the person
when the file is made; files go after a week.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from agencies.models import User
from agencies.scope import scope_of
from dossiers import errors, export_files, export_sources, files, secrets
from dossiers.models import Export, JobState, StoredFile
from motcua.errors import DomainError

logger = logging.getLogger(__name__)

# Silent for this long, a run is dead; it shows a sign of life with every BEAT_EVERY rows.
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
KEPT_FOR = timedelta(days=7)
MOST_WAITING = 5
BEAT_EVERY = 2000
LIVE = (JobState.PENDING, JobState.RUNNING)
Clock = Callable[[], datetime]
GONE = (OperationalError, InterfaceError)


class Superseded(Exception):
    """Another run holds the export now."""


def request(user: User, *, kind: str, format: str, query: str, now: datetime) -> Export:
    """A new export; refuses what cannot be made, and more than a few at once."""
    if (kind, format) not in export_sources.OFFERED or len(query) > 4000:
        raise errors.ExportRefused
    if Export.objects.filter(requested_by=user, state__in=LIVE).count() >= MOST_WAITING:
        raise errors.ExportRefused("Bạn có nhiều tệp đang chờ xuất; hãy đợi xong.")
    export_sources.check(kind, query, user, now)
    return Export.objects.create(
        requested_by=user,
        requested_at=now,
        kind=kind,
        format=format,
        query_cipher=secrets.encrypt(query),
    )


def run(export_id: int, clock: Clock) -> None:
    """Make the file of what is pending; whatever is done, failed or under way is left alone."""
    attempt = _claim(export_id, clock())
    if attempt is None:
        return
    try:
        _make(export_id, attempt, clock)
    except Superseded:
        logger.warning("export superseded id=%s attempt=%s", export_id, attempt)
    except DomainError as error:
        _fail(export_id, attempt, error.message, clock())
    except GONE:
        raise  # the sweep takes it up again
    except Exception:
        logger.exception("export failed id=%s", export_id)
        _fail(export_id, attempt, "Lỗi khi xuất tệp; quản trị viên đã được báo.", clock())


def sweep(now: datetime) -> list[int]:
    """Free what fell silent, let go of old files, and name what waits, for new nudges."""
    silent = Export.objects.filter(state=JobState.RUNNING, beat_at__lt=now - LEASE)
    silent.filter(attempt__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, finished_at=now, error="Đã thử xuất nhiều lần nhưng không xong."
    )
    silent.update(state=JobState.PENDING, beat_at=None, done=0)
    # The file's row is temporary: unattached, it is thrown away by dossiers.files.
    old = Export.objects.filter(finished_at__lt=now - KEPT_FOR)
    old.exclude(file=None, query_cipher=b"").update(file=None, query_cipher=b"")
    waiting = Export.objects.filter(state=JobState.PENDING)
    old_enough = Q(attempt__gt=0) | Q(requested_at__lt=now - timedelta(seconds=15))
    return list(waiting.filter(old_enough).order_by("pk").values_list("pk", flat=True)[:100])


def _claim(export_id: int, now: datetime) -> int | None:
    waiting = Export.objects.filter(pk=export_id, state=JobState.PENDING)
    claimed = waiting.update(
        state=JobState.RUNNING, started_at=now, beat_at=now, attempt=F("attempt") + 1
    )
    if not claimed:
        return None
    return Export.objects.values_list("attempt", flat=True).get(pk=export_id)


def _make(export_id: int, attempt: int, clock: Clock) -> None:
    export = Export.objects.select_related("requested_by").get(pk=export_id)
    user, now = export.requested_by, clock()
    scope = scope_of(user, timezone.localdate(now))
    if not scope.agency_ids:
        raise errors.ExportRefused("Bạn không còn vai trò nào nên không xuất được danh sách.")

    def beat(done: int) -> None:
        _write(export_id, attempt, done=done, beat_at=clock())

    query = secrets.decrypt(export.query_cipher)
    table = export_sources.table(export.kind, query, user, scope, now)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        done = export_files.write(path, export.format, table, beat)
        name = f"{export_sources.NAMES[export.kind]}-{timezone.localtime(now):%Y%m%d-%H%M}"
        with path.open("rb") as content, transaction.atomic():
            stored = files.keep(
                content,
                f"{name}.{export.format}",
                export_files.MEDIA_TYPES[export.format],
                stored_by=user,
                now=now,
                retention=StoredFile.Retention.TEMPORARY,
            )
            _write(
                export_id,
                attempt,
                state=JobState.DONE,
                finished_at=clock(),
                done=done,
                total=done,
                file=stored,
            )


def _write(export_id: int, attempt: int, **values: object) -> None:
    mine = Export.objects.filter(pk=export_id, state=JobState.RUNNING, attempt=attempt)
    if not mine.update(**values):
        raise Superseded


def _fail(export_id: int, attempt: int, message: str, now: datetime) -> None:
    mine = Export.objects.filter(pk=export_id, state=JobState.RUNNING, attempt=attempt)
    mine.update(state=JobState.FAILED, error=message[:300], finished_at=now)
