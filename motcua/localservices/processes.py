"""Starting a server in the background as a chosen user, recognising it later, ending it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# A server is started with its data folder as working directory and told to look there: so the
# data may stand under a folder that the servers' user cannot pass through (a clone in /root).
WORKING_FOLDER = "/proc/self/cwd"

# Servers outlive the process that started them; while it lives, it must take note of their end.
_started: "list[subprocess.Popen[bytes]]" = []


class LocalServicesError(Exception):
    """The private services cannot run here; the text is one line for the person at the terminal."""


def spawn(
    argv: Sequence[str | Path], *, folder: Path, uid: int, log: Path, env: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Start a server in a session of its own, so that a Ctrl-C here does not reach it."""
    owner = uid if os.geteuid() == 0 else None
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as output:
        if owner is not None:
            os.fchown(output.fileno(), uid, uid)
        server = subprocess.Popen(
            [os.fspath(word) for word in argv],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
            user=owner,
            group=owner,
            extra_groups=None if owner is None else [],
        )
    _started.append(server)
    return server


def take_note() -> None:
    """Let the kernel forget our servers that have ended."""
    _started[:] = [server for server in _started if server.poll() is None]


def is_server_in(pid: int, folder: Path) -> bool:
    """Is this process alive with `folder` as its working directory?

    A number in a pid file proves nothing after a SIGKILL or a reboot: it may be anybody's by now.
    """
    return _lives(pid) and _works_in(pid, folder)


def is_stranger(pid: int, folder: Path) -> bool:
    """Is this process alive and somebody else's?"""
    return _lives(pid) and not _works_in(pid, folder)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        return False


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Look again and again; False when the time is over."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def end(pid: int, folder: Path, *signals: signal.Signals, seconds: float = 20) -> None:
    """Send the gentlest signal first; the next one only when the process is still there."""
    for number in signals:
        if not is_server_in(pid, folder):
            return
        os.kill(pid, number)
        if wait_until(lambda: not is_server_in(pid, folder), seconds=seconds):
            take_note()
            return
    raise LocalServicesError(f"process {pid} of {folder} does not end")


def last_words(log: Path) -> str:
    """The end of a server's log, for the one line that says why it did not start."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "no log was written"
