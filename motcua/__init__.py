"""The project; Celery's application is imported so that `@shared_task` finds it."""

from motcua.celery import app as celery_app

__all__ = ["celery_app"]
