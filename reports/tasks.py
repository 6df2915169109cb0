"""Nudges for Celery: each calls one function, and calling it twice is harmless."""

import logging

from celery import shared_task

from reports import fold, recount

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
