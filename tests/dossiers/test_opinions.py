"""What other offices are asked: who sees it, until when, by whom it is answered, who was late."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from agencies.models import Agency, Role, User
from dossiers import errors
from dossiers.models import Dossier, DossierEvent, Opinion, StoredFile
from tests import make
from tests.dossiers.acts import Office, office

pytestmark = pytest.mark.django_db
ASKED = make.at("2024-06-03 10:00")


@pytest.fixture
def place() -> Office:
    return office()


@pytest.fixture
def asked() -> Agency:
    return make.agency("Chi cục Thuế")


@pytest.fixture
def taxman(asked: Agency) -> User:
    return make.staff(asked, Role.OFFICER)


def ask(place: Office, of: Agency, **given: Any) -> Dossier:
    fields = {"of": of, "question": "Diện tích tính thuế?", "limit_value": 1, **given}
    return place.do("ask", fields.pop("dossier", None) or place.dossier(), ASKED, **fields)


def answer(place: Office, dossier: Dossier, now: str, actor: User, **given: Any) -> Dossier:
    fields = {"opinion": Opinion.objects.get(), "conclusion": "agreed", **given}
    return place.do("answer", dossier, make.at(now), actor=actor, **fields)


@pytest.mark.parametrize(
    ("value", "unit", "due"),
    [
        # Monday ten o'clock: an hour and a half before noon, two and a half after it.
        (4, "working_hour", "2024-06-03 16:00"),
        (8, "working_hour", "2024-06-04 10:00"),
        (1, "working_day", "2024-06-04 17:00"),
        (5, "working_day", "2024-06-10 17:00"),
    ],
)
def test_the_asked_office_sees_it_until_when_by_its_own_calendar(
    place: Office, asked: Agency, taxman: User, value: int, unit: str, due: str
) -> None:
    assert not Dossier.objects.visible_to(taxman).exists()
    dossier = ask(place, asked, limit_value=value, limit_unit=unit)
    assert Dossier.objects.visible_to(taxman).get() == dossier
    opinion = Opinion.objects.get()
    assert (opinion.asked_from, opinion.asked_by) == (place.agency, place.leader)
    assert opinion.due_at == make.at(due)
    assert (dossier.held_by, dossier.due_at) == (place.agency, place.dossier().due_at)
    assert DossierEvent.objects.get(act="ask_opinion").detail == {
        "opinion": opinion.pk,
        "to_agency": asked.pk,
    }


def test_a_late_answer_is_told_of_the_office_that_was_asked(
    place: Office, asked: Agency, taxman: User
) -> None:
    answer(place, ask(place, asked), "2024-06-05 08:00", taxman)
    event = DossierEvent.objects.get(act="answer_opinion")
    assert event.agency == asked
    assert event.detail == {"opinion": Opinion.objects.get().pk, "late": True}
    assert Opinion.objects.get().answered_by == taxman


def test_an_answer_at_the_last_moment_is_in_time(
    place: Office, asked: Agency, taxman: User
) -> None:
    answer(place, ask(place, asked), "2024-06-04 17:00", taxman)
    assert DossierEvent.objects.get(act="answer_opinion").detail["late"] is False


def test_conditions_and_refusals_say_why(place: Office, asked: Agency, taxman: User) -> None:
    dossier = ask(place, asked)
    for conclusion, text in (("conditional", " "), ("refused", ""), ("maybe", "Có"), ("", "Có")):
        with pytest.raises(errors.OpinionInvalid):
            answer(place, dossier, "2024-06-04", taxman, conclusion=conclusion, text=text)
    answer(place, dossier, "2024-06-04", taxman, conclusion="refused", text="Sai diện tích")
    found = Opinion.objects.get()
    assert (found.conclusion, found.answer) == ("refused", "Sai diện tích")


def test_it_is_answered_once_and_only_by_the_asked_office(
    place: Office, asked: Agency, taxman: User
) -> None:
    dossier = ask(place, asked)
    with pytest.raises(errors.OutOfScope):
        answer(place, dossier, "2024-06-04", place.leader)
    with pytest.raises(errors.TooEarly):
        answer(place, dossier, "2024-06-03 09:59", taxman)
    dossier = answer(place, dossier, "2024-06-04", taxman)
    with pytest.raises(errors.OpinionInvalid):
        answer(place, dossier, "2024-06-04", taxman)
    assert DossierEvent.objects.filter(act="answer_opinion").count() == 1


def test_an_answer_to_another_dossiers_question_is_refused(
    place: Office, asked: Agency, taxman: User
) -> None:
    ask(place, asked)
    other = place.dossier()
    Dossier.objects.filter(pk=other.pk).update(agency_ids=[place.agency.pk, asked.pk])
    with pytest.raises(errors.OpinionInvalid):
        answer(place, Dossier.objects.get(pk=other.pk), "2024-06-04", taxman)


@pytest.mark.parametrize(
    "given",
    [
        {"question": "  "},
        {"question": "x" * 1001},
        {"limit_value": 0},
        {"limit_value": 30_000},
        {"limit_unit": "month"},
    ],
)
def test_questions_without_sense_are_refused(
    place: Office, asked: Agency, given: dict[str, Any]
) -> None:
    with pytest.raises(errors.OpinionInvalid):
        ask(place, asked, **given)
    assert not Opinion.objects.exists()


def test_of_whom_it_cannot_be_asked(place: Office, asked: Agency) -> None:
    dossier = place.dossier()
    with pytest.raises(errors.OpinionInvalid):
        ask(place, place.agency, dossier=dossier)
    with pytest.raises(errors.AgencyClosed):
        ask(place, make.agency(valid_to=make.SINCE), dossier=dossier)
    with pytest.raises(errors.OutOfScope):
        ask(place, asked, dossier=dossier, actor=make.staff(make.agency()))
    dossier = ask(place, asked, dossier=dossier)
    with pytest.raises(errors.OpinionInvalid):  # and it has not answered yet
        ask(place, asked, dossier=dossier)
    done = place.do("finish", dossier, ASKED)
    with pytest.raises(errors.MoveNotAllowed):
        ask(place, make.agency(), dossier=done)


def test_whoever_asked_may_finish_without_the_answer_which_may_still_come(
    place: Office, asked: Agency, taxman: User
) -> None:
    dossier = place.do("finish", ask(place, asked), make.at("2024-06-03 11:00"))
    assert dossier.status == 9
    assert answer(place, dossier, "2024-06-06", taxman).status == 9


def test_a_file_goes_with_the_answer_if_it_is_ones_own(
    place: Office, asked: Agency, taxman: User
) -> None:
    dossier = ask(place, asked)
    file = make_file(taxman)
    strange = make_file(place.leader)
    with pytest.raises(errors.FileRefused):
        answer(place, dossier, "2024-06-04", taxman, file_id=strange.public_id)
    answer(place, dossier, "2024-06-04", taxman, file_id=file.public_id)
    assert Opinion.objects.get().file == file
    file.refresh_from_db()
    assert file.retention == StoredFile.Retention.DOSSIER


def make_file(by: User, media_type: str = "image/png") -> StoredFile:
    return StoredFile.objects.create(
        storage_key=str(uuid4()),
        name="tep.png",
        sha256="0" * 64,
        size=1,
        media_type=media_type,
        retention=StoredFile.Retention.TEMPORARY,
        stored_at=make.NOW,
        stored_by=by,
    )


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("opinion_answered_wholly", {"conclusion": "agreed"}),
        ("opinion_due_after_question", {"due_at": ASKED}),
        ("opinion_of_another_office", {"asked_of": None}),
    ],
)
def test_rows_that_make_no_sense_are_refused(
    place: Office, asked: Agency, name: str, fields: dict[str, Any]
) -> None:
    ask(place, asked)
    if "asked_of" in fields:
        fields = {"asked_of": place.agency}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Opinion.objects.update(**fields)
