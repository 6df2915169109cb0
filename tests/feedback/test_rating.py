"""Asked once after each hand-over at this counter, one touch, never twice, no personal data."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Role
from dossiers.models import Dossier, Handover
from feedback import rating
from feedback.errors import NothingToRate, ScoreInvalid
from feedback.models import Rating
from tests import make
from tests.dossiers.acts import Office, office
from tests.pages import SIGNED_IN_BEFORE

pytestmark = pytest.mark.django_db
GIVEN = make.at("2024-06-05 09:00")
TABLET = "/danh-gia/quay/"


@pytest.fixture
def place() -> Office:
    return office(name="Đăng ký khai sinh")


@pytest.fixture
def dossier(place: Office) -> Dossier:
    return place.history(("finish", "2024-06-04 09:00"), ("hand_over", "2024-06-05 09:00"))


@pytest.fixture(autouse=True)
def a_moment_later() -> Iterator[None]:
    with time_machine.travel(GIVEN + timedelta(seconds=30), tick=False):
        yield


@pytest.fixture
def tablet(client: Client, place: Office) -> Client:
    client.force_login(place.leader)
    answer = client.post(f"{TABLET}{place.agency.pk}/mo/")
    assert answer["Location"] == TABLET
    return client


def touch(tablet: Client, score: int, handover: int | None = None) -> Any:
    pk = handover or Handover.objects.latest("pk").pk
    return tablet.post(f"{TABLET}cham/", {"handover": pk, "score": score})


def test_a_touch_is_a_rating_of_this_counter(
    place: Office, dossier: Dossier, tablet: Client
) -> None:
    text = tablet.get(TABLET).content.decode()
    assert "Ông, bà có hài lòng" in text
    assert "Đăng ký khai sinh, hồ sơ số …0001" in text
    assert str(dossier.code) not in text
    assert dossier.holder_name not in text
    assert "Xin cảm ơn" in touch(tablet, 3).content.decode()
    made = Rating.objects.get()
    assert (made.dossier, made.agency, made.score) == (dossier, place.agency, 3)
    assert (made.reason, made.channel) == ("", "tablet")
    assert "Xin kính chào" in tablet.get(TABLET).content.decode()


def test_the_same_hand_over_is_never_rated_twice(
    place: Office, dossier: Dossier, tablet: Client
) -> None:
    for score in (3, 1):
        assert touch(tablet, score).status_code == 200
    assert Rating.objects.get().score == 3
    # Not after a correction either: a dossier is rated once.
    taken = place.do("take_back", dossier, GIVEN + timedelta(seconds=10))
    place.do("hand_over", taken, GIVEN + timedelta(seconds=20))
    touch(tablet, 1)
    assert Rating.objects.get().score == 3
    assert "Xin kính chào" in tablet.get(TABLET).content.decode()


@pytest.mark.parametrize("score", ["", "0", "4", "-1", "x", "٣"])
def test_other_scores_are_none(dossier: Dossier, tablet: Client, score: str) -> None:
    pk = Handover.objects.get().pk
    assert tablet.post(f"{TABLET}cham/", {"handover": pk, "score": score}).status_code == 200
    assert not Rating.objects.exists()


def test_asked_for_two_minutes_and_a_late_touch_is_taken_for_one_more(
    place: Office, dossier: Dossier
) -> None:
    pk = Handover.objects.get().pk
    for seconds, asked in ((0, True), (119, True), (120, False)):
        now = GIVEN + timedelta(seconds=seconds)
        assert rating.waiting(place.agency, now).exists() is asked
    with pytest.raises(NothingToRate):
        rating.rate(pk, counter=place.agency, score=3, now=GIVEN + timedelta(minutes=3))
    rating.rate(pk, counter=place.agency, score=3, now=GIVEN + timedelta(seconds=179))


def test_only_what_this_counter_handed_to_somebody_who_stands_here(
    place: Office, dossier: Dossier
) -> None:
    pk, now = Handover.objects.get().pk, GIVEN + timedelta(seconds=1)
    with pytest.raises(NothingToRate):
        rating.rate(pk, counter=make.agency(), score=3, now=now)
    with pytest.raises(ScoreInvalid):
        rating.rate(pk, counter=place.agency, score=5, now=now)
    Handover.objects.update(method="post")
    assert not rating.waiting(place.agency, now).exists()
    Handover.objects.update(method="counter", taken_back_at=now)
    assert not rating.waiting(place.agency, now).exists()


def test_the_first_one_first_when_two_clerks_hand_over_at_once(place: Office) -> None:
    for second in (5, 0):
        done = place.history(("finish", "2024-06-04 09:00"))
        place.do("hand_over", done, GIVEN + timedelta(seconds=second))
    moments = [one.at.second for one in rating.waiting(place.agency, GIVEN + timedelta(seconds=9))]
    assert moments == [0, 5]


def test_a_low_score_may_be_explained_once(place: Office, dossier: Dossier, tablet: Client) -> None:
    text = touch(tablet, 1).content.decode()
    assert "Phải chờ lâu" in text
    made = Rating.objects.get()
    for reason in ("Phải chờ lâu", "Khác"):
        tablet.post(f"{TABLET}ly-do/", {"rating": made.pk, "reason": reason})
    made.refresh_from_db()
    assert made.reason == "Phải chờ lâu"
    other = Rating.objects.create(
        dossier=make.dossier(), agency=make.agency(), score=1, at=GIVEN, channel="link"
    )
    tablet.post(f"{TABLET}ly-do/", {"rating": other.pk, "reason": "Của quầy khác"})
    other.refresh_from_db()
    assert not other.reason


def test_whoever_does_not_want_to_is_left_alone(dossier: Dossier, tablet: Client) -> None:
    pk = Handover.objects.get().pk
    assert "Xin kính chào" in tablet.post(f"{TABLET}bo-qua/", {"handover": pk}).content.decode()
    assert "Xin kính chào" in tablet.get(TABLET).content.decode()
    assert not Rating.objects.exists()


def test_what_is_shown_already_is_not_sent_again(dossier: Dossier, tablet: Client) -> None:
    headers = {"HX-Request": "true"}
    shown = str(Handover.objects.get().pk)
    assert tablet.get(TABLET, {"shown": shown}, headers=headers).status_code == 204
    part = tablet.get(TABLET, {"shown": "-"}, headers=headers)
    assert part.status_code == 200
    assert "<html" not in part.content.decode()


def test_a_poll_costs_two_queries_besides_its_session(
    dossier: Dossier, tablet: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tablet.get(TABLET)
    with django_assert_num_queries(2):
        tablet.get(TABLET)


def test_the_tablet_can_do_nothing_else_and_only_today(
    dossier: Dossier, tablet: Client, place: Office
) -> None:
    assert tablet.get("/viec/").status_code == 302
    assert tablet.get(dossier.get_absolute_url()).status_code == 302
    with time_machine.travel(GIVEN + timedelta(days=1), tick=False):
        assert "/login/" in tablet.get(TABLET)["Location"]
        assert "/login/" in touch(tablet, 3)["Location"]
    Agency.objects.filter(pk=place.agency.pk).update(valid_to=make.SINCE)
    assert "/login/" in touch(tablet, 3)["Location"]
    assert not Rating.objects.exists()


def test_it_is_opened_by_the_staff_of_the_counter_alone(client: Client, place: Office) -> None:
    path = f"{TABLET}{place.agency.pk}/mo/"
    assert "/login/" in client.get(TABLET)["Location"]
    client.force_login(make.staff(make.agency()))
    assert client.post(path).status_code == 404
    assert client.post(f"{TABLET}cham/").status_code == 403
    client.force_login(make.staff(place.agency, Role.REPORTER))
    assert client.post(path).status_code == 403
    client.force_login(place.leader)
    assert f"Dùng máy này ở {place.agency}" in client.get(TABLET).content.decode()


def test_a_leader_sees_counts_and_the_dossiers_behind_them(
    client: Client,
    place: Office,
    dossier: Dossier,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    strange = make.dossier()
    for one, agency, score in ((dossier, place.agency, 1), (strange, strange.lodged_at, 3)):
        Rating.objects.create(dossier=one, agency=agency, score=score, at=GIVEN, channel="tablet")
    client.force_login(place.leader)
    client.get("/danh-gia/")
    # What every page reads of the reader, three for the scope, the counts, the last ones.
    with django_assert_num_queries(SIGNED_IN_BEFORE + 6):
        answer = client.get("/danh-gia/")
    assert [row["dissatisfied"] for row in answer.context["counts"]] == [1]
    text = answer.content.decode()
    assert dossier.get_absolute_url() in text
    assert str(strange.code) not in text
    assert not client.get("/danh-gia/", {"until": "2024-06-04"}).context["counts"]
    assert client.get("/danh-gia/", {"since": "x"}).status_code == 422
    client.force_login(make.staff(place.agency, Role.CLERK))
    assert client.get("/danh-gia/").status_code == 403


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("rating_score_known", {"score": 4}),
        ("rating_channel_known", {"channel": "camera"}),
        ("rating_explained_when_low", {"score": 3, "reason": "Vì sao"}),
        ("feedback_rating_dossier_id", {"dossier": None}),
    ],
)
def test_rows_that_make_no_sense_are_refused(
    dossier: Dossier, place: Office, name: str, fields: dict[str, Any]
) -> None:
    usual = {"dossier": dossier, "agency": place.agency, "score": 1, "channel": "tablet"}
    if fields.pop("dossier", dossier) is None:
        Rating.objects.create(**usual, at=GIVEN)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Rating.objects.create(**{**usual, "at": GIVEN, **fields})
