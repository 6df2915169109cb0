"""A search by name within a scope, at 1M dossiers: ≤ 50 ms p95 in the database.

    .venv/bin/python bench/scale.py --legs 1000000 && .venv/bin/python bench/search.py

Names of 2, 3 and 4 syllables of dossiers that there are, drawn by chance, as a clerk of a commune
and as the leader of the province type them without accents; and the last digits of codes. Timed
is what PostgreSQL says that planning and execution took, of the statement of the list's page.
"""

import argparse
import json
import os
import random
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.models import Agency, Appointment, Role, User  # noqa: E402
from agencies.scope import Scope, scope_of  # noqa: E402
from bench.scale import PROVINCE  # noqa: E402
from dossiers.models import Dossier  # noqa: E402
from dossiers.querysets import DossierQuerySet  # noqa: E402
from dossiers.search import matching  # noqa: E402

TIMES = 200
DICE = random.Random(3)  # noqa: S311 - the same names in every run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slowest", action="store_true", help="show the plan of the slowest")
    given = parser.parse_args()
    busy = _busiest()
    scopes = {
        "clerk of the busiest unit": _scope("bench.clerk", busy, Role.CLERK),
        "clerk of a commune": _scope("bench.commune", _quiet(), Role.CLERK),
        "leader of the province": _scope("bench.leader", _province(), Role.LEADER),
    }
    print(f"dossiers {Dossier.objects.count():,}")
    for who, scope in scopes.items():
        for what, typed in (("name", list(_names(scope))), ("tail of a code", list(_tails(scope)))):
            for name, open_only in (("all dossiers", False), ("open ones", True)):
                asked = Asked(f"{who}, {what}, {name}", scope, open_only)
                _report(asked, typed, slowest=given.slowest)
    return 0


@dataclass(frozen=True)
class Asked:
    title: str
    scope: Scope
    open_only: bool

    def rows(self, typed: str) -> DossierQuerySet:
        found = Dossier.objects.in_scope(self.scope)
        found = matching(found.open() if self.open_only else found, typed)
        return found.order_by("lapses_at", "pk") if self.open_only else found.order_by("-id")


def _report(asked: Asked, typed: list[str], *, slowest: bool) -> None:
    taken = []
    for text in typed:
        plan = _explain(asked.rows(text))
        taken.append((plan["Planning Time"] + plan["Execution Time"], text, plan))
    times = sorted(each[0] for each in taken)
    cuts = statistics.quantiles(times, n=20)
    time, text, plan = max(taken, key=lambda each: each[0])
    print(
        f"{asked.title}: p50 {statistics.median(times):.1f} ms, p95 {cuts[-1]:.1f} ms,"
        f" worst {time:.1f} ms ({text})"
    )
    if slowest:
        print(json.dumps(plan, indent=1)[:6000])


def _explain(found: DossierQuerySet) -> dict[str, Any]:
    statement, values = found[:51].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, BUFFERS) {statement}", values)
        (answer,) = cursor.fetchone() or ([],)
    plan: dict[str, Any] = answer[0]
    return plan


def _names(scope: Scope) -> Iterator[str]:
    """Two, three and four syllables in turn."""
    for number in range(TIMES):
        words: list[str] = []
        wanted = 2 + number % 3
        while len(words) < wanted:
            words = _drawn(scope).holder_fold.split()
        yield " ".join(words[:wanted] if number % 2 else words[-wanted:])


def _tails(scope: Scope) -> Iterator[str]:
    for number in range(TIMES):
        yield str(_drawn(scope).code)[-(4 if number % 2 else 11) :]


def _drawn(scope: Scope) -> Dossier:
    last = Dossier.objects.order_by("-pk")[0].pk
    while True:
        found = Dossier.objects.filter(pk__gte=DICE.randint(1, last)).order_by("pk")
        one = found.filter(agency_ids__overlap=sorted(scope.agency_ids))[:1].first()
        if one is not None:
            return one


def _busiest() -> int:
    return int(Dossier.objects.order_by("pk").values_list("held_by", flat=True)[0])


def _quiet() -> int:
    return int(Agency.objects.get(code="SCALE-C200").pk)


def _province() -> int:
    return int(Agency.objects.get(code=PROVINCE).pk)


def _scope(username: str, agency: int, role: Role) -> Scope:
    user, _ = User.objects.get_or_create(username=username)
    Appointment.objects.get_or_create(
        user=user, agency_id=agency, role=role, defaults={"valid_from": date(2020, 1, 1)}
    )
    return scope_of(user, timezone.localdate())


if __name__ == "__main__":
    sys.exit(main())
