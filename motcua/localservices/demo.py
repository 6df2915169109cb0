"""`make demo`: services → migrate → load_demo → web and worker, until Ctrl-C.

One process watches everything that it started and ends it with itself: children die with it even
when it is killed (PR_SET_PDEATHSIG), a child that dies alone is started again. A lock held for
its whole life keeps a second one out.
"""

import ctypes
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from motcua import localservices
from motcua.localservices.places import Places, lock_alone, open_lock, unused
from motcua.localservices.processes import LocalServicesError, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
PATIENCE = 15  # seconds a child has to finish what it does
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A part of the site that must keep running."""

    name: str
    argv: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.starts = [*self.starts[-4:], time.monotonic()]
        if len(self.starts) == 5 and self.starts[-1] - self.starts[0] < 30:
            raise LocalServicesError(f"{self.name} ends again and again: see its lines above")
        self.process = subprocess.Popen(
            self.argv,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C comes to us; we pass it on once, in order
            preexec_fn=_die_with_parent,
        )

    def died(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        """To the whole session: a killed master must not leave workers behind."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def main(port: int, *, serve: bool) -> int:
    """Build the demonstration and, unless told otherwise, serve it until interrupted."""
    where = localservices.here()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    with _only_one(where):
        if serve:
            _check_port(port)
        started = False
        try:
            if localservices.needed():
                _say("services: PostgreSQL and Valkey")
                started = localservices.ensure(where)
            _manage("migrate", "--verbosity", "0")
            _manage("load_demo")
            if serve:
                started = True
                _serve(port)
            else:
                _print_accounts(where)
        except KeyboardInterrupt:
            _say("stopping")
            return 130 if not serve else 0
        finally:
            if started and localservices.needed() and unused(where):
                localservices.stop(where)
    return 0


def stop(where: Places) -> bool:
    """End a running `make demo` of this clone and wait until it is gone."""
    lock = where.var / "demo.lock"
    if not lock.exists():
        return False
    with lock.open("r+") as handle:
        if lock_alone(handle.fileno()):
            return False
        os.kill(int(handle.read()), signal.SIGTERM)
        if not wait_until(lambda: lock_alone(handle.fileno()), seconds=3 * PATIENCE):
            raise LocalServicesError("the demonstration does not end")
    return True


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def _only_one(where: Places) -> Iterator[None]:
    with os.fdopen(open_lock(where.var / "demo.lock"), "r+") as handle:
        if not lock_alone(handle.fileno()):
            raise LocalServicesError(
                f"make demo runs here already (process {handle.read()}): make stop ends it"
            )
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise LocalServicesError(
                f"port {port} is not free: choose another one, make demo PORT={port + 1}"
            ) from error


def _manage(*words: str) -> None:
    _say(f"manage.py {words[0]}")
    argv = [sys.executable, "manage.py", *words]
    if subprocess.run(argv, cwd=ROOT, check=False).returncode:
        raise LocalServicesError(f"manage.py {words[0]} failed (see above)")


def _children(port: int) -> list[Child]:
    cores = len(os.sched_getaffinity(0))
    schedule = localservices.here().var / "celerybeat-schedule"
    # Celery warns at length when root runs it; under `make demo` root is the person who asked.
    python = [sys.executable, "-W", "ignore:You're running the worker"]
    web = f"gunicorn motcua.wsgi --bind {HOST}:{port} --workers {2 * cores} --no-control-socket"
    worker = f"celery --app motcua --quiet worker --beat --concurrency {cores} --loglevel WARNING"
    return [
        Child("web", [*python, "-m", *web.split(), "--log-level", "warning"]),
        Child("worker", [*python, "-m", *worker.split(), "--schedule", str(schedule)]),
    ]


def _serve(port: int) -> None:
    children = _children(port)
    try:
        for child in children:
            child.start()
        web = children[0]
        wait_until(lambda: web.died() or _healthy(port), seconds=60, every=0.5)
        if not _healthy(port):
            raise LocalServicesError("the site does not answer (see the lines above)")
        _print_accounts(localservices.here())
        _say(f"READY http://{HOST}:{port}", mark="")
        while not _make_is_interrupted():
            time.sleep(0.5)
            for child in children:
                if child.died():
                    child.signal(signal.SIGKILL)  # what its session still holds
                    _say(f"{child.name} died: started again")
                    child.start()
    finally:
        _end(children)


def _make_is_interrupted() -> bool:
    """Was SIGINT sent to `make` alone? It then blocks it and waits for us without a word.

    (A Ctrl-C goes to the whole group and reaches us by itself.)
    """
    with suppress(OSError):
        parent = Path(f"/proc/{os.getppid()}")
        if (parent / "comm").read_text().strip() in {"make", "gmake"}:
            blocked = (parent / "status").read_text().partition("SigBlk:")[2].split()[0]
            return bool(int(blocked, 16) >> (signal.SIGINT - 1) & 1)
    return False


def _end(children: Sequence[Child]) -> None:
    """Ask all, wait for all, then kill what remains; a second Ctrl-C changes nothing."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        if child.process is not None:
            child.process.terminate()
    wait_until(lambda: all(child.died() for child in children), seconds=PATIENCE)
    for child in children:
        child.signal(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()


def _healthy(port: int) -> bool:
    link = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        link.request("GET", "/healthz")
        return link.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        link.close()


def _print_accounts(where: Places) -> None:
    path = where.var / "demo" / "accounts.json"
    if path.exists():
        accounts = json.loads(path.read_text())
        for account in accounts:
            _say("  ".join(str(value) for value in account.values()), mark="  ")


def _say(line: str, *, mark: str = "· ") -> None:
    sys.stdout.write(f"{mark}{line}\n")
    sys.stdout.flush()
