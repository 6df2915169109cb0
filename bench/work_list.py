"""The work list's first page, as a clerk and as the province's leader ask for it.

    .venv/bin/python bench/scale.py --legs 1000000 && .venv/bin/python bench/work_list.py

Run it in databases of several sizes in one go and compare p50: at 1M dossiers at most 1.5 times
that at 10k; with six filters at most 2 times, and p95 at most 3 times p50. The whole request is
timed: session, scope, list, counts of all lists, template. The six filters (state, channel, field,
accepted from and to, due until) are drawn anew for each request. The first rows are also asked
for in raw SQL, and the counters alone, to tell the list from the page around it.
"""

import os
import random
import resource
import statistics
import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from agencies.models import Agency, Appointment, Role, User  # noqa: E402
from bench.scale import PROVINCE  # noqa: E402
from dossiers.models import Dossier  # noqa: E402
from procedures.models import ProcedureField  # noqa: E402

TIMES = 60
LAST_DAY = date(2025, 12, 15)  # of bench/scale.py
DICE = random.Random(3)  # noqa: S311 - the same filters in every run
FIELDS: list[int] = []
RAW = """
SELECT id FROM dossiers_dossier
WHERE held_by_id = %s AND status IN (2, 4, 5, 6) ORDER BY lapses_at, id LIMIT 31
"""


def main() -> int:
    province = Agency.objects.get(code=PROVINCE)
    unit = Dossier.objects.open().order_by("pk").values_list("held_by", flat=True)[0]
    print(f"dossiers {Dossier.objects.count():,}")
    scale = ProcedureField.objects.filter(name__startswith="Lĩnh vực quy mô")
    FIELDS.extend(scale.values_list("pk", flat=True))
    clerk, leader = (
        _signed_in("bench.clerk", unit, Role.CLERK),
        _signed_in("bench.leader", province.pk, Role.LEADER),
    )
    for name, client, query in (
        ("clerk, own office", clerk, {}),
        ("leader, whole province", leader, {"whose": "all"}),
        (
            "leader, overdue online",
            leader,
            {"whose": "all", "list": "overdue", "channel": "online"},
        ),
    ):
        _report(name, partial(_page, client, query))
    for name, client, whose in (("clerk", clerk, ""), ("leader", leader, "all")):
        _report(f"{name}, six filters", partial(_filtered, client, whose))
        _report(f"{name}, counters", partial(_get, client, reverse("dossiers:counters")))
    with connection.cursor() as cursor:
        _report("clerk, the rows in raw SQL", lambda: cursor.execute(RAW, [unit]))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        _page(clerk, {})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(queries)} statements a page, peak memory {peak:.0f} MB")
    return 0


def _signed_in(username: str, agency: int, role: Role) -> Client:
    user, _ = User.objects.get_or_create(username=username)
    Appointment.objects.get_or_create(
        user=user, agency_id=agency, role=role, defaults={"valid_from": date(2020, 1, 1)}
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _six(whose: str) -> dict[str, str]:
    """Each of the six says something; which rows are left differs from request to request."""
    first = LAST_DAY - timedelta(days=DICE.randint(10, 60))
    return {
        "list": DICE.choice(["office", "overdue", "d1", "d3"]),
        "whose": whose,
        "status": DICE.choice(["2", "4"]),
        "channel": DICE.choice(["online", "direct"]),
        "field": str(DICE.choice(FIELDS)),
        "accepted_from": f"{first}",
        "accepted_to": f"{first + timedelta(days=DICE.randint(5, 40))}",
        "due_to": f"{LAST_DAY + timedelta(days=DICE.randint(0, 20))}",
    }


def _filtered(client: Client, whose: str) -> None:
    _page(client, _six(whose))


def _page(client: Client, query: dict[str, str]) -> None:
    _get(client, reverse("dossiers:work"), query)


def _get(client: Client, address: str, query: dict[str, str] | None = None) -> None:
    response = client.get(address, query or {})
    assert response.status_code == 200, response.status_code


def _report(name: str, ask: Callable[[], object]) -> None:
    ask()  # the first one loads templates and plans
    taken = []
    for _ in range(TIMES):
        began = perf_counter()
        ask()
        taken.append((perf_counter() - began) * 1000)
    cuts = statistics.quantiles(taken, n=20)
    print(f"{name}: p50 {statistics.median(taken):.1f} ms, p95 {cuts[-1]:.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
