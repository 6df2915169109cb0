"""Nudges for Celery: each calls one function, and calling it twice is harmless."""

import logging

from celery import shared_task
from django.utils import timezone

from reports import building, fold, recount

logger = logging.getLogger(__name__)


@shared_task
def fold_counts() -> None:
    """Every few seconds; figures are exact without it, only slower."""
    fold.fold_all()


@shared_task
def recount_all() -> None:
    """Nightly alarm: a difference of one means that an act books wrongly."""
    found = recount.compare()
    if found.differences:
        first = found.differences[0]
        logger.error("recount differs count=%s first=%s", len(found.differences), first)


@shared_task
def build_report(build_id: int) -> None:
    """Delivered twice, it builds once: the build is claimed."""
    building.run(build_id, timezone.now)


@shared_task
def sweep_builds() -> None:
    """Every few seconds: what a killed worker left, and what no message reached."""
    for build_id in building.sweep(timezone.now()):
        build_report.delay(build_id)
