"""Nudges: send what waits, and take up what a dead worker left."""

from celery import shared_task
from django.utils import timezone

from notifications import outbox


@shared_task
def send_messages() -> None:
    """Delivered twice, or to several workers at once, each row is sent by one of them."""
    outbox.drain(timezone.now)


@shared_task
def sweep_messages() -> None:
    outbox.sweep(timezone.now())
    outbox.drain(timezone.now)
