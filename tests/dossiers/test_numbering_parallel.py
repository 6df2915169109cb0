"""With real connections at once: lines of the register and numbers of slips without gaps."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from agencies.models import Role
from dossiers import intake, stopping
from dossiers.intake import IntakeRequest
from dossiers.models import Dossier, RegisterCounter, Slip
from tests import make
from tests.dossiers.test_parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
LATER = make.at("2024-06-04 09:00")


def test_volumes_of_the_register_fill_up_from_eight_connections() -> None:
    commune = make.agency()
    clerk, version = make.staff(commune), make.version(posted_at=commune)
    RegisterCounter.objects.create(agency=commune, year=2024, volume=1, last=0, size=7)
    wanted = [make.request(commune, version) for _ in range(24)]

    def taken(request: IntakeRequest) -> Callable[[], Dossier]:
        return lambda: intake.accept(request, officer=clerk, now=make.NOW)

    at_once([taken(request) for request in wanted], workers=8)
    lines = Dossier.objects.order_by("code").values_list("register_volume", "register_number")
    assert list(lines) == [(1 + n // 7, 1 + n % 7) for n in range(24)]


def test_slips_of_one_office_at_once_get_consecutive_numbers() -> None:
    commune = make.agency()
    leader = make.staff(commune, Role.LEADER)
    version = make.version(posted_at=commune)
    seen = [make.dossier(agency=commune, version=version) for _ in range(12)]

    def stopped(dossier: Dossier) -> Callable[[], Dossier]:
        return lambda: stopping.stop(
            dossier, actor=leader, now=LATER, request_id=uuid4(), reason="Không đủ điều kiện"
        )

    at_once([stopped(one) for one in seen], workers=6)
    numbers = Slip.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 13))
