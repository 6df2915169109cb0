"""One act on many dossiers (xử lý hàng loạt), done by a worker one by one.

Each dossier has a transaction of its own, in which its row of the run is locked, the act is done
and the row says how it went: whatever is killed in the middle, a dossier was done wholly and told
so, or nothing was done. The row's id is the act's request id, so not even a lost answer does it
twice. Workers skip what another one holds; any number of them may run one run. The rows are the
truth, a message is a nudge, and the sweep nudges again when a run falls silent.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import User
from agencies.scope import Scope, scope_of
from dossiers import bulk_acts, bulk_printing, errors
from dossiers.models import BulkItem, BulkRun, Dossier, JobState
from motcua.errors import DomainError

logger = logging.getLogger(__name__)

MOST = 1000
LEASE = timedelta(seconds=60)
LIVE = (JobState.PENDING, JobState.RUNNING)
Clock = Callable[[], datetime]
# A printed file is kept so long; its dossiers' papers are where they were.
KEPT_FOR = timedelta(days=7)
# The server went away, or the task's time is over: the run is given up, the sweep goes on with it.
GONE = (OperationalError, InterfaceError, SoftTimeLimitExceeded)


def start(
    user: User,
    act: str,
    arguments: Mapping[str, int | None],
    dossiers: Collection[tuple[int, int]],
    now: datetime,
    request_id: UUID,
) -> BulkRun:
    """`dossiers`: (id, state seen). The same request again finds the first run."""
    bulk_acts.known(act)
    if not dossiers:
        raise errors.BulkRefused("Chưa chọn hồ sơ nào.")
    if len(dossiers) > MOST:
        raise errors.BulkRefused(f"Mỗi lần chỉ xử lý tối đa {MOST} hồ sơ.")
    with transaction.atomic():
        run, is_new = BulkRun.objects.get_or_create(
            request_id=request_id,
            defaults={
                "act": act,
                "arguments": dict(arguments),
                "requested_by": user,
                "requested_at": now,
            },
        )
        if run.requested_by_id != user.pk or run.act != act:
            raise errors.RequestReplayed
        if is_new:
            BulkItem.objects.bulk_create(
                BulkItem(run=run, dossier_id=pk, seen_status=seen) for pk, seen in dossiers
            )
    return run


def run(run_id: int, clock: Clock) -> None:
    """Do what is left of a run; one that is over is left alone."""
    found = BulkRun.objects.select_related("requested_by").filter(pk=run_id, state__in=LIVE).first()
    if found is None:
        return
    _beat(found, clock())
    scope = scope_of(found.requested_by, timezone.localdate(clock()))
    while (item := _next(found, scope, clock)) is not None:
        if item.pk % 10 == 0:
            _beat(found, clock())
    _finish(found, clock)


def retry(run: BulkRun, now: datetime) -> int:
    """The failed ones once more, each as it stands now; how many."""
    with transaction.atomic():
        locked = BulkRun.objects.select_for_update().get(pk=run.pk)
        if locked.state in LIVE:
            return 0
        failed = list(locked.items.filter(state=JobState.FAILED).select_related("dossier"))
        for item in failed:
            item.state, item.message = JobState.PENDING, ""
            item.seen_status, item.request_id = item.dossier.status, uuid4()
        fields = ["state", "message", "seen_status", "request_id"]
        BulkItem.objects.bulk_update(failed, fields)
        if failed:
            locked.state, locked.beat_at, locked.finished_at = JobState.PENDING, now, None
            locked.save(update_fields=["state", "beat_at", "finished_at"])
    return len(failed)


def sweep(now: datetime) -> list[int]:
    """Let go of old files, and name the runs that wait or fell silent, for new nudges."""
    # The file's row is temporary: unattached, it is thrown away by dossiers.files.
    old = BulkRun.objects.filter(finished_at__lt=now - KEPT_FOR)
    old.exclude(file=None).update(file=None)
    silent = Q(beat_at__lt=now - LEASE)
    unheard = Q(beat_at__isnull=True, requested_at__lt=now - timedelta(seconds=15))
    waiting = BulkRun.objects.filter(silent | unheard, state__in=LIVE).order_by("requested_at")
    return list(waiting.values_list("pk", flat=True)[:100])


def _next(run: BulkRun, scope: Scope, clock: Clock) -> BulkItem | None:
    """The next dossier that nobody holds, done or refused; None when there is none."""
    with transaction.atomic():
        waiting = BulkItem.objects.filter(run=run, state=JobState.PENDING).order_by("pk")
        item = waiting.select_for_update(skip_locked=True).first()
        if item is None:
            return None
        item.state, item.message = _done(run, item, scope, clock)
        item.save(update_fields=["state", "message"])
    return item


def _done(run: BulkRun, item: BulkItem, scope: Scope, clock: Clock) -> tuple[str, str]:
    try:
        with transaction.atomic():
            _perform(run, item, scope, clock())
    except DomainError as error:
        return JobState.FAILED, error.message[:500]
    except GONE:
        raise
    except Exception:
        logger.exception("bulk item failed run=%s dossier=%s", run.pk, item.dossier_id)
        return JobState.FAILED, "Lỗi hệ thống; quản trị viên đã được báo."
    return JobState.DONE, ""


def _perform(run: BulkRun, item: BulkItem, scope: Scope, now: datetime) -> None:
    dossier = Dossier.objects.in_scope(scope).filter(pk=item.dossier_id).first()
    if dossier is None:
        raise errors.OutOfScope
    if dossier.status != item.seen_status:
        raise errors.DossierChanged
    act = bulk_acts.known(run.act)
    if act.perform is None:
        bulk_printing.prepare(dossier, run.requested_by, now)
    else:
        act.perform(dossier, run.requested_by, now, item.request_id, run.arguments)


def _beat(run: BulkRun, now: datetime) -> None:
    live = BulkRun.objects.filter(pk=run.pk, state__in=LIVE)
    live.update(state=JobState.RUNNING, beat_at=now)


def _finish(run: BulkRun, clock: Clock) -> None:
    """Whoever did the last one says that the run is over; the papers are printed before."""
    if BulkItem.objects.filter(run=run, state=JobState.PENDING).exists():
        return  # another worker holds one: it will finish
    state = JobState.DONE
    if run.act == "print":
        try:
            if not bulk_printing.finish(run, clock):
                return  # another worker prints them
        except GONE:
            raise
        except Exception:
            logger.exception("bulk printing failed run=%s", run.pk)
            state = JobState.FAILED
    live = BulkRun.objects.filter(pk=run.pk, state__in=LIVE)
    live.update(state=state, finished_at=clock())
