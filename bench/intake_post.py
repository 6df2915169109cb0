"""What does the intake POST cost beyond the act itself? Against a view that inserts one row.

    DATABASE_URL=… .venv/bin/python bench/intake_post.py [--number 100]

Whole WSGI calls on the project's own middleware, in turns: the counter's form (session, CSRF,
form, act, response) and a view that inserts one row under the same session and CSRF token; and
the act alone. Fails when the form takes longer than the view and one and a half acts, by the
clock or by the processor's time of this process (which other work on the machine moves less).
Needs a migrated database; what it writes is one commune and its dossiers, and stays there.
"""

import argparse
import os
import resource
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path, reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from dossiers import intake, parties  # noqa: E402
from dossiers.models import Dossier  # noqa: E402
from dossiers.parties import PartyDetails  # noqa: E402
from motcua.urls import urlpatterns as portal  # noqa: E402
from procedures.models import Procedure  # noqa: E402
from tests import make  # noqa: E402

ACTS, PAPERS, ROUNDS = 1.5, 5, 5
TOKEN = "a" * 32
RUN = int(time()) % 100_000
_numbers = count(1)


def insert(request: HttpRequest) -> HttpResponse:
    """The least that a POST can do: one row, and on to the next page."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_row (id, text, at) VALUES (%s, %s, %s)",
            [request.POST["id"], request.POST["text"], timezone.now()],
        )
    return HttpResponseRedirect("/")


urlpatterns = [*portal, path("bench-row/", insert)]


class Counter:
    """A commune with a clerk who has signed in, and a procedure with a fee."""

    def __init__(self) -> None:
        tag = f"post-{RUN}"
        self.agency = make.agency(code=f"DEMO.{tag}", name=tag)
        self.clerk = make.user(at=self.agency, username=tag)
        procedure = Procedure.objects.create(code=f"P.{RUN}")
        self.version = make.version(
            procedure=procedure, posted_at=self.agency, components=PAPERS, fee_vnd=20_000
        )
        self.address = reverse("dossiers:accept", args=[procedure.code])
        client = Client()
        client.force_login(self.clerk)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}"

    def person(self) -> PartyDetails:
        """One of its own for each, known already."""
        number = f"{RUN:05d}{next(_numbers):07d}"
        holder = make.person("Nguyễn Văn Ất", citizen_id=number, phone="0905123456")
        parties.find_or_create(holder.cleaned(), timezone.now())
        return holder

    def act(self) -> Callable[[], object]:
        request = make.request(self.agency, self.version, holder=self.person())
        return lambda: intake.accept(request, officer=self.clerk, now=timezone.now())

    def form(self) -> Callable[[], object]:
        holder = self.person()
        fields = {
            "intake_key": str(uuid4()),
            "agency": self.agency.pk,
            "capacity": "own",
            "channel": "direct",
            "delivery": "counter",
            "outcome": "accept",
            "holder-kind": "person",
            "holder-name": holder.name,
            "holder-citizen_id": holder.citizen_id,
            "holder-phone": holder.phone,
        }
        for component in self.version.components.all():
            key = f"component_{component.pk}"
            fields |= {key: "on", f"{key}_form": "original", f"{key}_quantity": "1"}
        return self.post(self.address, fields)

    def row(self) -> Callable[[], object]:
        return self.post("/bench-row/", {"id": str(uuid4()), "text": "Nguyễn Văn Ất"})

    def post(self, address: str, fields: dict[str, Any]) -> Callable[[], object]:
        body = urlencode(fields | {"csrfmiddlewaretoken": TOKEN}).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": address,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": self.cookie,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "https" if settings.HTTPS else "http",
            "wsgi.input": BytesIO(body),
        }
        return lambda: answered(environ)


def answered(environ: dict[str, Any]) -> None:
    """As a server does it: the whole answer, and what is done after it."""
    said: list[str] = []

    def start(status: str, headers: object, *rest: object) -> Callable[[bytes], object]:
        said.append(status)
        return lambda text: None

    answer: Any = HANDLER(environ, start)
    b"".join(answer)
    answer.close()
    if not said[0].startswith("302"):
        raise SystemExit(f"{environ['PATH_INFO']} answers {said[0]}")


def milliseconds(jobs: Sequence[Callable[[], object]]) -> tuple[float, float]:
    """Of one job: by the clock, and of the processor."""
    started, worked = perf_counter(), process_time()
    for job in jobs:
        job()
    spans = perf_counter() - started, process_time() - worked
    return spans[0] / len(jobs) * 1000, spans[1] / len(jobs) * 1000


def is_within(what: str, form: float, row: float, act: float) -> bool:
    most = row + ACTS * act
    print(
        f"{what:10} view with one row {row:6.2f} ms, act alone {act:6.2f} ms, POST {form:6.2f} ms"
        f" (at most {most:.2f}: {form / most:.2f}); form beyond row {(form - row) / act:.2f} acts"
    )
    return form <= most


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=100, help="of each in a round")
    number = parser.parse_args().number
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_row"
            " (id uuid PRIMARY KEY, text varchar(200) NOT NULL, at timestamptz NOT NULL)"
        )
    counter = Counter()
    ways = {"form": counter.form, "row": counter.row, "act": counter.act}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    milliseconds([prepare() for prepare in ways.values() for _ in range(5)])  # caches, plans
    before = Dossier.objects.filter(lodged_at=counter.agency).count()
    for _ in range(ROUNDS):
        for name, prepare in ways.items():
            taken[name].append(milliseconds([prepare() for _ in range(number)]))
    made = Dossier.objects.filter(lodged_at=counter.agency).count() - before
    fits = [
        is_within(what, *(median(round_[which] for round_ in taken[name]) for name in ways))
        for which, what in enumerate(("clock", "processor"))
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"dossiers {made} of {2 * ROUNDS * number}, peak memory {peak} MB")
    return not (all(fits) and made == 2 * ROUNDS * number)


# The portal's addresses and one more.
settings.ROOT_URLCONF = __name__
HANDLER = WSGIHandler()

if __name__ == "__main__":
    sys.exit(main())
