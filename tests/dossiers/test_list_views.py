"""The work list and the list of dossiers: found, narrowed, paged, closed to others."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Role
from dossiers import result, supplement
from dossiers.models import Dossier, Status
from tests import make
from tests.pages import SIGNED_IN

pytestmark = pytest.mark.django_db
WORK, EVERYTHING = "/viec/", "/ho-so/"


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def clerk(client: Client, commune: Agency) -> Client:
    client.force_login(make.user(at=commune))
    return client


def codes(response: Any) -> list[str]:
    return [line.code for line in response.context["rows"]]


@pytest.mark.parametrize(("path", "own"), [(WORK, 14), (EVERYTHING, 11)])
def test_lists_cost_the_same_with_many_rows(
    clerk: Client,
    commune: Agency,
    django_assert_num_queries: DjangoAssertNumQueries,
    path: str,
    own: int,
) -> None:
    version = make.version(posted_at=commune)
    officer = make.user(at=commune)
    for _ in range(25):
        make.dossier(agency=commune, version=version, officer=officer)
    # scope: roles, offices, succession; the rows, and beside them their versions, procedures,
    # offices, calendars, officers and risks; the choices of two filters; saved views; of the work
    # also the user's offices, their calendar, and all counts in one statement
    with django_assert_num_queries(SIGNED_IN + own):
        assert len(codes(clerk.get(path))) == 25


def test_the_most_urgent_comes_first_and_what_waits_comes_last(
    clerk: Client, commune: Agency
) -> None:
    officer = make.user(at=commune, role=Role.OFFICER)
    slow = make.dossier(agency=commune, version=make.version(posted_at=commune, limit_value=9))
    quick = make.dossier(agency=commune, version=make.version(posted_at=commune, limit_value=1))
    waiting = make.dossier(agency=commune, version=make.version(posted_at=commune))
    _ask(waiting, officer)
    with time_machine.travel(make.NOW + timedelta(days=1), tick=False):
        response = clerk.get(WORK)
    assert codes(response) == [quick.code, slow.code, waiting.code]
    words = [(line.left.kind, line.left.words) for line in response.context["rows"]]
    assert words == [
        ("soon", "Hạn hôm nay, 17:00"),
        ("in-time", "Còn 10 ngày"),
        ("still", "Tạm dừng, chờ bổ sung"),
    ]
    assert "Hạn hôm nay, 17:00" in response.content.decode()


def _ask(dossier: Dossier, officer: Any) -> None:
    supplement.request(
        dossier,
        actor=officer,
        now=make.NOW,
        request_id=uuid4(),
        items=["Bản sao"],
        reason="Thiếu",
    )


def test_filters_narrow_by_hand_time_state_channel_and_procedure(
    clerk: Client, commune: Agency
) -> None:
    mine = make.user(at=commune, username="mine")
    one = make.version(posted_at=commune, limit_value=1)
    late = make.dossier(agency=commune, version=one, officer=mine)
    online = make.dossier(
        agency=commune, channel="online", version=make.version(posted_at=commune, limit_value=20)
    )
    with time_machine.travel(make.NOW + timedelta(days=4), tick=False):
        assert codes(clerk.get(WORK, {"list": "overdue"})) == [late.code]
        assert "Quá hạn 3 ngày" in clerk.get(WORK, {"list": "overdue"}).content.decode()
        assert codes(clerk.get(WORK, {"list": "d1"})) == []
        assert codes(clerk.get(WORK, {"channel": "online"})) == [online.code]
        assert codes(clerk.get(WORK, {"procedure": one.procedure.code})) == [late.code]
        assert codes(clerk.get(WORK, {"status": Status.PROCESSING})) == []
        clerk.force_login(mine)
        assert codes(clerk.get(WORK, {"whose": "own"})) == [late.code]
        assert len(codes(clerk.get(WORK, {"whose": "all"}))) == 2


def test_a_finished_dossier_leaves_the_work_list_and_stays_in_the_other(
    clerk: Client, commune: Agency
) -> None:
    dossier = make.dossier(agency=commune, version=make.version(posted_at=commune))
    officer = make.user(at=commune, role=Role.OFFICER)
    result.finish(dossier, actor=officer, now=make.NOW, request_id=uuid4())
    assert codes(clerk.get(WORK)) == []
    assert codes(clerk.get(EVERYTHING)) == [dossier.code]
    assert codes(clerk.get(EVERYTHING, {"status": Status.DONE})) == [dossier.code]


@pytest.mark.parametrize(
    "typed",
    [
        "nguyen thi en",
        "ÉN",
        "079090001234",
        "079 090 001 234",
        "0905 123 456",
        "+84905123456",
    ],
)
def test_a_dossier_is_found_by_name_code_number_and_phone(
    clerk: Client, commune: Agency, typed: str
) -> None:
    version = make.version(posted_at=commune)
    holder = make.person("Nguyễn Thị Én", citizen_id="079090001234", phone="0905123456")
    found = make.dossier(agency=commune, version=version, holder=holder)
    make.dossier(agency=commune, version=version, holder=make.person("Trần Văn Cò"))
    for path in (WORK, EVERYTHING):
        response = clerk.get(path, {"q": typed.format(code=found.code)})
        assert codes(response) == [found.code]
    assert codes(clerk.get(EVERYTHING, {"q": "079090001235"})) == []


def test_a_dossier_is_found_by_the_last_digits_of_its_code(clerk: Client, commune: Agency) -> None:
    version = make.version(posted_at=commune)
    made = [make.dossier(agency=commune, version=version) for _ in range(3)]
    code = str(made[1].code)
    for typed in (code[-4:], code[-6:], code[-11:], code[-13:].lower()):
        assert codes(clerk.get(EVERYTHING, {"q": typed})) == [code]
    assert len(codes(clerk.get(WORK, {"q": code[:12]}))) == 3


def test_a_whole_code_and_the_link_on_its_paper_lead_to_the_dossier(
    clerk: Client, commune: Agency
) -> None:
    dossier = make.dossier(agency=commune, version=make.version(posted_at=commune))
    page, link = dossier.get_absolute_url(), f"/tra-cuu/{dossier.public_id}"
    for path in (WORK, EVERYTHING):
        for typed in (str(dossier.code), str(dossier.code).lower(), f"https://x.vn{link}"):
            assert clerk.get(path, {"q": typed}).headers["Location"] == page
        part = clerk.get(path, {"q": link}, headers={"HX-Request": "true"})
        assert part.headers["HX-Redirect"] == page
    assert clerk.get(link).headers["Location"] == page


def test_a_stranger_is_led_nowhere(client: Client) -> None:
    dossier = make.dossier()
    link = f"/tra-cuu/{dossier.public_id}"
    assert "/login/" in client.get(link).headers["Location"]
    client.force_login(make.user(at=make.agency()))
    assert client.get(link).status_code == 404
    for typed in (str(dossier.code), link):
        assert codes(client.get(EVERYTHING, {"q": typed})) == []


def test_pages_follow_one_another_without_gaps(clerk: Client, commune: Agency) -> None:
    version, officer = make.version(posted_at=commune), make.user(at=commune)
    made = [make.dossier(agency=commune, version=version, officer=officer) for _ in range(35)]
    for waiting in made[:3]:
        _ask(waiting, officer)
    for path in (WORK, EVERYTHING):
        seen: list[str] = []
        address: str | None = path
        while address:
            response = clerk.get(address)
            seen += codes(response)
            after = re.search(r'rel="next"\s+href="([^"]+)"', response.content.decode())
            address = path + after[1].replace("&amp;", "&") if after else None
        assert len(seen) == len(set(seen)) == 35


def test_an_unknown_filter_is_refused(clerk: Client) -> None:
    for query in ({"list": "x"}, {"whose": "x"}, {"status": "99"}, {"q": "x" * 201}):
        assert clerk.get(WORK, query).status_code == 422


def test_htmx_gets_the_rows_only(clerk: Client) -> None:
    part = clerk.get(WORK, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Không có hồ sơ nào" in part


def test_others_see_nothing_of_it(client: Client, commune: Agency) -> None:
    dossier = make.dossier(agency=commune, version=make.version(posted_at=commune))
    for path in (WORK, EVERYTHING):
        assert client.get(path).status_code == 302
    client.force_login(make.user())
    for path in (WORK, EVERYTHING):
        assert client.get(path).status_code == 403
    client.force_login(make.user(at=make.agency(), role=Role.LEADER))
    queries: list[dict[str, str]] = [{}, {"whose": "all"}, {"q": str(dossier.code)}]
    for query in queries:
        assert codes(client.get(WORK, query)) == []
        assert codes(client.get(EVERYTHING, query)) == []
