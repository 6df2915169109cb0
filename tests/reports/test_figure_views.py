"""The screen of figures and the lists behind its numbers."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Role
from reports.cells import COLUMNS
from tests import make
from tests.pages import SIGNED_IN_BEFORE

pytestmark = pytest.mark.django_db
NOW = make.NOW + timedelta(days=1)
TABLE, CELL = "/so-lieu/", "/so-lieu/ho-so/"


@pytest.fixture(autouse=True)
def _a_day_later() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def commune() -> Agency:
    return make.agency("Ủy ban nhân dân xã Trà Bồng", code="DEMO.TB")


@pytest.fixture
def dossiers(commune: Agency) -> list[str]:
    version = make.version(posted_at=commune)
    officer = make.user(at=commune)
    made = [make.dossier(agency=commune, version=version, officer=officer) for _ in range(60)]
    return [str(each.code) for each in made]


@pytest.fixture
def reporter(client: Client, commune: Agency) -> Client:
    client.force_login(make.staff(commune, Role.REPORTER))
    return client


def numbers(html: str) -> list[tuple[str, int]]:
    """(address, number) of every cell of the table."""
    found = re.findall(r'<a href="([^"]+)">(?:<strong>)?([\d.]+)', html)
    return [(unescape(at), int(value.replace(".", ""))) for at, value in found if CELL in at]


def test_the_page_of_a_closed_agency_opens_on_its_last_quarter(client: Client) -> None:
    closed = make.agency("Ủy ban nhân dân xã Trà Bùi", valid_to=date(2024, 3, 14))
    client.force_login(make.staff(closed, Role.REPORTER))
    page = client.get(TABLE)
    assert page.status_code == 200
    assert "Quý I năm 2024" in page.content.decode()


def test_the_page_opens_on_the_quarter_under_way(reporter: Client, dossiers: list[str]) -> None:
    page = reporter.get(TABLE)
    assert page.status_code == 200
    html = page.content.decode()
    assert "Quý II năm 2024" in html
    assert "từ ngày 15/03/2024 đến hết ngày 14/06/2024" in html
    assert [value for _, value in numbers(html)][-11:] == [60, 0, 60, 0, 0, 0, 0, 0, 60, 60, 0]


@pytest.mark.parametrize("by", ["", "block", "field", "procedure", "agency", "level", "channel"])
def test_every_number_opens_a_list_of_its_length(
    reporter: Client, dossiers: list[str], by: str
) -> None:
    page = reporter.get(TABLE, {"agency": "DEMO.TB", "period": "2024-06", "by": by})
    cells = numbers(page.content.decode())
    assert len(cells) % len(COLUMNS) == 0
    assert max(value for _, value in cells) == 60
    for address, value in cells:
        assert reporter.get(address).context["count"] == value


def test_the_pages_of_a_list_are_the_figure_s_dossiers(
    reporter: Client, dossiers: list[str]
) -> None:
    query = {"agency": "DEMO.TB", "period": "2024-Q2", "column": "c3"}
    first = reporter.get(CELL, query)
    rest = reporter.get(CELL, query | {"after": first.context["page"].after})
    listed = [leg.dossier.code for page in (first, rest) for leg in page.context["page"].rows]
    assert sorted(listed) == sorted(dossiers)
    assert rest.context["page"].after == ""


def test_the_table_costs_the_same_with_many_dossiers(
    reporter: Client, dossiers: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reporter.get(TABLE)
    query = {"agency": "DEMO.TB", "period": "2024-Q2", "by": "block"}
    # scope: roles, offices, below, succession; agency; its body; counts; posted; blocks; choices
    with django_assert_num_queries(SIGNED_IN_BEFORE + 10):
        reporter.get(TABLE, query)


def test_a_list_costs_the_same_with_many_dossiers(
    reporter: Client, dossiers: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reporter.get(TABLE)
    query = {"agency": "DEMO.TB", "period": "2024-Q2", "column": "c11"}
    # scope: roles, offices, below, succession; agency; its body; later inheritance; count; rows
    with django_assert_num_queries(SIGNED_IN_BEFORE + 9):
        assert len(reporter.get(CELL, query).context["page"].rows) == 50


@pytest.mark.parametrize("path", [TABLE, CELL])
def test_a_stranger_does_not_find_figures_of_another_agency(
    client: Client, dossiers: list[str], path: str
) -> None:
    client.force_login(make.staff(make.agency(), Role.REPORTER))
    query = {"agency": "DEMO.TB", "period": "2024-Q2", "column": "c3"}
    assert client.get(path, query).status_code == 404


@pytest.mark.parametrize("path", [TABLE, CELL])
def test_nobody_and_citizens_see_no_figures(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    client.force_login(make.user())
    assert client.get(path).status_code == 403


def test_figures_of_units_below_need_scope_over_them(client: Client, commune: Agency) -> None:
    below = make.agency(parent=commune)
    make.staff(below)
    query = {"agency": "DEMO.TB", "period": "2024-Q2", "below": "on"}
    client.force_login(make.staff(commune, Role.CLERK))
    assert client.get(TABLE, query).status_code == 404
    client.force_login(make.staff(commune, Role.LEADER))
    assert client.get(TABLE, query).status_code == 200


@pytest.mark.parametrize("path", [TABLE, CELL])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"period": "2024-13"}, "Kỳ báo cáo không tồn tại"),
        ({"period": "2031"}, "Kỳ báo cáo bắt đầu từ ngày 15/12/2030"),
        ({"as_of": "2023-01-01"}, "phải nằm trong kỳ"),
        ({"calendar": "lunar"}, "Lịch kỳ báo cáo"),
        ({"interagency": "as-received", "below": "on"}, "counted-once"),
    ],
)
def test_a_question_without_an_answer_is_explained(
    reporter: Client, commune: Agency, path: str, wrong: dict[str, str], said: str
) -> None:
    query = {"agency": "DEMO.TB", "period": "2024-Q2", "column": "c3"} | wrong
    page = reporter.get(path, query)
    assert page.status_code == 422
    assert said in page.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"column": "c2"}, {}, {"column": "c3", "key": "nowhere", "by": "agency"}]
)
def test_a_cell_that_does_not_exist_is_not_found(
    reporter: Client, commune: Agency, wrong: dict[str, str]
) -> None:
    query = {"agency": "DEMO.TB", "period": "2024-Q2"} | wrong
    assert reporter.get(CELL, query).status_code == 404


def test_htmx_gets_the_table_alone(reporter: Client, commune: Agency) -> None:
    page = reporter.get(reverse("reports:figures"), headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()
