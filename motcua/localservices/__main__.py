"""`python -m motcua.localservices start|stop|status|demo|run COMMAND…`: the services by hand."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from motcua import localservices
from motcua.localservices import demo
from motcua.localservices.places import unused

USAGE = "usage: python -m motcua.localservices start | stop | status | demo | run COMMAND…"


def main(words: Sequence[str]) -> int:
    match list(words):
        case ["start"]:
            localservices.ensure()
            return _status()
        case ["stop"]:
            ended = demo.stop(localservices.here())
            stopped = localservices.stop() or ended
            sys.stdout.write("stopped\n" if stopped else "nothing was running\n")
            return 0
        case ["status"]:
            return _status()
        case ["demo"]:
            return demo.main(_port(), serve=os.environ.get("SERVE", "1") != "0")
        case ["run", *command] if command:
            return run(command)
    sys.stderr.write(f"{USAGE}\n")
    return 2


def run(command: Sequence[str]) -> int:
    """Run a command beside the services; stop them afterwards when they were started for it."""
    if not localservices.needed():
        return subprocess.run(command, check=False).returncode
    started = localservices.ensure()
    try:
        # Ctrl-C reaches the command by itself: wait for what it makes of it.
        previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
        child = subprocess.Popen(command, preexec_fn=lambda: signal.signal(signal.SIGINT, previous))
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        code = child.wait()
        return code if code >= 0 else 128 - code
    finally:
        if started and unused(localservices.here()):
            localservices.stop()


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit():
        raise localservices.LocalServicesError(f"PORT is no number: {text}")
    return int(text)


def _status() -> int:
    up = localservices.running()
    sys.stdout.write(f"{'running' if up else 'stopped'} {localservices.here().sockets}\n")
    return 0 if up else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except localservices.LocalServicesError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
