"""Where the private services live, as whom they run, and who uses them just now."""

import fcntl
import hashlib
import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from motcua.localservices.processes import LocalServicesError

OWNER_ROLE = "motcua_owner"
APP_ROLE = "motcua_app"

# sun_path holds 107 characters and PostgreSQL appends `/.s.PGSQL.5432.lock` to the folder.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
# Users of Debian end at 59999; the first number without a name belongs to nobody else.
FIRST_SPARE_UID = 58_000

_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Places:
    """The folders of one clone's services. `uid` is the user that the servers run as."""

    var: Path
    uid: int
    sockets: Path

    @classmethod
    def under(cls, var: Path) -> "Places":
        var = var.absolute()
        uid = _server_uid(var)
        return cls(var=var, uid=uid, sockets=_socket_folder(var, uid))

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def valkey(self) -> Path:
        return self.var / "valkey"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    def prepare(self) -> None:
        """Make the folders; each is closed to everybody but us and the servers' user."""
        for folder in (self.logs, self.valkey, self.sockets):
            private_folder(folder, self.uid)


def private_folder(path: Path, uid: int) -> None:
    """A real folder, mode 0700, owned by `uid`: made, or checked when it stands already.

    The check matters under /tmp, where anybody could have put a folder of that name first.
    """
    with suppress(FileExistsError):
        path.mkdir(mode=0o700, parents=True)
        if os.geteuid() == 0:
            os.chown(path, uid, uid)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise LocalServicesError(
            f"{path} is not a folder of user {uid}: remove it, or run as its owner"
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)


def reachable(path: Path, uid: int) -> bool:
    """May this user pass through every folder above `path`? (Always so when we are that user.)"""
    if uid == os.geteuid():
        return True
    for folder in path.parents:
        if not folder.exists():
            continue
        found = folder.stat()
        if not found.st_mode & (stat.S_IXUSR if found.st_uid == uid else stat.S_IXOTH):
            return False
    return True


def _server_uid(var: Path) -> int:
    """PostgreSQL refuses to run as root: then a number that no account has, without useradd."""
    mine = os.geteuid()
    data = var / "postgres"
    if mine:
        return mine
    if data.is_dir() and (owner := data.stat().st_uid):
        return owner
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    return next(uid for uid in range(FIRST_SPARE_UID, 60_000) if uid not in taken)


def _socket_folder(var: Path, uid: int) -> Path:
    """`var/run`, or a short folder of the same rights when the path is too long or closed."""
    here = var / "run"
    if len(os.fsencode(here)) <= LONGEST_SOCKET_FOLDER and reachable(here, uid):
        return here
    mark = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    top = Path("/run") if os.geteuid() == 0 and os.access("/run", os.W_OK) else Path("/tmp")  # noqa: S108
    return top / f"motcua-{uid}-{mark}"


@contextmanager
def starting(where: Places) -> Iterator[None]:
    """One process at a time starts or stops the services of a clone; the others wait."""
    lock = open_lock(where.var / "services.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def in_use(where: Places) -> None:
    """Mark this process, until it ends, as a user of the services (see `unused`)."""
    if where.var not in _held:
        # The kernel gives the lock back however the process ends.
        _held[where.var] = open_lock(where.var / "users.lock")
        fcntl.flock(_held[where.var], fcntl.LOCK_SH)


def unused(where: Places) -> bool:
    """Does no other process use the services? Ends this one's own use."""
    if (held := _held.pop(where.var, None)) is not None:
        os.close(held)
    lock = open_lock(where.var / "users.lock")
    try:
        return lock_alone(lock)
    finally:
        os.close(lock)


def open_lock(path: Path) -> int:
    """A lock file under var/, for us alone."""
    try:
        # Others may pass through var/ (the servers' user must) but not list it.
        path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise LocalServicesError(
            f"{path.parent} belongs to another user: run as that user, or as root"
        ) from error


def lock_alone(lock: int) -> bool:
    """Take the lock if nobody else holds it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
