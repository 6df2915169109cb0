"""With real connections at once: codes without gaps, one dossier per key, one winner per move."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connections

from dossiers import intake, result, submission, withdrawal
from dossiers.intake import IntakeRequest
from dossiers.models import (
    Dossier,
    DossierCounter,
    DossierEvent,
    Leg,
    Party,
)
from motcua.errors import DomainError
from tests import make

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
T = TypeVar("T")
NUMBER = "051203000123"
LATER = make.at("2024-06-04 09:00")


def at_once(jobs: Sequence[Callable[[], T]], *, workers: int) -> list[T | Exception]:
    """Each worker is a thread with a connection of its own; they start together."""
    barrier = Barrier(workers)

    def work(mine: Sequence[Callable[[], T]]) -> list[T | Exception]:
        barrier.wait()
        done: list[T | Exception] = []
        for job in mine:
            try:
                done.append(job())
            except DomainError as error:
                done.append(error)
        connections.close_all()
        return done

    with ThreadPoolExecutor(workers) as pool:
        return [
            one
            for part in pool.map(work, [jobs[n::workers] for n in range(workers)])
            for one in part
        ]


def test_forty_intakes_from_eight_connections_get_consecutive_codes() -> None:
    commune = make.agency(code="000.17.22.H56")
    clerk = make.staff(commune)
    version = make.version(posted_at=commune, components=3)
    wanted = [make.request(commune, version) for _ in range(40)]

    def taken(request: IntakeRequest) -> Callable[[], Dossier]:
        return lambda: intake.accept(request, officer=clerk, now=make.NOW)

    done = at_once([taken(request) for request in wanted], workers=8)
    codes = sorted(one.code for one in done if isinstance(one, Dossier) and one.code)
    assert codes == [f"000.17.22.H56-240603-{number:04d}" for number in range(1, 41)]
    lines = Dossier.objects.order_by("code").values_list("register_volume", "register_number")
    assert list(lines) == [(1, number) for number in range(1, 41)]
    assert Leg.objects.count() == DossierEvent.objects.count() == 40


def test_sixteen_double_clicks_make_one_dossier_and_no_gap() -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    wanted = make.request(commune, make.version(posted_at=commune, components=2))
    click = lambda: intake.accept(wanted, officer=clerk, now=make.NOW)  # noqa: E731
    done = at_once([click] * 16, workers=16)
    assert {one.pk for one in done if isinstance(one, Dossier)} == {Dossier.objects.get().pk}
    assert len([one for one in done if isinstance(one, Dossier)]) == 16
    assert DossierCounter.objects.get().last == 1
    assert Dossier.objects.get().components.count() == 2


def test_of_two_officers_moving_one_dossier_one_wins() -> None:
    commune = make.agency()
    officers = [make.staff(commune), make.staff(commune)]
    seen = make.dossier(agency=commune)
    finish = lambda: result.finish(seen, actor=officers[0], now=LATER, request_id=uuid4())  # noqa: E731
    withdraw = lambda: withdrawal.withdraw(  # noqa: E731
        seen, actor=officers[1], now=LATER, request_id=uuid4(), reason="Đổi ý"
    )
    done = at_once([finish, withdraw], workers=2)
    assert sorted(type(one).__name__ for one in done) == ["Dossier", "DossierChanged"]
    assert DossierEvent.objects.count() == 2
    assert Leg.objects.get().ended_at == LATER


def test_a_double_click_on_a_move_moves_once() -> None:
    commune = make.agency()
    clerk, request_id = make.staff(commune), uuid4()
    seen = make.dossier(agency=commune)
    click = lambda: result.finish(seen, actor=clerk, now=LATER, request_id=request_id)  # noqa: E731
    done = at_once([click] * 6, workers=6)
    assert [one.status for one in done if isinstance(one, Dossier)] == [9] * 6
    assert DossierEvent.objects.filter(act="finish").count() == 1


def test_one_person_at_many_counters_at_once_is_one_party() -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    version = make.version(posted_at=commune)
    mother = make.person("Trần Thị Ánh", citizen_id=NUMBER)
    father = make.person("Lê Văn Út", citizen_id="051203000124")
    pairs = [(mother, father), (father, mother)] * 6

    def taken(number: int) -> Callable[[], Dossier]:
        holder, applicant = pairs[number]
        wanted = make.request(commune, version, holder=holder, applicant=applicant)
        return lambda: intake.accept(wanted, officer=clerk, now=make.NOW)

    done = at_once([taken(number) for number in range(12)], workers=6)
    assert all(isinstance(one, Dossier) for one in done)
    assert Party.objects.count() == 2


def test_online_dossiers_accepted_at_once_get_consecutive_codes() -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    version = make.version(posted_at=commune)
    waiting = [
        submission.submit(
            make.request(commune, version, channel="online", submitted_at=make.NOW),
            actor=None,
            now=make.NOW,
        )
        for _ in range(12)
    ]

    def accepted(dossier: Dossier) -> Callable[[], Dossier]:
        return lambda: submission.accept(dossier, actor=clerk, now=LATER, request_id=uuid4())

    done = at_once([accepted(one) for one in waiting], workers=6)
    serials = sorted(one.code[-4:] for one in done if isinstance(one, Dossier) and one.code)
    assert serials == [f"{number:04d}" for number in range(1, 13)]
