"""Building a report's files: claimed by compare-and-set, taken up again when a run falls silent.

The row is the truth: a message to a worker is a nudge to look at it. A claim raises `attempt`,
and everything a run writes to the row is bound to its own attempt, so a run that was given up
for dead finds itself superseded and stops. Files go into the build's own folder, each written
whole; the row names them in the same statement that makes it done.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from agencies.models import User
from motcua.errors import DomainError
from reports import output
from reports.models import Report, ReportBuild

logger = logging.getLogger(__name__)

# Silent for this long, a run is dead: the longest step (page layout) takes seconds.
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 3
Status = ReportBuild.Status
LIVE = (Status.PENDING, Status.RUNNING)
Clock = Callable[[], datetime]


class Superseded(Exception):
    """Another run holds the build now."""


def request(report: Report, *, user: User | None, now: datetime) -> ReportBuild:
    """A new build, or the one under way: a second click starts nothing."""
    try:
        with transaction.atomic():
            return ReportBuild.objects.create(report=report, requested_at=now, requested_by=user)
    except IntegrityError:
        live = report.builds.filter(status__in=LIVE).first()
        return live or ReportBuild.objects.create(
            report=report, requested_at=now, requested_by=user
        )


def run(build_id: int, clock: Clock) -> None:
    """Build what is pending; a build that is done, failed or under way is left alone."""
    attempt = _claim(build_id, clock())
    if attempt is None:
        return
    try:
        _build(build_id, attempt, clock)
    except Superseded:
        logger.warning("build superseded id=%s attempt=%s", build_id, attempt)
    except DomainError as error:
        _fail(build_id, attempt, error.message, clock())
    except Exception:
        logger.exception("build failed id=%s", build_id)
        _fail(build_id, attempt, "Lỗi khi lập báo cáo; quản trị viên đã được báo.", clock())


def sweep(now: datetime) -> list[int]:
    """Free what fell silent and name everything that waits, for new nudges."""
    silent = ReportBuild.objects.filter(status=Status.RUNNING, claimed_at__lt=now - LEASE)
    silent.filter(attempt__gte=MAX_ATTEMPTS).update(
        status=Status.FAILED, finished_at=now, error="Đã thử lập nhiều lần nhưng không xong."
    )
    silent.update(status=Status.PENDING, claimed_at=None, progress=0, step="")
    waiting = ReportBuild.objects.filter(status=Status.PENDING)
    old = Q(attempt__gt=0) | Q(requested_at__lt=now - timedelta(seconds=30))
    return list(waiting.filter(old).order_by("pk").values_list("pk", flat=True))


def folder_of(build: ReportBuild) -> Path:
    return Path(settings.MEDIA_ROOT) / "reports" / str(build.public_id)


def _claim(build_id: int, now: datetime) -> int | None:
    waiting = ReportBuild.objects.filter(pk=build_id, status=Status.PENDING)
    if not waiting.update(status=Status.RUNNING, claimed_at=now, attempt=F("attempt") + 1):
        return None
    return ReportBuild.objects.values_list("attempt", flat=True).get(pk=build_id)


def _build(build_id: int, attempt: int, clock: Clock) -> None:
    build = ReportBuild.objects.select_related(
        "report__agency__parent", "report__agency__committee__parent"
    ).get(pk=build_id)

    def progress(percent: int, step: str) -> None:
        _write(build_id, attempt, progress=percent, step=step, claimed_at=clock())

    folder = folder_of(build)
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob(".*.part"):
        left_over.unlink(missing_ok=True)
    progress(10, "Tính số liệu")
    report = build.report
    source = output.source_of(report, clock())
    stem = f"{report.kind}-{report.agency.code}-{report.period}"
    files, _ = output.write(folder, stem, source, progress)
    _write(
        build_id,
        attempt,
        status=Status.DONE,
        progress=100,
        step="Đã xong",
        finished_at=clock(),
        files=[{**each.to_json(), "path": _under_media(each.path)} for each in files],
    )


def _under_media(path: str) -> str:
    return Path(path).relative_to(settings.MEDIA_ROOT).as_posix()


def _write(build_id: int, attempt: int, **values: object) -> None:
    mine = ReportBuild.objects.filter(pk=build_id, status=Status.RUNNING, attempt=attempt)
    if not mine.update(**values):
        raise Superseded


def _fail(build_id: int, attempt: int, message: str, now: datetime) -> None:
    mine = ReportBuild.objects.filter(pk=build_id, status=Status.RUNNING, attempt=attempt)
    mine.update(status=Status.FAILED, error=message[:300], finished_at=now)
