"""Answers with real connections at once: one form, one answer; one file, one dossier."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dossiers import errors, intake, outcomes
from dossiers.intake import IntakeRequest
from dossiers.models import Dossier, DossierComponent, DossierCounter, Slip, SupplementRequest
from tests import make
from tests.dossiers.test_parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
REASON = "Tờ khai chưa có chữ ký"


def test_eight_double_clicks_send_back_once() -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    wanted = make.request(commune, make.version(posted_at=commune, components=2))

    def click() -> Dossier:
        return outcomes.incomplete(
            wanted, officer=clerk, now=make.NOW, items=["Tờ khai"], reason=REASON
        )

    done = at_once([click] * 8, workers=8)
    assert {one.pk for one in done if isinstance(one, Dossier)} == {Dossier.objects.get().pk}
    assert len(done) == len([one for one in done if isinstance(one, Dossier)])
    assert SupplementRequest.objects.count() == Slip.objects.count() == 1


def test_eight_double_clicks_solve_at_once_once() -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    version = make.version(posted_at=commune, immediate=True, fee_vnd=2000)
    wanted = make.request(commune, version)

    def click() -> Dossier:
        return outcomes.solve_at_once(wanted, officer=clerk, now=make.NOW, is_paid=True)

    done = at_once([click] * 8, workers=8)
    assert all(isinstance(one, Dossier) for one in done)
    assert Dossier.objects.get().status == 10
    assert DossierCounter.objects.get().last == 1


def test_one_upload_is_taken_by_one_dossier() -> None:
    commune = make.agency()
    clerk = make.staff(commune)
    version = make.version(posted_at=commune, components=1)
    upload = make.upload(clerk)

    def taken(request: IntakeRequest) -> Callable[[], Dossier]:
        (paper,) = request.components
        given = replace(request, components=(replace(paper, file_id=upload.pk),))
        return lambda: intake.accept(given, officer=clerk, now=make.NOW)

    done = at_once([taken(make.request(commune, version)) for _ in range(6)], workers=6)
    assert len([one for one in done if isinstance(one, Dossier)]) == 1
    assert len([one for one in done if isinstance(one, errors.FileRefused)]) == 5
    assert DossierComponent.objects.get().file == upload
    assert DossierCounter.objects.get().last == 1  # who was refused gave the number back
