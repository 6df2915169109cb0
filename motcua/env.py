"""Settings from the environment; a wrong value fails loudly at start."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_str(name: str, default: str | None = None) -> str:
    """The value, or the default; without a default an empty value is as good as none."""
    value = os.environ.get(name, default)
    if value is None or (default is None and not value.strip()):
        raise ImproperlyConfigured(f"Environment variable {name} is not set")
    return value


def env_bool(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"Environment variable {name} is neither true nor false: {value!r}")


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"Environment variable {name} is no number: {value!r}"
        ) from error


def env_list(name: str, default: str | None = "") -> list[str]:
    return [part.strip() for part in env_str(name, default).split(",") if part.strip()]


def database(url: str) -> dict[str, object]:
    """`postgresql://user:password@host:port/name?host=/folder` → Django's DATABASES entry."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("Only PostgreSQL is supported (postgresql://…)")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def broker(url: str) -> str:
    """The address of Redis as Celery wants it: `unix:///folder/socket?db=0` is its own dialect."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    query = dict(parse_qsl(parts.query))
    return f"redis+socket://{parts.path}?virtual_host={query.get('db', '0')}"
