"""The shared cache (bộ nhớ đệm), on which nothing depends: without its server it knows nothing.

Sessions stand in the database too (cached_db), so the portal goes on without Redis, a little
slower; what counts attempts (sign-in, look-ups) does not count meanwhile. `/healthz` says that
the cache is away, because what it is asked to keep it then does not give back.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import TimeoutError as Slow

logger = logging.getLogger(__name__)


class Cache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client


class _Client(RedisCacheClient):
    """Its answers while the server is away are those of an empty cache that keeps nothing."""

    def add(self, *given: Any, **named: Any) -> Any:
        return _asked(super().add, given, named, away=True)

    def get(self, *given: Any, **named: Any) -> Any:
        default = named.get("default", given[1] if len(given) > 1 else None)
        return _asked(super().get, given, named, away=default)

    def set(self, *given: Any, **named: Any) -> Any:
        return _asked(super().set, given, named)

    def touch(self, *given: Any, **named: Any) -> Any:
        return _asked(super().touch, given, named, away=False)

    def delete(self, *given: Any, **named: Any) -> Any:
        return _asked(super().delete, given, named, away=False)

    def get_many(self, *given: Any, **named: Any) -> Any:
        return _asked(super().get_many, given, named, away={})

    def has_key(self, *given: Any, **named: Any) -> Any:
        return _asked(super().has_key, given, named, away=False)

    def incr(self, *given: Any, **named: Any) -> Any:
        found = _asked(super().incr, given, named)
        if found is None:  # as for a key that is not there
            raise ValueError("The cache is out of reach.")
        return found

    def set_many(self, *given: Any, **named: Any) -> Any:
        return _asked(super().set_many, given, named)

    def delete_many(self, *given: Any, **named: Any) -> Any:
        return _asked(super().delete_many, given, named)

    def clear(self, *given: Any, **named: Any) -> Any:
        return _asked(super().clear, given, named, away=False)


def _asked(
    ask: Callable[..., Any], given: Iterable[Any], named: Mapping[str, Any], away: Any = None
) -> Any:
    try:
        return ask(*given, **named)
    except (Unreachable, Slow) as error:
        logger.warning("cache unreachable error=%s", type(error).__name__)
        return away
