"""Before the acceptance: online dossiers, their acceptance and refusal."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from agencies.models import Agency
from dossiers import errors, submission, supplement, withdrawal
from dossiers.models import ClockSpan, Dossier, Leg, TallyDelta
from procedures.models import ProcedureVersion
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.at("2024-06-05 10:00")


def submitted(commune: Agency, version: ProcedureVersion | None = None) -> Dossier:
    version = version or make.version(posted_at=commune, components=1, fee_vnd=10_000)
    wanted = make.request(commune, version, channel="online", submitted_at=make.NOW)
    return submission.submit(wanted, actor=None, now=make.NOW)


def test_a_submission_has_no_code_and_stands_in_no_figure() -> None:
    dossier = submitted(make.agency())
    assert (dossier.status, dossier.code, dossier.accepted_at) == (1, None, None)
    assert dossier.components.count() == dossier.fees.count() == 1
    assert not Leg.objects.exists()
    assert not TallyDelta.objects.exists()


def test_the_receipt_is_the_acceptance_not_the_submission() -> None:
    commune = make.agency(code="000.17.22.H56")
    dossier, clerk = submitted(commune), make.staff(commune)
    dossier = submission.accept(dossier, actor=clerk, now=LATER, request_id=uuid4())
    dossier.refresh_from_db()
    assert (dossier.status, dossier.code) == (2, "000.17.22.H56-240605-0001")
    assert (dossier.submitted_at, dossier.accepted_at) == (make.NOW, LATER)
    assert dossier.due_at == dossier.original_due_at == make.at("2024-06-12 17:00")
    assert dossier.legs.get().accepted_at == ClockSpan.objects.get().in_force.lower == LATER
    event = dossier.events.get(act="accept")
    assert (event.from_status, event.to_status) == (1, 2)
    assert (event.due_before, event.due_after) == (None, dossier.due_at)


def test_accepting_again_with_the_same_request_gives_no_second_code() -> None:
    commune = make.agency()
    dossier, clerk, request_id = submitted(commune), make.staff(commune), uuid4()
    first = submission.accept(dossier, actor=clerk, now=LATER, request_id=request_id)
    again = submission.accept(dossier, actor=clerk, now=LATER, request_id=request_id)
    assert again.code == first.code
    assert Leg.objects.count() == 1


def test_a_refusal_has_a_reason_and_is_not_received() -> None:
    commune = make.agency()
    dossier, clerk = submitted(commune), make.staff(commune)
    with pytest.raises(errors.ReasonMissing):
        submission.refuse(dossier, actor=clerk, now=LATER, request_id=uuid4(), reason="")
    dossier = submission.refuse(
        dossier, actor=clerk, now=LATER, request_id=uuid4(), reason="Không thuộc thẩm quyền"
    )
    assert (dossier.status, dossier.ended_at) == (3, LATER)
    assert not TallyDelta.objects.exists()


def test_a_supplement_before_acceptance_suspends_nothing_and_is_not_the_one_allowed() -> None:
    commune = make.agency()
    dossier, clerk = submitted(commune), make.staff(commune)
    given: dict[str, Any] = {"items": ["Tờ khai"], "reason": "Thiếu chữ ký"}
    dossier = supplement.request(dossier, actor=clerk, now=LATER, request_id=uuid4(), **given)
    assert (dossier.status, dossier.supplement_count) == (5, 0)
    assert not dossier.suspensions.exists()
    dossier = supplement.complete(dossier, actor=clerk, now=LATER, request_id=uuid4())
    assert dossier.status == 1
    dossier = submission.accept(dossier, actor=clerk, now=LATER, request_id=uuid4())
    dossier = supplement.request(dossier, actor=clerk, now=LATER, request_id=uuid4(), **given)
    assert (dossier.status, dossier.supplement_count) == (5, 1)


def test_accepting_a_dossier_that_waits_for_papers_completes_them() -> None:
    commune = make.agency()
    dossier, clerk = submitted(commune), make.staff(commune)
    dossier = supplement.request(
        dossier, actor=clerk, now=LATER, request_id=uuid4(), items=["Tờ khai"], reason="Thiếu"
    )
    dossier = submission.accept(dossier, actor=clerk, now=LATER, request_id=uuid4())
    assert dossier.status == 2
    assert dossier.supplements.get().completed_at == LATER


def test_withdrawn_before_acceptance_stands_in_no_figure() -> None:
    commune = make.agency()
    dossier = withdrawal.withdraw(
        submitted(commune),
        actor=make.staff(commune),
        now=LATER,
        request_id=uuid4(),
        reason="Đổi ý",
    )
    assert (dossier.status, dossier.ended_at) == (7, LATER)
    assert not TallyDelta.objects.exists()


def test_a_key_gives_its_dossier_back_to_whoever_submitted_it_only() -> None:
    commune = make.agency()
    version = make.version(posted_at=commune)
    citizen, stranger = make.user(), make.user()
    wanted = make.request(commune, version, channel="online", submitted_at=make.NOW)
    first = submission.submit(wanted, actor=citizen, now=make.NOW)
    assert submission.submit(wanted, actor=citizen, now=make.NOW) == first
    for actor, asked in (
        (stranger, wanted),
        (None, wanted),
        (citizen, replace(wanted, summary="Khác")),
    ):
        with pytest.raises(errors.KeyReplayed):
            submission.submit(asked, actor=actor, now=make.NOW)
    assert Dossier.objects.count() == 1
