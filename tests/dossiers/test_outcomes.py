"""The four answers of a counter, each once for one form; intake after the fact (offline)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, User
from dossiers import errors, intake, outcomes
from dossiers.intake import IntakeRequest
from dossiers.models import (
    Dossier,
    DossierComponent,
    DossierCounter,
    FeeDue,
    Party,
    StoredFile,
    StoredPaper,
    TallyDelta,
)
from procedures.models import Posting
from tests import make, papers_made

pytestmark = pytest.mark.django_db
PDF = papers_made.pdf()
NUMBER = "051203000123"
REASON = "Tờ khai chưa có chữ ký"


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def clerk(commune: Agency) -> User:
    return make.staff(commune)


def wanted(commune: Agency, **version: Any) -> IntakeRequest:
    return make.request(commune, make.version(posted_at=commune, **version))


def without_papers(commune: Agency) -> IntakeRequest:
    return replace(wanted(commune, components=2, fee_vnd=8000), components=())


def send_back(request: IntakeRequest, clerk: User) -> Dossier:
    return outcomes.incomplete(
        request, officer=clerk, now=make.NOW, items=["Giấy tờ 1", "Giấy tờ 2"], reason=REASON
    )


ANSWERS: dict[str, Any] = {
    "accept": (intake.accept, {}),
    "incomplete": (outcomes.incomplete, {"items": ["Giấy tờ 1"], "reason": REASON}),
    "refuse": (outcomes.refuse, {"reason": REASON}),
    "solve_at_once": (outcomes.solve_at_once, {}),
}


def answer(name: str, request: IntakeRequest, clerk: User) -> None:
    act, given = ANSWERS[name]
    act(request, officer=clerk, now=make.NOW, **given)


def test_an_incomplete_dossier_is_sent_back_once_with_the_full_list(
    commune: Agency, clerk: User
) -> None:
    request = without_papers(commune)
    dossier = send_back(request, clerk)
    assert (dossier.status, dossier.code, dossier.accepted_at) == (5, None, None)
    asked = dossier.supplements.get()
    assert (asked.items, asked.stage) == (["Giấy tờ 1", "Giấy tờ 2"], "before")
    assert send_back(request, clerk) == dossier
    assert Dossier.objects.count() == 1
    assert dossier.supplements.count() == 1
    assert not TallyDelta.objects.exists()


def test_a_refusal_has_its_reason_and_is_written_once(commune: Agency, clerk: User) -> None:
    request = without_papers(commune)
    first, second = (
        outcomes.refuse(request, officer=clerk, now=make.NOW, reason=REASON) for _ in range(2)
    )
    assert first == second
    assert (first.status, first.closing_reason) == (3, REASON)
    with pytest.raises(errors.ReasonMissing):
        outcomes.refuse(
            replace(request, intake_key=uuid4()), officer=clerk, now=make.NOW, reason=" "
        )
    assert Dossier.objects.count() == 1


def test_what_is_solved_at_once_is_handed_over_and_paid(commune: Agency, clerk: User) -> None:
    request = wanted(commune, immediate=True, components=1, fee_vnd=2000)
    first, second = (
        outcomes.solve_at_once(request, officer=clerk, now=make.NOW, is_paid=True) for _ in range(2)
    )
    assert first == second
    assert (first.status, first.ended_at, first.returned_at) == (10, make.NOW, make.NOW)
    assert FeeDue.objects.get().state == "settled"
    assert DossierCounter.objects.get().last == 1


def test_only_immediate_procedures_are_solved_at_once(commune: Agency, clerk: User) -> None:
    with pytest.raises(errors.NotImmediate):
        outcomes.solve_at_once(wanted(commune), officer=clerk, now=make.NOW)


def test_one_form_gets_one_answer(commune: Agency, clerk: User) -> None:
    """Back in the browser, and another button: refused, nothing is moved."""
    request = wanted(commune, immediate=True)
    accepted = intake.accept(request, officer=clerk, now=make.NOW)
    for other in ("incomplete", "refuse", "solve_at_once"):
        with pytest.raises(errors.KeyReplayed):
            answer(other, request, clerk)
    accepted.refresh_from_db()
    assert accepted.status == 2
    returned = replace(request, intake_key=uuid4())
    send_back(returned, clerk)
    for other in ("accept", "refuse"):
        with pytest.raises(errors.KeyReplayed):
            answer(other, returned, clerk)


def test_a_stranger_answers_nothing(commune: Agency) -> None:
    stranger, request = make.staff(make.agency()), wanted(commune, immediate=True)
    for each in ANSWERS:
        with pytest.raises(errors.OutOfScope):
            answer(each, request, stranger)
    assert not Dossier.objects.exists()


def test_the_assistant_is_on_record_and_the_citizen_is_the_principal(
    commune: Agency, clerk: User
) -> None:
    request = replace(
        wanted(commune), capacity="assisted", assisted_by_id=clerk.pk, channel="online"
    )
    dossier = intake.accept(request, officer=clerk, now=make.NOW)
    assert (dossier.capacity, dossier.assisted_by, dossier.submitted_at) == (
        "assisted",
        clerk,
        make.NOW,
    )
    other = replace(request, assisted_by_id=make.staff(commune).pk, intake_key=uuid4())
    with pytest.raises(errors.CapacityInvalid):
        intake.accept(other, officer=clerk, now=make.NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"capacity": "ghost"},
        {"capacity": "assisted"},
        {"capacity": "authorised"},
        {"capacity": "organisation"},
    ],
)
def test_a_capacity_needs_what_it_says(commune: Agency, clerk: User, wrong: dict[str, Any]) -> None:
    with pytest.raises(errors.CapacityInvalid):
        intake.accept(replace(wanted(commune), **wrong), officer=clerk, now=make.NOW)
    helped = replace(wanted(commune), capacity="assisted", assisted_by_id=clerk.pk)
    with pytest.raises(errors.CapacityInvalid):  # helped online, but on paper
        intake.accept(helped, officer=clerk, now=make.NOW)


def test_uploads_stay_when_they_are_taken_in(
    commune: Agency, clerk: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.dossier(agency=commune, officer=clerk)  # the calendar is loaded
    plain = wanted(commune, components=2)
    scans = [make.upload(clerk) for _ in range(2)]
    papers = tuple(
        replace(one, file_id=scan.pk) for one, scan in zip(plain.components, scans, strict=True)
    )
    with django_assert_num_queries(10):  # one more than without files, one person less
        dossier = intake.accept(replace(plain, components=papers), officer=clerk, now=make.NOW)
    assert set(StoredFile.objects.values_list("retention", flat=True)) == {"dossier"}
    assert {one.file for one in dossier.components.all()} == set(scans)


def stored_paper(dossier: Dossier, clerk: User) -> StoredPaper:
    kept = make.upload(clerk, retention="dossier")
    return StoredPaper.objects.create(
        party=dossier.holder,
        kind="result",
        name="Giấy khai sinh",
        file=kept,
        dossier=dossier,
        stored_at=make.NOW,
    )


def test_a_paper_is_reused_from_the_holders_own_store(commune: Agency, clerk: User) -> None:
    holder = make.person(citizen_id=NUMBER)
    paper = stored_paper(make.dossier(agency=commune, officer=clerk, holder=holder), clerk)
    request = replace(wanted(commune, components=1), holder=holder)
    (given,) = request.components
    request = replace(request, components=(replace(given, reused_id=paper.pk),))
    dossier = intake.accept(request, officer=clerk, now=make.NOW)
    component = dossier.components.get()
    assert (component.reused_from, component.file) == (paper, paper.file)
    for other in (make.person(citizen_id="051203000124"), make.person()):
        foreign = replace(request, intake_key=uuid4(), holder=other)
        with pytest.raises(errors.FileRefused):
            intake.accept(foreign, officer=clerk, now=make.NOW)
    assert Party.objects.count() == 1
    assert DossierComponent.objects.count() == 1


def test_what_was_taken_in_offline_keeps_the_moment_of_the_citizen(
    commune: Agency, clerk: User
) -> None:
    sent = make.NOW + timedelta(days=2)
    dossier = intake.accept(wanted(commune), officer=clerk, now=make.NOW, recorded_at=sent)
    event = dossier.events.get()
    assert (dossier.accepted_at, event.at, event.recorded_at) == (make.NOW, make.NOW, sent)
    assert event.detail == {"offline": True}
    assert dossier.code is not None
    assert "-240603-" in dossier.code


def test_the_rules_of_the_citizens_day_hold_offline(commune: Agency, clerk: User) -> None:
    """The version and the competence ended in between."""
    request = wanted(commune, effective_to=date(2024, 6, 3))
    Posting.objects.update(until=date(2024, 6, 3))
    sent = make.NOW + timedelta(days=3)
    dossier = intake.accept(request, officer=clerk, now=make.NOW, recorded_at=sent)
    assert intake.accept(request, officer=clerk, now=make.NOW, recorded_at=sent) == dossier
    with pytest.raises(errors.VersionNotInForce):
        intake.accept(
            replace(request, intake_key=uuid4()), officer=clerk, now=sent, recorded_at=sent
        )


@pytest.mark.parametrize("away", [timedelta(minutes=-1), timedelta(days=7, minutes=1)])
def test_moments_to_come_and_moments_long_past_are_refused(
    commune: Agency, clerk: User, away: timedelta
) -> None:
    with pytest.raises(errors.MomentInvalid):
        intake.accept(wanted(commune), officer=clerk, now=make.NOW, recorded_at=make.NOW + away)
    assert not Dossier.objects.exists()
