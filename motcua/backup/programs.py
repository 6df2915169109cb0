"""PostgreSQL's own programs, of the server's version where they are installed."""

import os
import subprocess
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from motcua.commands import CommandRefused
from motcua.localservices.postgres import binaries_folder


def run(program: str, *words: str, database: str) -> None:
    """Run `pg_dump` or `pg_restore` on a database of our server; refuse when it fails."""
    args, env = DatabaseClient.settings_to_cmd_args_env(
        {**connection.settings_dict, "NAME": database}, []
    )
    done = subprocess.run(
        [_folder() / program, *args[1:-1], "--dbname", database, "--no-password", *words],
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise CommandRefused(f"{program} thất bại: {lines[-1]}")


def server_version() -> int:
    """As PostgreSQL counts: 150004, 180006."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0])


def _folder() -> Path:
    """A newer pg_restore writes settings that an older server does not know."""
    debian = Path(f"/usr/lib/postgresql/{server_version() // 10000}/bin")
    if "POSTGRES_BIN" not in os.environ and (debian / "pg_restore").exists():
        return debian
    return binaries_folder()
