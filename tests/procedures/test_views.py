"""The catalogue's screens: found without accents, paged, exported, closed to strangers."""

import re
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Role
from motcua import keyset
from procedures import catalogue_file
from procedures.models import FeeRate, ProcedureVersion
from tests import make
from tests.pages import SIGNED_IN, SIGNED_IN_BEFORE

pytestmark = pytest.mark.django_db
LIST = "/thu-tuc/"


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(make.user(at=make.agency()))
    return client


@pytest.fixture
def catalogue() -> None:
    catalogue_file.load(catalogue_file.DEMONSTRATION)


def names(response: object) -> list[str]:
    page: keyset.Page[ProcedureVersion] = response.context["page"]  # type: ignore[attr-defined]
    return [version.name for version in page.rows]


@pytest.mark.usefixtures("catalogue")
def test_the_list_costs_the_same_with_many_rows(
    clerk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(SIGNED_IN + 2):  # fields of the filter, versions
        response = clerk.get(LIST)
    assert len(names(response)) >= 20
    with django_assert_num_queries(SIGNED_IN_BEFORE + 1):
        clerk.get(LIST, headers={"HX-Request": "true"})


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("words", ["dang ky khai sinh", "ĐĂNG KÝ khai sinh", "khai sinh dang"])
def test_words_are_found_without_accents_in_any_order(clerk: Client, words: str) -> None:
    assert "Đăng ký khai sinh" in names(clerk.get(LIST, {"q": words}))


@pytest.mark.usefixtures("catalogue")
def test_filters_narrow_the_list_and_a_code_is_found(clerk: Client) -> None:
    assert names(clerk.get(LIST, {"q": "1.001193"})) == ["Đăng ký khai sinh"]
    assert names(clerk.get(LIST, {"q": "khong co"})) == []
    in_2024 = {"day": "2024-04-26"}
    assert len(names(clerk.get(LIST, in_2024 | {"level": "district"}))) == 15
    assert names(clerk.get(LIST, {"level": "district"})) == []
    assert all(
        version.online == "full"
        for version in clerk.get(LIST, {"online": "full"}).context["page"].rows
    )


def test_a_filter_that_is_none_is_refused_beside_its_field(clerk: Client) -> None:
    response = clerk.get(LIST, {"day": "2024-02-31", "level": "village"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"day", "level"}
    assert clerk.get(f"{LIST}xuat.csv", {"day": "x"}).status_code == 422


def test_pages_follow_one_another_without_gaps(clerk: Client) -> None:
    for number in range(65):
        make.version(name=f"Thủ tục {number % 7} {number}")
    seen: list[str] = []
    address: str | None = LIST
    while address:
        response = clerk.get(address)
        seen += names(response)
        after = re.search(r'rel="next"\s+href="([^"]+)"', response.content.decode())
        address = LIST + after[1].replace("&amp;", "&") if after else None
    assert len(seen) == len(set(seen)) == 65
    for junk in ("x", "9.tx", "9.t2024-13-01T00:00", "1.s\x00"):
        assert clerk.get(LIST, {"after": junk}).status_code == 200


def test_one_procedure_with_its_history_in_fixed_queries(
    clerk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    old = make.version(effective_to=date(2024, 12, 31), components=("Tờ khai", "Giấy chứng sinh"))
    make.version(
        procedure=old.procedure, number=2, effective_from=date(2025, 1, 1), name="Khai sinh mới"
    )
    draft = make.version(status="draft")
    address = f"{LIST}{old.procedure.code}/"
    # procedure, history, version, components, steps, fees, postings
    with django_assert_num_queries(SIGNED_IN + 7):
        response = clerk.get(address)
    assert "Khai sinh mới" in response.content.decode()
    text = clerk.get(address, {"v": "1"}).content.decode()
    assert "Giấy chứng sinh" in text
    assert "đã hết hiệu lực" in text
    assert clerk.get(f"{LIST}{draft.procedure.code}/").status_code == 404
    assert clerk.get(f"{LIST}0.000000/").status_code == 404


def test_a_stale_posting_of_ones_own_agency_is_shown(client: Client) -> None:
    commune = make.agency()
    counter = make.agency(committee=commune, name="Bộ phận Một cửa")
    client.force_login(make.user(at=counter))
    old = make.version(effective_to=date(2024, 12, 31))
    make.version(procedure=old.procedure, number=2, effective_from=date(2025, 1, 1))
    make.posting(commune, old)
    assert "bản niêm yết đã cũ" in client.get(f"{LIST}{old.procedure.code}/").content.decode()


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_can_be_read_back_and_changes_nothing(
    clerk: Client, tmp_path: object, kind: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(SIGNED_IN + 4):  # versions and their three kinds of parts
        response = clerk.get(f"{LIST}xuat.{kind}", {"day": "2024-04-26"})
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    path = tmp_path / f"a.{kind}"  # type: ignore[operator]
    path.write_bytes(response.content)
    again = catalogue_file.load(path)
    assert (again.inserted, again.closed, again.unchanged) == (0, 0, 29)


def test_an_amount_is_printed_in_vietnamese(clerk: Client) -> None:
    draft = make.version(status="draft")
    FeeRate.objects.create(version=draft, name="Lệ phí", amount_vnd=1234567)
    ProcedureVersion.objects.update(status="published")
    text = clerk.get(f"{LIST}{draft.procedure.code}/").content.decode()
    assert "1.234.567 đồng" in text


@pytest.mark.parametrize("path", ["", "xuat.csv", "xuat.xlsx", "{code}/"])
def test_strangers_see_nothing(client: Client, path: str) -> None:
    address = LIST + path.format(code=make.version().procedure.code)
    assert client.get(address).status_code == 302
    client.force_login(make.user())
    assert client.get(address).status_code == 403
    client.force_login(make.user(at=make.agency(), role=Role.INSPECTOR))
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405
