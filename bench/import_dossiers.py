"""Import a file of N dossiers with their events: seconds, peak memory, rows a second.

    .venv/bin/python bench/import_dossiers.py --dossiers 100000

Writes the file (invented), imports it in a process of its own, imports it again, and compares
with a bare COPY of the same rows. Needs a migrated database; loads agencies and the catalogue
when they are missing, and leaves the dossiers there. Fails above 60 s or 400 MB.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, getrusage
from time import perf_counter, sleep

import django

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from agencies.models import Agency, Kind, Level  # noqa: E402
from dossiers.importing.rows import COLUMNS  # noqa: E402
from procedures.models import Posting, ProcedureVersion  # noqa: E402
from procedures.posting import post_procedures  # noqa: E402

SECONDS, MEGABYTES = 60, 400
FIRST = datetime(2024, 1, 2, 7, 30)  # noqa: DTZ001 - cells hold local time without offset
Row = list[object]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=100_000)
    wanted = parser.parse_args().dossiers
    prepare()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ho-so.xlsx"
        dossiers, events = histories(wanted)
        write(path, dossiers, events)
        rows = len(dossiers) + len(events)
        print(f"{wanted} dossiers, {len(events)} events, {path.stat().st_size / 1e6:.1f} MB")
        bare = bare_copy(dossiers, events)
        del dossiers, events
        seconds, megabytes, told = run(path)
        used = getrusage(RUSAGE_CHILDREN)
        again, _, told_again = run(path)
    print(told)
    print(told_again)
    print(
        f"{'import':>14}: {seconds:6.1f} s  {megabytes:4.0f} MB  {rows / seconds:7.0f} rows/s, "
        f"own CPU {used.ru_utime + used.ru_stime:.1f} s, the rest PostgreSQL or waiting"
    )
    print(f"{'again':>14}: {again:6.1f} s")
    print(f"{'bare COPY':>14}: {bare:6.2f} s  (import is {seconds / bare:.0f} x)")
    return int(seconds > SECONDS or megabytes > MEGABYTES)


def prepare() -> None:
    if not Agency.objects.filter(kind=Kind.COMMITTEE, valid_to__isnull=False).exists():
        call_command("load_agencies", province="51", verbosity=0)
    if not ProcedureVersion.objects.exists():
        call_command("import_procedures", ROOT / "procedures/catalogue/demo.csv", verbosity=0)
    if not Posting.objects.exists():
        post_procedures(since=date(2023, 1, 1))


def histories(wanted: int) -> tuple[list[Row], list[Row]]:
    """A year of the province's communes: most done, some supplemented or forwarded."""
    random = Random(2024)  # noqa: S311 - invented data, no secret
    day = FIRST.date()
    counters = Agency.objects.filter(level=Level.COMMUNE, kind=Kind.COUNTER).valid_on(day)
    places = list(counters.values_list("code", "committee__parent__code"))
    versions = ProcedureVersion.objects.in_force(day).filter(levels__contains=[Level.COMMUNE])
    codes = list(versions.values_list("procedure__code", flat=True))
    stamp = f"{timezone.now():%H%M%S}"
    dossiers: list[Row] = []
    events: list[Row] = []
    for number in range(wanted):
        agency, district = random.choice(places)
        at = FIRST + timedelta(minutes=random.randrange(330 * 24 * 60))
        code = f"BENCH.{stamp}-{at:%y%m%d}-{number:06d}"
        online = random.random() < 0.4
        submitted = at - timedelta(minutes=30) if online else None
        dossiers.append(
            [
                code, random.choice(codes), agency, None, "online" if online else "direct",
                submitted, at, None, f"Nguyễn Văn {number % 997}", "person", f"000{number:09d}",
                f"050{number % 10_000_000:07d}", "Thôn 3, xã minh họa", (None, 8000)[number % 2],
            ]
        )  # fmt: skip
        events.extend(_events(random, code, agency, district, at))
    random.shuffle(events)
    return dossiers, events


def _events(random: Random, code: str, agency: str, district: str, at: datetime) -> Iterator[Row]:
    pick = random.random()
    if pick < 0.10:
        yield [code, at + timedelta(hours=2), "suspend", agency, None, "Thiếu giấy tờ"]
        yield [code, at + timedelta(days=3), "resume", agency, None, None]
    elif pick < 0.14:
        yield [code, at + timedelta(hours=1), "forward", district, None, None]
        yield [code, at + timedelta(hours=2), "acknowledge", district, None, None]
    if random.random() < 0.99:
        done = at + timedelta(days=3, minutes=random.randrange(9 * 24 * 60))
        yield [code, done, "result", None, None, None]
        yield [code, done + timedelta(hours=1), "handover", None, None, None]


def write(path: Path, dossiers: list[Row], events: list[Row]) -> None:
    book = Workbook(write_only=True)
    for name, rows in (("dossiers", dossiers), ("events", events)):
        sheet = book.create_sheet(name)
        sheet.append(COLUMNS[name])
        for row in rows:
            sheet.append(row)
    book.save(path)


def bare_copy(dossiers: list[Row], events: list[Row]) -> float:
    """The same rows into two plain temporary tables: what no import can do without."""
    texts = [
        "".join("\t".join(r"\N" if v is None else str(v) for v in row) + "\n" for row in rows)
        for rows in (dossiers, events)
    ]
    began = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for name, text in zip(COLUMNS, texts, strict=True):
            columns = ", ".join(f"{column} text" for column in COLUMNS[name])
            cursor.execute(f"CREATE TEMPORARY TABLE bare_{name} ({columns}) ON COMMIT DROP")
            cursor.cursor.copy_expert(f"COPY bare_{name} FROM STDIN", StringIO(text))
    return perf_counter() - began


def run(path: Path) -> tuple[float, float, str]:
    """Seconds, peak megabytes and what it printed."""
    began = perf_counter()
    command = [sys.executable, str(ROOT / "manage.py"), "import_dossiers", str(path), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            sleep(0.05)
        assert process.stdout is not None
        told = process.stdout.read().strip()
    return perf_counter() - began, peak, told[:300]


def _peak(pid: int) -> float:
    """The high-water mark of a process; the kernel keeps it, so asking late misses nothing."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


if __name__ == "__main__":
    sys.exit(main())
