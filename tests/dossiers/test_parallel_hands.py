"""With real connections at once: who has the dossier, and who gets the result."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from agencies.models import Role, User
from dossiers import assignment, handover, result
from dossiers.models import Dossier, DossierEvent, Handover
from tests import make
from tests.dossiers.test_parallel import LATER, at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_one_result_handed_over_from_four_places_at_once_is_handed_over_once() -> None:
    commune = make.agency()
    clerks = [make.staff(commune) for _ in range(4)]
    first = make.dossier(agency=commune, version=make.version(posted_at=commune, fee_vnd=8000))
    seen = result.finish(first, actor=clerks[0], now=LATER, request_id=uuid4())

    def given(clerk: User) -> Callable[[], Dossier]:
        return lambda: handover.hand_over(
            seen, actor=clerk, now=LATER, request_id=uuid4(), settle=True
        )

    done = at_once([given(clerk) for clerk in clerks], workers=4)
    assert sorted(type(one).__name__ for one in done) == ["Dossier"] + ["DossierChanged"] * 3
    assert Handover.objects.count() == 1


def test_of_leaders_assigning_at_once_the_last_one_stands_and_all_are_kept() -> None:
    commune = make.agency()
    leader = make.staff(commune, Role.LEADER)
    officers = [make.staff(commune, Role.OFFICER) for _ in range(4)]
    seen = make.dossier(agency=commune)

    def assigned(officer: User) -> Callable[[], Dossier]:
        return lambda: assignment.assign(
            seen, actor=leader, now=LATER, request_id=uuid4(), officer=officer
        )

    done = at_once([assigned(officer) for officer in officers], workers=4)
    assert [type(one).__name__ for one in done] == ["Dossier"] * 4
    told = DossierEvent.objects.filter(act="assign").order_by("pk")
    assert [event.detail["officer"][1] for event in told][-1] == Dossier.objects.get().officer_id
    befores = [event.detail["officer"][0] for event in told]
    assert befores[1:] == [event.detail["officer"][1] for event in told][:-1]
