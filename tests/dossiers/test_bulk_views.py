"""Many dossiers at once, on the screen: chosen, confirmed, watched, tried again."""

import re
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, Role, User
from dossiers import bulk, tasks
from dossiers.models import BulkRun, Dossier, JobState, Status
from tests import make
from tests.dossiers.test_bulk import NOW, begin, done_ones
from tests.pages import SIGNED_IN

pytestmark = pytest.mark.django_db
CONFIRM, START = "/viec/hang-loat/", "/viec/hang-loat/bat-dau/"


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def clerk(client: Client, commune: Agency) -> User:
    user = make.user(at=commune)
    client.force_login(user)
    return user


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
    assert found, name
    return found[1]


def confirmed(client: Client, page: str, act: str, **typed: Any) -> Any:
    sealed = {name: hidden(page, name) for name in ("items", "request_id")}
    return client.post(START, {"act": act, **sealed, **typed})


@time_machine.travel(NOW, tick=False)
def test_a_bulk_hand_over_from_the_list_to_its_end(
    client: Client,
    commune: Agency,
    clerk: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    dossiers = done_ones(commune, clerk, 3)
    sent: list[int] = []
    monkeypatch.setattr(tasks.do_in_bulk, "delay", sent.append)
    chosen = [str(each.public_id) for each in dossiers]
    typed = {"act": "hand_over", "chosen": chosen[:1], "more": ",".join(chosen[1:2])}
    page = client.post(CONFIRM, typed).content.decode()
    assert "Trả kết quả: 2 hồ sơ" in page
    assert str(dossiers[0].code) in page
    assert not BulkRun.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        answers = {confirmed(client, page, "hand_over").headers["Location"] for _ in range(2)}
    [address] = answers  # a second click finds the first run
    run = BulkRun.objects.get()
    assert set(sent) == {run.pk}
    assert "0 trong 2" in client.get(address).content.decode()
    bulk.run(run.pk, lambda: NOW)
    assert "2 trong 2 hồ sơ đã làm" in client.get(address).content.decode()
    assert Dossier.objects.filter(status=Status.RETURNED).count() == 2


def test_everything_that_the_filter_matches(client: Client, commune: Agency, clerk: User) -> None:
    done_ones(commune, clerk, 3)
    make.dossier(agency=commune, version=make.version(posted_at=commune))
    typed = {"act": "hand_over", "all": "1", "query": "list=results"}
    assert "Trả kết quả: 3 hồ sơ" in client.post(CONFIRM, typed).content.decode()
    assert client.get("/viec/so-luong/?list=results").content.decode() == "3"


def test_too_much_is_refused_before_it_begins(
    client: Client, commune: Agency, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    done_ones(commune, clerk, 3)
    monkeypatch.setattr(bulk, "MOST", 2)
    typed = {"act": "hand_over", "all": "1", "query": "list=results"}
    answer = client.post(CONFIRM, typed, follow=True)
    assert "khớp hơn 2 hồ sơ" in answer.content.decode()
    assert answer.redirect_chain == [("/viec/?list=results", 302)]


def test_nothing_chosen_leads_back(client: Client, clerk: User) -> None:
    for typed in ({"act": "hand_over"}, {"act": "x"}, {"act": "hand_over", "chosen": ["x"]}):
        assert client.post(CONFIRM, typed).headers["Location"] == "/viec/?"


def test_a_list_that_was_tampered_with_is_refused(
    client: Client, commune: Agency, clerk: User
) -> None:
    [dossier] = done_ones(commune, clerk, 1)
    typed = {"act": "hand_over", "chosen": [str(dossier.public_id)]}
    page = client.post(CONFIRM, typed).content.decode()
    client.post(START, {"act": "hand_over", "items": "x", "request_id": uuid4()})
    client.force_login(make.user(at=commune))  # somebody else's sealed list
    confirmed(client, page, "hand_over")
    assert not BulkRun.objects.exists()


def test_strangers_choose_nothing(client: Client, commune: Agency) -> None:
    [dossier] = done_ones(commune, make.user(at=commune), 1)
    client.force_login(make.user(at=make.agency()))
    typed = {"act": "hand_over", "chosen": [str(dossier.public_id)]}
    assert client.post(CONFIRM, typed).status_code == 302
    client.force_login(make.user(at=commune, role=Role.REPORTER))
    assert client.post(CONFIRM, typed).status_code == 403


def test_who_and_where_are_asked_for(client: Client, commune: Agency, clerk: User) -> None:
    dossier = make.dossier(agency=commune, version=make.version(posted_at=commune))
    counter = make.agency("Quầy số 2", committee=commune)
    typed = {"act": "send", "chosen": [str(dossier.public_id)]}
    page = client.post(CONFIRM, typed).content.decode()
    assert "Quầy số 2" in page
    assert confirmed(client, page, "send", to_agency="").status_code == 422
    confirmed(client, page, "send", to_agency=str(counter.pk))
    assert BulkRun.objects.get().arguments == {"to_agency": counter.pk, "officer": None}


def test_a_run_is_its_owners_alone(client: Client, commune: Agency, clerk: User) -> None:
    run = begin(clerk, "hand_over", done_ones(commune, clerk, 1))
    address = f"{CONFIRM}{run.public_id}/"
    client.force_login(make.user(at=commune))
    for path in (address, f"{address}tien-do/", f"{address}in.pdf"):
        assert client.get(path).status_code == 404
    assert client.post(f"{address}lam-lai/").status_code == 404


def test_failures_are_listed_and_tried_again(
    client: Client,
    commune: Agency,
    clerk: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    dossiers = done_ones(commune, clerk, 20)
    run = begin(clerk, "hand_over", dossiers)
    Dossier.objects.update(status=Status.RETURNED)
    bulk.run(run.pk, lambda: NOW)
    address = f"{CONFIRM}{run.public_id}/"
    # the run, its states, how many failed, the page of them
    with django_assert_num_queries(SIGNED_IN + 4):
        page = client.get(address).content.decode()
    assert "20 không làm được" in page
    assert all(str(each.code) in page for each in dossiers)
    Dossier.objects.update(status=Status.DONE)
    client.post(f"{address}lam-lai/")
    bulk.run(run.pk, lambda: NOW)
    run.refresh_from_db()
    assert (run.state, run.items.filter(state=JobState.DONE).count()) == (JobState.DONE, 20)


def test_many_papers_are_printed_as_one_file(client: Client, commune: Agency, clerk: User) -> None:
    version = make.version(posted_at=commune)
    dossiers = [make.dossier(agency=commune, version=version) for _ in range(2)]
    run = begin(clerk, "print", dossiers)
    bulk.run(run.pk, lambda: NOW)
    run.refresh_from_db()
    assert run.state == JobState.DONE
    answer = client.get(f"{CONFIRM}{run.public_id}/in.pdf")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert content.startswith(b"%PDF-")
    bulk.run(run.pk, lambda: NOW)
    assert sum(slip.prints.count() for each in dossiers for slip in each.slips.all()) == 2


def test_fifty_rows_are_a_light_page(client: Client, commune: Agency, clerk: User) -> None:
    version = make.version(posted_at=commune, name="Đăng ký khai sinh kết hợp nhận cha, mẹ, con")
    for _ in range(50):
        make.dossier(agency=commune, version=version, officer=clerk)
    for path in ("/viec/", "/ho-so/"):
        answer = client.get(path)
        assert len(answer.context["rows"]) == 50
        assert len(answer.content) <= 60_000, len(answer.content)
