"""The holder's electronic store: what goes in, who sees what, and each look kept."""

from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, User
from dossiers import archiving, errors, files, intake, known, result, store
from dossiers.intake import ComponentGiven
from dossiers.models import Dossier, MaskedView, StoredFile, StoredPaper
from tests import make, papers_made
from tests.pages import SIGNED_IN_BEFORE

pytestmark = pytest.mark.django_db
NUMBER = "079090001234"


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def clerk(commune: Agency) -> User:
    return make.staff(commune)


def upload(by: User) -> StoredFile:
    content = BytesIO(papers_made.picture())
    return files.store(content, "a.jpg", stored_by=by, now=make.NOW, retention="temporary")


def taken_in(commune: Agency, clerk: User, *, number: str = NUMBER) -> Dossier:
    version = make.version(posted_at=commune, components=("Giấy chứng sinh",))
    component = version.components.get()
    given = ComponentGiven(component.pk, "", "original", file_id=upload(clerk).pk)
    holder = make.person(citizen_id=number)
    wanted = replace(make.request(commune, version, holder=holder), components=(given,))
    dossier = intake.accept(wanted, officer=clerk, now=make.NOW)
    archiving.archive_waiting(make.NOW)
    return dossier


def papers(clerk: User, number: str = NUMBER, kind: str = "person") -> list[str]:
    return [one.name for one in store.papers_of(kind, number, viewer=clerk, now=make.NOW)]


def test_papers_of_an_accepted_dossier_are_kept_for_their_holder(
    commune: Agency, clerk: User
) -> None:
    dossier = taken_in(commune, clerk)
    kept = StoredPaper.objects.get()
    assert (kept.party, kept.dossier, kept.kind) == (dossier.holder, dossier, "component")
    assert papers(clerk) == ["Giấy chứng sinh"]
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredPaper.objects.create(
            party=kept.party, file=kept.file, dossier=dossier, stored_at=make.NOW
        )


def test_a_holder_without_a_number_has_no_store(commune: Agency, clerk: User) -> None:
    taken_in(commune, clerk, number="")
    assert not StoredPaper.objects.exists()


def test_only_the_exact_number_finds_them_and_the_look_is_kept(
    commune: Agency, clerk: User
) -> None:
    dossier = taken_in(commune, clerk)
    assert papers(clerk, "079090001235") == papers(clerk, "") == []
    assert papers(clerk, NUMBER, "organisation") == []
    with pytest.raises(errors.PartyInvalid):
        papers(clerk, "0790")
    assert not MaskedView.objects.exists()
    papers(clerk)
    look = MaskedView.objects.get()
    assert (look.party, look.what, look.viewer) == (dossier.holder, "store", clerk)


def test_a_result_is_offered_while_it_stands(commune: Agency) -> None:
    leader = make.staff(commune, "clerk", "leader")
    dossier = taken_in(commune, leader)
    act: dict[str, Any] = {"actor": leader, "now": make.NOW}
    dossier = result.record(
        dossier,
        **act,
        request_id=uuid4(),
        title="Giấy khai sinh",
        number="1",
        issued_on=make.NOW.date(),
        file_id=upload(leader).public_id,
    )
    archiving.archive_waiting(make.NOW)
    assert papers(leader) == ["Giấy chứng sinh"]
    dossier = result.finish(dossier, **act, request_id=uuid4())
    assert set(papers(leader)) == {"Giấy chứng sinh", "Giấy khai sinh"}
    result.reopen(dossier, **act, request_id=uuid4(), reason="Sai tên mẹ")
    assert papers(leader) == ["Giấy chứng sinh"]
    assert result.of(dossier) == []


def test_a_paper_is_used_again_and_shared(commune: Agency, clerk: User) -> None:
    first = taken_in(commune, clerk)
    kept = StoredPaper.objects.get()
    version = make.version(posted_at=commune, components=("Giấy chứng sinh",))
    given = ComponentGiven(version.components.get().pk, "", "electronic", reused_id=kept.pk)
    holder = make.person(citizen_id=NUMBER)
    wanted = replace(make.request(commune, version, holder=holder), components=(given,))
    second = intake.accept(wanted, officer=clerk, now=make.NOW)
    paper = second.components.get()
    assert (paper.file, paper.reused_from) == (kept.file, kept)
    assert paper.file == first.components.get().file
    archiving.archive_waiting(make.NOW)
    assert StoredPaper.objects.count() == 1

    stranger = replace(wanted, intake_key=uuid4(), holder=make.person(citizen_id="079090001299"))
    with pytest.raises(errors.FileRefused):
        intake.accept(stranger, officer=clerk, now=make.NOW)


def test_papers_of_the_same_name_come_first(commune: Agency, clerk: User) -> None:
    taken_in(commune, clerk)
    kept = list(StoredPaper.objects.select_related("component"))
    same, other = store.offers([(1, "Giấy chứng sinh"), (2, "Tờ khai")], kept)
    assert (same.same, same.others, other.same, other.others) == (kept, [], [], kept)


def test_the_counter_is_offered_them_by_the_number_typed(
    client: Client, commune: Agency, clerk: User, django_assert_num_queries: object
) -> None:
    dossier = taken_in(commune, clerk)
    client.force_login(clerk)
    address = reverse("dossiers:store", args=[dossier.version.procedure.code])
    typed = {"holder-kind": "person", "holder-citizen_id": NUMBER}
    client.post(address, typed)
    with django_assert_num_queries(SIGNED_IN_BEFORE + 5):  # type: ignore[operator]
        answer = client.post(address, typed)
    shown = answer.content.decode()
    assert "Giấy chứng sinh" in shown
    assert str(StoredPaper.objects.get().public_id) in shown
    assert NUMBER not in shown
    assert "no-store" in answer["Cache-Control"]
    assert not client.post(address, {"holder-citizen_id": "0790"}).content.strip()
    assert client.get(address, typed).status_code == 405


def test_nobody_tries_numbers_one_after_the_other(
    client: Client, commune: Agency, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MOST", 1)
    dossier = taken_in(commune, clerk)
    client.force_login(clerk)
    address = reverse("dossiers:store", args=[dossier.version.procedure.code])
    typed = {"holder-kind": "person", "holder-citizen_id": NUMBER}
    pages = [client.post(address, typed).content.decode() for _ in range(2)]
    assert ["Giấy chứng sinh" in page for page in pages] == [True, False]


def test_the_paper_itself_only_with_the_citizen_present(
    client: Client, commune: Agency, clerk: User
) -> None:
    taken_in(commune, clerk)
    other = make.staff(make.agency())
    kept = StoredPaper.objects.get()
    address = reverse("dossiers:stored_paper", args=[kept.public_id])
    client.force_login(other)
    assert client.get(reverse("dossiers:file", args=[kept.file.public_id])).status_code == 404
    assert client.post(address).status_code == 404
    assert client.get(address).status_code == 405
    assert not MaskedView.objects.exists()
    answer = client.post(address, {"present": "on"})
    assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    look = MaskedView.objects.get()
    assert (look.what, look.viewer, look.dossier) == ("paper", other, kept.dossier)
