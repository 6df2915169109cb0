"""The private services: where they live, that they come back, that they leave nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from motcua import localservices
from motcua.localservices import places, postgres, valkey
from motcua.localservices.places import Places
from motcua.localservices.processes import LocalServicesError, is_server_in, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder that the servers' user can reach; pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="motcua-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def services(short: Path) -> Iterator[Places]:
    where = Places.under(short / "var")
    localservices.ensure(where)
    yield where
    localservices.stop(where)
    places.unused(where)


def figure(where: Places, query: str, role: str = places.OWNER_ROLE) -> object:
    connection = psycopg2.connect(host=str(where.sockets), user=role, dbname="motcua")
    try:
        cursor = connection.cursor()
        cursor.execute(query)
        row = cursor.fetchone()
        connection.commit()
        return row[0] if row else None
    finally:
        connection.close()


def postmaster(where: Places) -> int:
    return int((where.postgres / "postmaster.pid").read_text().split()[0])


def test_a_long_path_gets_a_short_folder_for_sockets(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90) / "var"
    one, other = Places.under(deep), Places.under(deep / "other")
    assert len(str(one.sockets)) <= places.LONGEST_SOCKET_FOLDER
    assert one.sockets != other.sockets


def test_a_folder_prepared_by_somebody_else_is_refused(short: Path) -> None:
    trap = short / "trap"
    trap.symlink_to("/tmp")  # noqa: S108
    with pytest.raises(LocalServicesError, match="not a folder of user"):
        places.private_folder(trap, os.geteuid())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root serves as somebody else")
def test_root_serves_as_a_user_without_an_account(short: Path) -> None:
    uid = Places.under(short / "var").uid
    assert uid >= places.FIRST_SPARE_UID


@pytest.mark.machine
def test_services_are_private_and_run_as_an_ordinary_user(services: Places) -> None:
    pid = postmaster(services)
    uid = int(Path(f"/proc/{pid}/status").read_text().partition("Uid:")[2].split()[1])
    assert uid == services.uid != 0
    for folder in (services.sockets, services.postgres, services.valkey, services.logs):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert figure(services, "SHOW listen_addresses") == ""
    assert figure(services, "SHOW fsync") == "on"
    assert "trust" not in (services.postgres / "pg_hba.conf").read_text()
    if os.geteuid() == 0:
        stranger: list[str | Path] = [
            *("setpriv", "--reuid", "65534", "--clear-groups", "--"),
            *(postgres.binaries_folder() / "psql", "-h", services.sockets),
            *("-U", "motcua_owner", "motcua", "-c", "SELECT 1"),
        ]
        assert subprocess.run(stranger, check=False, capture_output=True).returncode


@pytest.mark.machine
def test_the_application_owns_nothing(services: Places) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        figure(services, "CREATE TABLE t ()", role=places.APP_ROLE)
    assert figure(services, "SELECT current_user::text", role=places.APP_ROLE) == "motcua_app"


@pytest.mark.machine
def test_data_survives_a_kill_and_the_servers_come_back(services: Places) -> None:
    figure(services, "CREATE TABLE t AS SELECT 7 AS n; SELECT 1")
    broker = int((services.valkey / "server.pid").read_text())
    database = postmaster(services)
    os.kill(database, signal.SIGKILL)
    os.kill(broker, signal.SIGKILL)
    assert wait_until(lambda: not localservices.running(services), seconds=5)

    assert localservices.ensure(services) is True
    assert postmaster(services) != database
    assert figure(services, "SELECT n FROM t") == 7
    client = redis.Redis(unix_socket_path=str(valkey.socket_of(services)))
    assert client.ping()
    client.close()
    assert localservices.ensure(services) is False


@pytest.mark.machine
def test_a_pid_file_that_names_a_stranger_is_no_obstacle(services: Places) -> None:
    postgres.stop(services)
    stranger = subprocess.Popen(["sleep", "60"], user=services.uid if os.geteuid() == 0 else None)
    try:
        for lock in (services.postgres / "postmaster.pid", services.sockets / ".s.PGSQL.5432.lock"):
            lock.write_text(f"{stranger.pid}\n/x\n1\n5432\n{services.sockets}\n\n0 0\nready\n")
        assert localservices.ensure(services) is True
        assert stranger.poll() is None
        assert postmaster(services) != stranger.pid
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.machine
def test_stop_leaves_no_process(services: Places) -> None:
    pids = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit()
        and (
            is_server_in(int(entry.name), services.postgres)
            or is_server_in(int(entry.name), services.valkey)
        )
    ]
    assert len(pids) > 2
    assert localservices.stop(services) is True
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    assert localservices.stop(services) is False


@pytest.mark.machine
def test_manage_py_starts_them_and_acts_as_the_right_role(short: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(short / "var")}
    shell = "from django.db import connection as c; print(c.cursor().connection.info.user)"

    def run(*words: str) -> str:
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    try:
        assert "motcua_app" in run("manage.py", "shell", "-v0", "-c", shell)
        assert "running" in run("-m", "motcua.localservices", "status")
        assert "[ ] 0001_initial" in run("manage.py", "showmigrations", "sessions")
    finally:
        assert "stopped" in run("-m", "motcua.localservices", "stop")


@pytest.mark.machine
def test_services_started_for_a_command_end_with_it(short: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(short / "var")}
    command = [sys.executable, "-m", "motcua.localservices", "run", "sh", "-c", "exit 7"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    assert done.returncode == 7
    assert not localservices.running(Places.under(short / "var"))
