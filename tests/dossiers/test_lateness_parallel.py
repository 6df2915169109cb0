"""Two runs at once, and two leaders on one letter: everything happens once."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from agencies.models import Role, User
from dossiers import apology, risk, warnings
from dossiers.letters import Words
from dossiers.models import Apology, Dossier, LatenessCause, RiskMark, Slip, WarningGiven
from notifications.models import Notice
from tests import make
from tests.dossiers.acts import office
from tests.dossiers.test_parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
DAY_BEFORE = make.at("2024-06-07 08:00")


def test_two_runs_of_warnings_at_once_tell_each_once() -> None:
    place = office()
    for _ in range(30):
        place.dossier()
    done = at_once([lambda: warnings.warn_all(DAY_BEFORE)] * 4, workers=4)
    assert sum(one for one in done if isinstance(one, int)) == 30
    assert WarningGiven.objects.count() == 30
    assert Notice.objects.filter(user=place.leader).count() == 1


def test_two_runs_draft_one_letter_for_each_dossier() -> None:
    place = office()
    for _ in range(20):
        place.dossier()
    at_once([lambda: apology.draft_all(DAY_BEFORE)] * 4, workers=4)
    assert Apology.objects.count() == 20


def test_two_runs_mark_each_dossier_once() -> None:
    place = office(steps=(200,))
    for _ in range(20):
        place.dossier()
    done = at_once([lambda: risk.mark_all(DAY_BEFORE)] * 4, workers=4)
    assert done == [20] * 4
    assert RiskMark.objects.count() == 20


def test_of_two_leaders_one_signs() -> None:
    place = office()
    other = make.staff(place.agency, Role.LEADER)
    dossier = place.dossier()
    apology.draft_all(DAY_BEFORE)
    words = Words(LatenessCause.objects.get(code="power"))

    def signed(leader: User) -> Callable[[], Dossier]:
        return lambda: apology.sign(
            dossier, actor=leader, now=DAY_BEFORE, request_id=uuid4(), words=words
        )

    done = at_once([signed(place.leader), signed(other)], workers=2)
    assert sorted(type(one).__name__ for one in done) == ["AlreadyPromised", "Dossier"]
    assert Slip.objects.filter(kind="apology").count() == 1
