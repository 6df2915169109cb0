"""Five hundred clerks at work on the real thing: gunicorn, PostgreSQL, Valkey, and Locust beside.

    DATABASE_URL=… REDIS_URL=… .venv/bin/python bench/load.py [--users 500] [--minutes 10]

Makes communes, clerks with sessions and 1,000 dossiers (they stay), starts gunicorn with two
workers a core, lets each session click once every ten seconds (bench/load_clicks.py) and counts:
no error, mean below 2.5 s and worst below 10 s (Thông tư 21/2023/TT-BTTTT), each intake key
exactly one dossier, consecutive codes, memory of the workers at the end no more than a tenth
above what it was after the first third. --polls adds what open pages ask for by themselves.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import mean, quantiles
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.models import Agency, Appointment, Role, User  # noqa: E402
from dossiers import intake  # noqa: E402
from dossiers.models import Dossier  # noqa: E402
from procedures.models import Procedure, ProcedureVersion  # noqa: E402
from tests import make  # noqa: E402

MEAN, WORST, GROWTH = 2.5, 10.0, 1.1
COMMUNES, DOSSIERS, PAPERS = 10, 1000, 4
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường", "Phạm Minh Đức")
RUN = int(time.time()) % 1_000_000
_numbers = count(1)


class Commune:
    def __init__(self, clerks: int) -> None:
        tag = f"load-{RUN}-{next(_numbers)}"
        self.agency: Agency = make.agency(code=f"DEMO.{tag}", name=f"Ủy ban nhân dân xã {tag}")
        procedure = Procedure.objects.create(code=f"L.{RUN}.{next(_numbers)}")
        self.version: ProcedureVersion = make.version(
            procedure=procedure, posted_at=self.agency, components=PAPERS, fee_vnd=8_000
        )
        made = [User(username=f"{tag}-{number}", full_name="Bench") for number in range(clerks)]
        self.clerks = User.objects.bulk_create(made)
        Appointment.objects.bulk_create(
            Appointment(user=clerk, agency=self.agency, role=Role.CLERK, valid_from=make.SINCE)
            for clerk in self.clerks
        )

    def take(self, number: int) -> Dossier:
        """In the past weeks, so that lists hold early, due and late ones."""
        holder = make.person(NAMES[number % len(NAMES)], phone=f"09{number:08d}")
        wanted = make.request(self.agency, self.version, holder=holder)
        now = timezone.now() - timedelta(days=number % 20, minutes=number % 60)
        return intake.accept(wanted, officer=self.clerks[0], now=now)

    def sessions(self, dossier: Dossier) -> Iterator[dict[str, str]]:
        for clerk in self.clerks:
            client = Client()
            client.force_login(clerk)
            yield {
                "cookie": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "agency": str(self.agency.pk),
                "form": reverse("dossiers:accept", args=[self.version.procedure.code]),
                "dossier": dossier.get_absolute_url(),
            }


def prepare(users: int) -> tuple[list[Commune], list[dict[str, str]]]:
    clerks = -(-users // COMMUNES)
    communes, sessions = [Commune(clerks) for _ in range(COMMUNES)], []
    for commune in communes:
        taken = [commune.take(number) for number in range(DOSSIERS // COMMUNES)]
        sessions += list(commune.sessions(taken[-1]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return communes, sessions[:users]


@contextmanager
def server(port: int) -> Iterator[int]:
    """gunicorn as in production, without its renewal of workers: growth would not be seen."""
    workers = 2 * len(os.sched_getaffinity(0))
    words = f"-m gunicorn motcua.wsgi --bind 127.0.0.1:{port} --workers {workers} --timeout 60"
    argv = [sys.executable, *words.split(), "--no-control-socket", "--log-level", "warning"]
    process = subprocess.Popen(argv, cwd=ROOT)  # noqa: S603 - our own words
    try:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(address: str) -> None:
    for _ in range(120):
        try:
            urlopen(address).close()  # noqa: S310 - our own address
        except URLError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit(f"{address} does not answer")


def megabytes(parent: int) -> float:
    """Of all workers together, each page shared between them counted in part (Pss)."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    total = 0
    for child in children:
        for line in Path(f"/proc/{child}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def run(plan: dict[str, Any], users: int, seconds: int, parent: int) -> tuple[Any, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        known, said = Path(folder, "plan.json"), Path(folder, "result.json")
        known.write_text(json.dumps(plan), "utf-8")
        words = f"--headless --users {users} --spawn-rate {users / plan['pace']:.2f}"
        argv = [sys.executable, "-m", "locust", "-f", str(ROOT / "bench/load_clicks.py")]
        argv += [*words.split(), "--run-time", f"{seconds}s", "--only-summary", "--stop-timeout"]
        argv += ["60", "--exit-code-on-error", "0", "--loglevel", "WARNING"]
        environment = {**os.environ, "LOAD_PLAN": str(known), "LOAD_RESULT": str(said)}
        process = subprocess.Popen(  # noqa: S603 - our own words
            argv, env=environment, stdout=subprocess.DEVNULL
        )
        sizes = []
        while process.poll() is None:
            time.sleep(5)
            sizes.append(megabytes(parent))
        return json.loads(said.read_text("utf-8")), sizes


def orderly(communes: Sequence[Commune], keys: Sequence[str]) -> bool:
    """Each key one dossier, none besides; today's codes of each commune without a gap."""
    places = [commune.agency for commune in communes]
    found = Dossier.objects.filter(lodged_at__in=places)
    made = set(map(str, found.values_list("intake_key", flat=True)))
    lost, double = set(keys) - made, found.count() - len(made)
    besides = len(made) - DOSSIERS - len(set(keys))
    print(f"intake keys sent           {len(set(keys)):8d}")
    print(f"lost {len(lost)}, double {double}, besides {besides}")
    today = f"-{timezone.localdate():%y%m%d}-"
    gaps = False
    for place in places:
        codes = found.filter(lodged_at=place, code__contains=today).values_list("code", flat=True)
        serials = sorted(int(str(code)[-4:]) for code in codes)
        gaps = gaps or serials != list(range(1, len(serials) + 1))
    print(f"gaps in today's codes      {'yes' if gaps else 'none':>8s}")
    return not (lost or double or besides or gaps)


def told(answer: dict[str, Any]) -> bool:
    everything = [each for times in answer["taken"].values() for each in times]
    print(f"{'click':14s}{'number':>8s}{'mean':>8s}{'p95':>8s}{'worst':>8s}  (ms)")
    for name, times in [*sorted(answer["taken"].items()), ("all", everything)]:
        late = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
        print(f"{name:14s}{len(times):8d}{mean(times):8.0f}{late:8.0f}{max(times):8.0f}")
    for error, number in answer["errors"].items():
        print(f"error {number} × {error}")
    quick = mean(everything) < MEAN * 1000 and max(everything) < WORST * 1000
    return quick and not answer["errors"]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--pace", type=float, default=10, help="seconds from click to click")
    parser.add_argument("--port", type=int, default=8199)
    parser.add_argument("--polls", action="store_true", help="also what pages ask by themselves")
    given = parser.parse_args()
    communes, sessions = prepare(given.users)
    host = f"http://127.0.0.1:{given.port}"
    plan = {"host": host, "pace": given.pace, "polls": given.polls, "sessions": sessions}
    connection.close()
    with server(given.port) as parent:
        answer, sizes = run(plan, given.users, int(given.minutes * 60), parent)
    quick = told(answer)
    third, last = max(sizes[: max(1, len(sizes) // 3)]), sizes[-1]
    print(f"workers, MB after a third  {third:8.0f}, at the end {last:.0f}")
    return not (quick & orderly(communes, answer["keys"]) & (last <= GROWTH * third))


if __name__ == "__main__":
    sys.exit(main())
