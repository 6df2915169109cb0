"""`make demo` as a process: serves, keeps a second one out, mends itself, leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from motcua import localservices
from motcua.localservices.places import Places
from motcua.localservices.processes import wait_until

pytestmark = pytest.mark.machine
ROOT = Path(__file__).resolve().parent.parent.parent
# Without the demonstration's data: its making is tested for itself.
EMPTY = """
import sys
from motcua.localservices import LocalServicesError, demo
manage, wanted = demo._manage, sys.argv[2:]
demo._manage = lambda *words: manage(*words) if words[0] in wanted else None
if not wanted:
    demo._healthy = lambda port: True
try:
    sys.exit(demo.main(int(sys.argv[1]), serve=True))
except LocalServicesError as error:
    sys.exit(f"{error}")
"""


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="motcua-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "var"
        localservices.stop(Places.under(Path(folder) / "var"))


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(port: int, *manage: str) -> list[str]:
    """Of the steps before serving, only those named; without a schema no site is healthy."""
    return [sys.executable, "-c", EMPTY, str(port), *manage]


def _heed_interrupts() -> None:
    """A shell starts what runs in the background with SIGINT ignored; Ctrl-C is not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def environment(var: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "VAR_DIR": str(var), "PYTHONUNBUFFERED": "1"}


@contextmanager
def demonstration(var: Path, port: int, *manage: str) -> Iterator["subprocess.Popen[str]"]:
    """Running and ready; killed at the end if the test has not ended it."""
    process = subprocess.Popen(
        command(port, *manage),
        cwd=ROOT,
        env=environment(var),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_interrupts,
    )
    assert process.stdout is not None
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("READY"):
                break
        assert said[-1:] == [f"READY http://127.0.0.1:{port}\n"], said
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def alive(var: Path) -> dict[int, str]:
    """Every process of this demonstration, by its environment or its servers' folder."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            its_own = f"VAR_DIR={var}\0".encode() in (folder / "environ").read_bytes()
            if its_own or (folder / "cwd").readlink().is_relative_to(var):
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if words:  # a process that has ended has none
                    found[int(folder.name)] = words
        except OSError:
            continue
    return found


def worker(var: Path) -> int:
    return min(pid for pid, words in alive(var).items() if "celery" in words)


def test_it_serves_alone_mends_itself_and_leaves_nothing(var: Path, port: int) -> None:
    with demonstration(var, port, "migrate") as process:
        second = subprocess.run(
            command(port),
            cwd=ROOT,
            env=environment(var),
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode
        assert re.fullmatch(
            rf"make demo runs here already \(process {process.pid}\): .*\n", second.stderr
        )

        killed = worker(var)
        os.kill(killed, signal.SIGKILL)
        assert wait_until(
            lambda: (
                any("celery" in words for words in alive(var).values()) and worker(var) != killed
            ),
            seconds=60,
        )

        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    assert wait_until(lambda: not alive(var), seconds=20), alive(var)


def test_a_signal_to_make_alone_ends_it_too(var: Path, port: int, tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text('demo:\n\t@true && exec "$$PYTHON" -c "$$EMPTY" $$PORT\n')
    words = {"PYTHON": sys.executable, "EMPTY": EMPTY, "PORT": str(port), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        ["make", "--no-print-directory", "-C", str(tmp_path), "demo"],
        env=environment(var) | words,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_heed_interrupts,
    )
    with process:
        assert process.stdout is not None
        try:
            assert any(line.startswith(b"READY") for line in process.stdout)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
        finally:
            if process.poll() is None:  # or the end of `with` would wait for ever
                os.killpg(process.pid, signal.SIGTERM)
    assert wait_until(lambda: not alive(var), seconds=20), alive(var)


def test_killed_itself_it_takes_its_children_along_and_stop_ends_the_rest(
    var: Path, port: int
) -> None:
    with demonstration(var, port) as process:
        process.kill()
        process.wait()
        assert wait_until(
            lambda: (
                not any("gunicorn" in words or "celery" in words for words in alive(var).values())
            ),
            seconds=30,
        ), alive(var)
    stop = [sys.executable, "-m", "motcua.localservices", "stop"]
    done = subprocess.run(stop, cwd=ROOT, env=environment(var), capture_output=True, check=True)
    assert done.stdout == b"stopped\n"
    assert wait_until(lambda: not alive(var), seconds=20), alive(var)


def test_a_taken_port_is_refused_in_one_line(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            command(taken.getsockname()[1]),
            cwd=ROOT,
            env=environment(var),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode
    assert re.fullmatch(r"port \d+ is not free: .*\n", done.stderr)
    assert not alive(var)
