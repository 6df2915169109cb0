#!/usr/bin/env python3
"""Set up this clone: Debian packages, virtual environment, npm packages. `prepare.py demo|test`

Needs Python >= 3.11 alone. Each step leaves a stamp (the hash of its lock file), so that a second
run looks and does nothing. Without the right to install Debian packages it prints the one command
that does and ends with exit code 2.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_MODULES = ROOT / "node_modules"
TINOS = Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf")
FONT_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")


class SetUpError(Exception):
    """One line for the person at the terminal."""


def main(words: list[str]) -> int:
    if words not in (["demo"], ["test"]):
        sys.stderr.write("usage: prepare.py demo | test\n")
        return 2
    testing = words == ["test"]
    try:
        (ROOT / "var").mkdir(mode=0o711, exist_ok=True)
        with (ROOT / "var" / "prepare.lock").open("a") as lock:
            wait_for(lock.fileno())
            install_debian_packages(testing=testing)
            make_virtual_environment()
            install_python_packages(testing=testing)
            install_npm_packages(testing=testing)
    except SetUpError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def wait_for(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("waiting for another set-up of this clone")
        fcntl.flock(lock, fcntl.LOCK_EX)


def install_debian_packages(*, testing: bool) -> None:
    missing = missing_debian_packages(testing=testing)
    if not missing:
        return
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    command = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *missing]
    by_hand = f"run this first: {' '.join(command)}"
    if not shutil.which("apt-get") or not may_install():
        raise SetUpError(by_hand)
    say(f"Debian packages: {' '.join(missing)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if prefix:
        command[1:1] = ["DEBIAN_FRONTEND=noninteractive"]
    run([*prefix, "apt-get", "update", "-q"], failure=by_hand, env=quiet)
    run(command, failure=by_hand, env=quiet)


def missing_debian_packages(*, testing: bool) -> list[str]:
    """What is not on this machine, from Debian or otherwise; names of Debian packages."""
    libraries = subprocess.run(
        ["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=False
    ).stdout
    wanted = {
        "libpango-1.0-0": FONT_LIBRARIES[0] in libraries,
        "libpangoft2-1.0-0": FONT_LIBRARIES[1] in libraries,
        "libharfbuzz-subset0": FONT_LIBRARIES[2] in libraries,
        "fonts-croscore": TINOS.exists(),
        "nodejs": bool(shutil.which("node")),
        "npm": bool(shutil.which("npm")),
        "python3-venv": has_ensurepip() or (VENV / "bin" / "python").exists(),
    }
    if testing:
        wanted["poppler-utils"] = bool(shutil.which("pdftotext") and shutil.which("pdftoppm"))
        wanted["chromium"] = bool(shutil.which("chromium"))
    return [package for package, present in wanted.items() if not present]


def has_ensurepip() -> bool:
    """Debian leaves ensurepip out of python3; python3-venv brings it."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    return True


def may_install() -> bool:
    """Root may; others when sudo asks for no password (there may be nobody to type it)."""
    if os.geteuid() == 0:
        return True
    if not shutil.which("sudo"):
        return False
    words = ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    return subprocess.run([*words, "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0


def make_virtual_environment() -> None:
    if (VENV / "bin" / "pip").exists() and answers(VENV / "bin" / "python"):
        return
    say("virtual environment: .venv")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], failure="python -m venv failed")


def answers(python: Path) -> bool:
    """A venv whose Python was removed or upgraded away is made anew."""
    try:
        return subprocess.run([python, "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def install_python_packages(*, testing: bool) -> None:
    """The tests' lock holds everything of the portal's own, at the same versions."""
    locks = {name: ROOT / "requirements" / f"{name}.lock" for name in ("base", "dev")}
    done = VENV / "installed-dev"
    if has_stamp(done, locks["dev"]):
        return
    name = "dev" if testing or done.exists() else "base"
    stamp = VENV / f"installed-{name}"
    if has_stamp(stamp, locks[name]):
        return
    say(f"Python packages: requirements/{name}.lock")
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    quiet = [] if sys.stdout.isatty() else ["-qq"]
    run(
        [*pip, *quiet, "install", "--require-hashes", "-r", str(locks[name])],
        failure="pip could not install the locked packages (see above)",
    )
    write_stamp(stamp, locks[name])


def install_npm_packages(*, testing: bool) -> None:
    lock = ROOT / "package-lock.json"
    done = NODE_MODULES / ".installed-dev"
    if has_stamp(done, lock) or (not testing and has_stamp(NODE_MODULES / ".installed-base", lock)):
        return
    say("npm packages: package-lock.json")
    # Debian's npm writes to HOME, which a build user may not have.
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run(
        command if testing else [*command, "--omit=dev"],
        failure="npm could not install the locked packages (see above)",
    )
    write_stamp(done if testing else NODE_MODULES / ".installed-base", lock)


def has_stamp(stamp: Path, lock: Path) -> bool:
    return stamp.exists() and stamp.read_text() == fingerprint(lock)


def write_stamp(stamp: Path, lock: Path) -> None:
    stamp.write_text(fingerprint(lock))


def fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def run(command: list[str], *, failure: str, env: dict[str, str] | None = None) -> None:
    """Run a step with its output on the terminal; say how long it took."""
    begun = time.monotonic()
    if subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SetUpError(failure)
    say(f"  done in {time.monotonic() - begun:.0f} s")


def say(line: str) -> None:
    sys.stdout.write(f"· {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
