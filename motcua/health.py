"""`/healthz`: can this process do its work just now?"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError
from redis import RedisError

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when everything answers, otherwise 503; the reasons go to the log, not to strangers."""
    checks = {"database": database, "cache": cached, "broker": broker, "migrations": migrations}
    answers = {name: _holds(name, check) for name, check in checks.items()}
    healthy = all(answers.values())
    return JsonResponse({"healthy": healthy, "checks": answers}, status=200 if healthy else 503)


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, OperationalError, RedisError, OSError) as error:
        logger.warning("health check failed check=%s error=%s", name, error)
        return False


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def cached() -> bool:
    cache.set("healthz", 1, timeout=60)
    return bool(cache.get("healthz") == 1)


def broker() -> bool:
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as link:
        link.ensure_connection(max_retries=1, timeout=2)
    return True


def migrations() -> bool:
    """Are all the migrations of this code applied? A deploy runs them before the web starts."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
