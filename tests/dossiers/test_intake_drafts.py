"""Drafts that outlive the browser, and batches of small requests."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agencies.models import Agency, User
from dossiers import drafts
from dossiers.models import Dossier, IntakeDraft
from procedures.models import ProcedureVersion
from tests import make
from tests.pages import SIGNED_IN_BEFORE

NUMBER, PHONE = "051203000123", "0905123456"


@pytest.fixture
def commune(db: None) -> Agency:
    cache.clear()
    return make.agency()


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune, components=("Tờ khai",), fee_vnd=8000)


@pytest.fixture
def officer(commune: Agency) -> User:
    return make.user(at=commune)


@pytest.fixture
def clerk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def path(version: ProcedureVersion, rest: str = "") -> str:
    return f"/tiep-nhan/{version.procedure.code}/{rest}"


# Drafts


def kept(clerk: Client, version: ProcedureVersion, **fields: str) -> str:
    key = fields.setdefault("intake_key", str(uuid4()))
    answer = clerk.post(path(version, "nhap/"), fields)
    assert answer.status_code == 200, answer.content
    return key


def test_a_draft_is_kept_encrypted_and_restores_what_was_typed(
    clerk: Client,
    version: ProcedureVersion,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    paper = version.components.get()
    typed = {"holder-name": "Hồ Thị Bưởi", "holder-citizen_id": NUMBER, "channel": "post"}
    typed |= {f"component_{paper.pk}": "on", f"component_{paper.pk}_quantity": "3"}
    key = kept(clerk, version, **typed, capacity="authorised", reason="Thiếu")
    draft = IntakeDraft.objects.get()
    assert "Bưởi".encode() not in bytes(draft.cipher)
    page = clerk.get(path(version), {"nhap": key})
    forms = page.context["forms"]
    assert str(forms.main["intake_key"].value()) == key
    assert forms.holder["name"].value() == "Hồ Thị Bưởi"
    assert forms.main["channel"].value() == "post"
    assert forms.main["capacity"].value() == "authorised"
    assert page.context["outcome"]["reason"].value() == "Thiếu"
    text = page.content.decode()
    assert NUMBER in text
    assert 'value="3"' in text
    # version, components, counters, the draft
    with django_assert_num_queries(SIGNED_IN_BEFORE + 3):
        kept(clerk, version, intake_key=key, **{"holder-name": "Khác"})
    assert IntakeDraft.objects.count() == 1


def test_a_draft_is_offered_and_may_be_dropped(clerk: Client, version: ProcedureVersion) -> None:
    key = kept(clerk, version, **{"holder-name": "Hồ Thị Bưởi"})
    for page in ("/tiep-nhan/", path(version)):
        text = clerk.get(page).content.decode()
        assert f"?nhap={key}" in text
        assert "Hồ Thị Bưởi" in text  # two of one procedure are told apart
    assert clerk.post(f"/tiep-nhan/nhap/{key}/bo/").status_code == 302
    assert not IntakeDraft.objects.exists()


def test_the_draft_of_another_clerk_does_not_exist(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    key = kept(clerk, version, **{"holder-name": "Hồ Thị Bưởi"})
    other = Client()
    other.force_login(make.user(at=commune))
    assert key not in other.get("/tiep-nhan/").content.decode()
    assert other.get(path(version), {"nhap": key}).status_code == 404
    assert other.post(f"/tiep-nhan/nhap/{key}/bo/").status_code == 404
    answer = other.post(path(version, "nhap/"), {"intake_key": key, "holder-name": "Khác"})
    assert answer.status_code == 409
    assert "Bưởi" in str(
        drafts.read(IntakeDraft.objects.get().owner, IntakeDraft.objects.get().public_id)
    )


def test_a_draft_goes_with_the_answer_and_a_late_save_brings_it_back_no_more(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    paper = version.components.get()
    fields = {
        "agency": str(commune.pk),
        "channel": "direct",
        "delivery": "counter",
        "holder-kind": "person",
        "holder-name": "Hồ Thị Bưởi",
        f"component_{paper.pk}": "on",
        f"component_{paper.pk}_form": "original",
        f"component_{paper.pk}_quantity": "1",
    }
    fields["intake_key"] = kept(clerk, version, **fields)
    assert clerk.post(path(version), fields).status_code == 302
    assert not IntakeDraft.objects.exists()
    assert clerk.post(path(version, "nhap/"), fields).status_code == 409
    assert not IntakeDraft.objects.exists()


def test_a_draft_for_an_older_version_says_so(
    clerk: Client, commune: Agency, officer: User
) -> None:
    old = make.version(posted_at=commune, effective_to=date(2024, 6, 30))
    with time_machine.travel(make.NOW, tick=False):
        key = kept(clerk, old, **{"holder-name": "Hồ Thị Bưởi"})
    make.version(procedure=old.procedure, number=2, effective_from=date(2024, 7, 1))
    with time_machine.travel(make.at("2024-07-01 09:00"), tick=False):
        clerk.force_login(officer)
        IntakeDraft.objects.update(saved_at=make.at("2024-06-30"))
        text = clerk.get(path(old), {"nhap": key}).content.decode()
    assert "phiên bản mới" in text
    assert "Hồ Thị Bưởi" in text


def test_a_draft_of_a_procedure_that_ended_says_so_and_leads_nowhere(
    clerk: Client, commune: Agency, officer: User
) -> None:
    ended = make.version(posted_at=commune, effective_to=date(2024, 6, 30))
    with time_machine.travel(make.NOW, tick=False):
        key = kept(clerk, ended, **{"holder-name": "Hồ Thị Bưởi"})
    with time_machine.travel(make.at("2024-07-01 09:00"), tick=False):
        clerk.force_login(officer)
        IntakeDraft.objects.update(saved_at=make.at("2024-06-30"))
        text = clerk.get("/tiep-nhan/").content.decode()
    assert "thủ tục không còn hiệu lực" in text
    assert "Hồ Thị Bưởi" in text
    assert f"?nhap={key}" not in text


def test_drafts_are_not_kept_for_ever(clerk: Client, version: ProcedureVersion) -> None:
    kept(clerk, version)
    draft = IntakeDraft.objects.get()
    assert drafts.sweep(draft.saved_at + drafts.KEPT - timedelta(minutes=1)) == 0
    assert drafts.sweep(draft.saved_at + drafts.KEPT) == 1


def test_a_draft_is_not_endless(clerk: Client, version: ProcedureVersion) -> None:
    fields = {"intake_key": str(uuid4()), "others": "x" * drafts.LONGEST}
    assert clerk.post(path(version, "nhap/"), fields).status_code == 409


# Batches


def rows(*people: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"rows": "5"}
    for number in range(1, 6):
        fields |= {f"row{number}-key": str(uuid4()), f"row{number}-quantity": "1"}
    for number, person in enumerate(people, 1):
        fields |= {f"row{number}-{name}": value for name, value in person.items()}
    return fields


def test_a_table_of_small_requests_is_taken_in_row_by_row(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    address = path(version, "nhieu/")
    assert "Dòng trống được bỏ qua" in clerk.get(address).content.decode()
    fields = rows(
        {"name": "Hồ Thị Bưởi", "citizen_id": NUMBER, "quantity": "3"},
        {"name": "", "phone": PHONE},
        {"name": "Trần Văn Cò"},
    ) | {"agency": commune.pk}
    first = clerk.post(address, fields)
    assert first.status_code == 422
    assert Dossier.objects.count() == 2
    assert first.context["rows"][1].errors
    # The wrong row is put right; the others are found again.
    second = clerk.post(address, fields | {"row2-name": "Nguyễn Thị Én"})
    assert second.status_code == 200
    assert Dossier.objects.count() == 3
    codes = [row.dossier.code for row in second.context["rows"] if row.dossier]
    assert len(codes) == 3
    assert all(code in second.content.decode() for code in codes)
    quantities = Dossier.objects.order_by("pk").values_list("components__quantity", flat=True)
    assert list(quantities) == [3, 1, 1]


def test_rows_taken_in_are_left_alone_whatever_is_typed_since(
    clerk: Client, version: ProcedureVersion, commune: Agency
) -> None:
    fields = rows({"name": "Hồ Thị Bưởi"}) | {"agency": commune.pk}
    clerk.post(path(version, "nhieu/"), fields)
    again = clerk.post(path(version, "nhieu/"), fields | {"row1-name": "Khác"})
    assert again.status_code == 200
    assert Dossier.objects.get().holder_name == "Hồ Thị Bưởi"


def test_a_table_is_solved_at_once_where_the_catalogue_says_so(
    clerk: Client, commune: Agency
) -> None:
    version = make.version(posted_at=commune, immediate=True, fee_vnd=2000)
    fields = rows({"name": "Hồ Thị Bưởi"}) | {"agency": commune.pk}
    clerk.post(path(version, "nhieu/"), fields | {"at_once": "on", "is_paid": "on"})
    assert Dossier.objects.get().status == 10


def test_more_rows_keep_what_was_typed(clerk: Client, version: ProcedureVersion) -> None:
    page = clerk.post(path(version, "nhieu/"), rows({"name": "Hồ Thị Bưởi"}) | {"more": "1"})
    assert len(page.context["rows"]) == 10
    assert "Hồ Thị Bưởi" in page.content.decode()
    assert not Dossier.objects.exists()
