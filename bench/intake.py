"""How fast is intake? Against the same statements through bare psycopg2, in one run.

    .venv/bin/python bench/intake.py [--number 400]

Needs a migrated database; what it writes is one commune and its dossiers, and stays there.
Prints the statements of one intake, both rates and their ratio (at least 20 %), then 40 intakes
over 8 connections and 16 double clicks.
"""

import argparse
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from statistics import median
from threading import Barrier
from time import perf_counter, time

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

import psycopg2  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.models import Agency, User  # noqa: E402
from dossiers import intake, parties  # noqa: E402
from dossiers.intake import IntakeRequest  # noqa: E402
from dossiers.models import Dossier, DossierCounter  # noqa: E402
from procedures.models import Procedure, ProcedureVersion  # noqa: E402
from tests import make  # noqa: E402

MUST_REACH, MOST_STATEMENTS = 0.20, 12
PAPERS, ROUNDS = 5, 4
NOW = timezone.now()
RUN = int(time()) % 100_000
_numbers = count(1)
# A statement and its parameters; SAVEPOINT and RELEASE stand for BEGIN and COMMIT.
Statement = tuple[str, object]


class Place:
    """A commune with a clerk and a procedure of its own."""

    def __init__(self) -> None:
        tag = f"bench-{RUN}-{next(_numbers)}"
        self.agency: Agency = make.agency(code=f"DEMO.{tag}", name=tag)
        self.clerk: User = make.user(at=self.agency, username=tag)
        self.version: ProcedureVersion = self.procedure(PAPERS)

    def procedure(self, papers: int) -> ProcedureVersion:
        procedure = Procedure.objects.create(code=f"B.{RUN}.{next(_numbers)}")
        return make.version(
            procedure=procedure, posted_at=self.agency, components=papers, fee_vnd=20_000
        )

    def requests(self, number: int) -> list[IntakeRequest]:
        """Each with a person of its own, known already: the same statements in both ways."""
        made = []
        for _ in range(number):
            holder = make.person(
                "Nguyễn Văn Ất", citizen_id=f"{RUN:05d}{next(_numbers):07d}", phone="0905123456"
            )
            parties.find_or_create(holder.cleaned(), NOW)
            made.append(make.request(self.agency, self.version, holder=holder))
        return made

    def take(self, request: IntakeRequest) -> Dossier:
        return intake.accept(request, officer=self.clerk, now=NOW)


def recorded(place: Place, requests: Sequence[IntakeRequest]) -> list[list[Statement]]:
    """What each intake sends, from a rehearsal that is rolled back."""
    found: list[list[Statement]] = []

    def note(execute: Callable[..., object], sql: str, params: object, *rest: object) -> object:
        found[-1].append((sql, params))
        return execute(sql, params, *rest)

    with transaction.atomic():
        for request in requests:
            found.append([])
            with connection.execute_wrapper(note):
                place.take(request)
        transaction.set_rollback(True)
    return found


def bare() -> Callable[[list[Statement]], None]:
    """Sends recorded statements on a psycopg2 connection without Django."""
    settings = connection.settings_dict
    options = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    link = psycopg2.connect(
        dbname=settings["NAME"],
        password=settings["PASSWORD"],
        **{name: value for name, value in options.items() if value},
        **settings["OPTIONS"],
    )
    link.autocommit = True
    cursor = link.cursor()

    def send(statements: list[Statement]) -> None:
        for sql, params in statements:
            if sql.startswith("SAVEPOINT"):
                cursor.execute("BEGIN")
            elif sql.startswith("RELEASE"):
                cursor.execute("COMMIT")
            else:
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()

    return send


def rate(do: Callable[..., object], jobs: Sequence[object]) -> float:
    started = perf_counter()
    for job in jobs:
        do(job)
    return len(jobs) / (perf_counter() - started)


def compare(number: int) -> float:
    """Both ways in turn, so that the machine's moods meet both; the median of the rounds."""
    place, other = Place(), Place()
    for request in place.requests(5):  # calendar, caches, plans
        place.take(request)
    send, by_act, by_hand = bare(), [], []
    for _ in range(ROUNDS):
        statements = recorded(other, other.requests(number))
        by_hand.append(rate(send, statements))
        by_act.append(rate(place.take, place.requests(number)))
    ratio = median(by_act) / median(by_hand)
    print(f"intake act                    {median(by_act):8.0f} a second")
    print(f"bare psycopg2                 {median(by_hand):8.0f} a second")
    print(f"ratio                         {ratio:8.1%} (at least {MUST_REACH:.0%})")
    return ratio


def statements_of_one() -> int:
    """The most of any number of papers; SAVEPOINT and RELEASE are counted."""
    place, counted = Place(), {}
    place.take(place.requests(1)[0])
    for papers in (0, 1, 10, 50):
        place.version = place.procedure(papers)
        [statements] = recorded(place, place.requests(1))
        counted[papers] = len(statements)
    print(f"statements by papers          {counted} (at most {MOST_STATEMENTS})")
    return max(counted.values())


def at_once(place: Place, requests: Sequence[IntakeRequest], workers: int) -> list[Dossier]:
    barrier = Barrier(workers)

    def work(mine: Sequence[IntakeRequest]) -> list[Dossier]:
        barrier.wait()
        taken = [place.take(request) for request in mine]
        connections.close_all()
        return taken

    with ThreadPoolExecutor(workers) as pool:
        return [one for done in pool.map(work, parts(requests, workers)) for one in done]


def parts(requests: Sequence[IntakeRequest], workers: int) -> Iterator[Sequence[IntakeRequest]]:
    return (requests[number::workers] for number in range(workers))


def crowd() -> bool:
    """40 intakes over 8 connections, then 16 double clicks on one form."""
    place = Place()
    started = perf_counter()
    serials = sorted((one.code or "")[-4:] for one in at_once(place, place.requests(40), 8))
    seconds = perf_counter() - started
    consecutive = serials == [f"{number:04d}" for number in range(1, 41)]
    print(f"40 intakes, 8 connections     {serials[0]}..{serials[-1]} in {seconds:.2f} s")
    clicks = at_once(place, place.requests(1) * 16, 16)
    one = len({dossier.pk for dossier in clicks}) == 1
    last = DossierCounter.objects.get(agency=place.agency).last
    print(f"16 double clicks              {len({d.pk for d in clicks})} dossier, counter {last}")
    return consecutive and one and last == 41


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=100, help="intakes a round")
    statements = statements_of_one()
    ratio = compare(parser.parse_args().number)
    orderly = crowd()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory                   {peak:8d} MB")
    return not (ratio >= MUST_REACH and orderly and statements <= MOST_STATEMENTS)


if __name__ == "__main__":
    sys.exit(main())
