"""GET /api/figures/ says what the command and the screen say, to those who may ask."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from agencies.models import Agency, Role
from reports import figures
from reports.questions import Question
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW + timedelta(days=1)
API = "/api/figures/"


@pytest.fixture(autouse=True)
def _a_day_later() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def commune() -> Agency:
    return make.agency("Ủy ban nhân dân xã Trà Bồng", code="DEMO.TB")


def test_the_api_answers_as_the_figures_do(client: Client, commune: Agency) -> None:
    version = make.version(posted_at=commune)
    officer = make.user(at=commune)
    for _ in range(3):
        make.dossier(agency=commune, version=version, officer=officer)
    client.force_login(make.staff(commune, Role.REPORTER))
    answer = client.get(API, {"agency": "DEMO.TB", "period": "2024-Q2", "by": "block"})
    assert answer.status_code == 200
    expected = figures.compute(Question(commune, "2024-Q2", by="block"), NOW).to_json()
    assert answer.json() == expected
    assert answer.json()["total"]["c3"] == 3


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"period": "2024-Q5"}, "period_unknown"),
        ({"period": "2030-Q1"}, "period_not_begun"),
        ({"period": "2024-Q2", "by": "colour"}, "choice_unknown"),
        ({"period": "2024-Q2", "agency": "nobody"}, "agency_unknown"),
    ],
)
def test_what_cannot_be_answered_is_a_typed_error(
    client: Client, commune: Agency, asked: dict[str, str], code: str
) -> None:
    client.force_login(make.staff(commune, Role.REPORTER))
    answer = client.get(API, {"agency": "DEMO.TB", **asked})
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert answer.json()["message"]


def test_a_missing_option_is_named(client: Client, commune: Agency) -> None:
    client.force_login(make.staff(commune, Role.REPORTER))
    answer = client.get(API, {"agency": "DEMO.TB"})
    assert answer.status_code == 400
    assert list(answer.json()) == ["period"]


def test_strangers_learn_nothing(client: Client, commune: Agency) -> None:
    question = {"agency": "DEMO.TB", "period": "2024-Q2"}
    assert client.get(API, question).status_code == 403
    elsewhere = make.agency("Ủy ban nhân dân xã Sơn Tây", code="DEMO.ST")
    client.force_login(make.staff(elsewhere, Role.REPORTER))
    assert client.get(API, question).status_code == 404
