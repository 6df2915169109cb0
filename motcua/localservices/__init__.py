"""Private PostgreSQL and Valkey of one clone: started when needed, stopped by `make stop`.

Settings ask for the addresses only (`database_url`, `redis_url`: pure, nothing is started); the
entry points (manage.py, the test run, `make demo`) call `ensure()`. Nothing here is used when
`DATABASE_URL` and `REDIS_URL` name real services.

This package imports neither Django nor the rest of the portal.
"""

import os
from pathlib import Path
from urllib.parse import quote

from motcua.localservices import postgres, valkey
from motcua.localservices.places import APP_ROLE, OWNER_ROLE, Places, in_use, starting
from motcua.localservices.processes import LocalServicesError

__all__ = [
    "LocalServicesError",
    "database_url",
    "ensure",
    "here",
    "needed",
    "redis_url",
    "running",
    "stop",
]

DATABASE = "motcua"


def here() -> Places:
    """Where this clone keeps its services (`VAR_DIR`, default `var/` beside manage.py)."""
    root = Path(__file__).resolve().parent.parent.parent
    return Places.under(Path(os.environ.get("VAR_DIR") or root / "var"))


def needed() -> bool:
    """Does the environment leave the database or the broker to us?"""
    return not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def database_url(*, owner: bool = False) -> str:
    """The owner's address migrates; the application's one is limited by its grants."""
    role = OWNER_ROLE if owner else os.environ.get("DATABASE_APP_ROLE", APP_ROLE)
    return f"postgresql://{role}@/{DATABASE}?host={quote(str(here().sockets), safe='/')}"


def redis_url() -> str:
    return f"unix://{quote(str(valkey.socket_of(here())), safe='/')}?db=0"


def running(where: Places | None = None) -> bool:
    where = where or here()
    return postgres.is_up(where) and valkey.is_up(where)


def ensure(where: Places | None = None) -> bool:
    """Start what is down; True when something had to be started. Harmless to repeat."""
    where = where or here()
    in_use(where)
    if running(where):
        return False
    with starting(where):
        started = postgres.start(where, DATABASE)
        return valkey.start(where) or started


def stop(where: Places | None = None) -> bool:
    """Stop both; True when something ran."""
    where = where or here()
    if not where.var.is_dir():
        return False
    with starting(where):
        stopped = valkey.stop(where)
        return postgres.stop(where) or stopped
