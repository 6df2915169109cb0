"""Results of a dossier: scanned, signed here or signed elsewhere; papers scanned afterwards."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, User
from dossiers import attaching, errors, files, lifecycle, result
from dossiers.models import Dossier, Result, StoredFile
from motcua import signing
from motcua.errors import DomainError
from tests import make, papers_made
from tests.certificates import PASSWORD, pkcs12
from tests.pages import SIGNED_IN

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 3)
Record = Callable[..., Dossier]


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def officer(commune: Agency) -> User:
    return make.staff(commune, "officer", "leader")


@pytest.fixture
def dossier(commune: Agency, officer: User) -> Dossier:
    version = make.version(posted_at=commune, components=2)
    taken_in = make.dossier(agency=commune, version=version)
    return lifecycle.start_processing(taken_in, actor=officer, now=make.NOW, request_id=uuid4())


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> None:
    path = tmp_path / "office.p12"
    path.write_bytes(pkcs12("Ủy ban nhân dân xã"))
    settings.SIGNING_PKCS12, settings.SIGNING_PASSWORD = str(path), PASSWORD


def upload(by: User, content: bytes = b"", name: str = "ket qua.pdf") -> StoredFile:
    content = content or papers_made.pdf()
    return files.store(BytesIO(content), name, stored_by=by, now=make.NOW, retention="temporary")


@pytest.fixture
def record(dossier: Dossier, officer: User) -> Record:
    def recorded(**given: Any) -> Dossier:
        values: dict[str, Any] = {
            "actor": officer,
            "now": make.NOW,
            "request_id": uuid4(),
            "title": "Giấy khai  sinh",
            "number": "12/2024",
            "issued_on": DAY,
        }
        if "file_id" not in given:
            given["file_id"] = upload(officer).public_id
        return result.record(dossier, **values | given)

    return recorded


def content_of(file: StoredFile) -> bytes:
    with default_storage.open(file.storage_key) as content:
        return bytes(content.read())


def test_a_scan_is_recorded_with_the_history_saying_so(record: Record, dossier: Dossier) -> None:
    after = record()
    (recorded,) = result.of(dossier)
    assert (recorded.title, recorded.signing) == ("Giấy khai sinh", "scanned")
    assert recorded.file.retention == "dossier"
    event = dossier.events.get(act="record_result")
    assert event.detail == {"result": str(recorded.public_id), "signing": "scanned"}
    assert (after.status, event.from_status, event.to_status) == (4, 4, 4)


def test_a_dossier_may_have_several_and_the_same_request_records_one(
    record: Record, dossier: Dossier, officer: User
) -> None:
    again = {"request_id": uuid4(), "file_id": upload(officer).public_id}
    record(**again)
    record(**again)
    assert len(result.of(dossier)) == 1
    record(title="Bản sao")
    assert len(result.of(dossier)) == 2


def test_signed_here_by_the_office(
    office: None, record: Record, dossier: Dossier, officer: User
) -> None:
    plain = papers_made.pdf()
    again = {
        "request_id": uuid4(),
        "file_id": upload(officer, plain).public_id,
        "sign": True,
    }
    record(**again)
    record(**again)  # a second click signs nothing more
    (recorded,) = result.of(dossier)
    assert recorded.signing == "digital"
    signed = content_of(recorded.file)
    assert signed.startswith(plain)
    assert [one.is_intact for one in signing.signatures_of(signed)] == [True]
    assert StoredFile.objects.filter(retention="temporary").count() == 1  # the unsigned one


def test_signed_elsewhere_keeps_its_bytes(
    office: None, record: Record, dossier: Dossier, officer: User
) -> None:
    signed = signing.sign(papers_made.pdf(), reason="", signer="")
    record(file_id=upload(officer, signed).public_id)
    (recorded,) = result.of(dossier)
    assert recorded.signing == "digital"
    assert content_of(recorded.file) == signed


def test_a_signature_that_no_longer_holds_is_refused(
    office: None, record: Record, officer: User
) -> None:
    signed = signing.sign(papers_made.pdf(), reason="", signer="")
    changed = signed.replace(b"Giay to", b"Giay gi", 1)
    with pytest.raises(errors.FileRefused, match="toàn vẹn"):
        record(file_id=upload(officer, changed).public_id)
    assert not Result.objects.exists()


def test_a_signed_file_is_not_turned(office: None, officer: User) -> None:
    signed = signing.sign(papers_made.pdf(), reason="", signer="")
    with pytest.raises(errors.FileRefused, match="chữ ký"):
        files.store(BytesIO(signed), "a", stored_by=officer, now=make.NOW, rotation=90)


def test_nothing_is_signed_without_a_certificate(record: Record, settings: Any) -> None:
    settings.SIGNING_PKCS12 = ""
    with pytest.raises(signing.SigningUnavailable):
        record(sign=True)


def test_only_a_pdf_is_signed(office: None, record: Record, officer: User) -> None:
    scan = upload(officer, papers_made.picture())
    with pytest.raises(errors.FileRefused, match="PDF"):
        record(file_id=scan.public_id, sign=True)
    record(file_id=scan.public_id)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"number": "x" * 61}, "number"),
        ({"issued_on": DAY + timedelta(days=1)}, "issued_on"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    record: Record, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(result.ResultInvalid) as refused:
        record(**wrong)
    assert list(refused.value.fields) == [field]


def test_only_the_answering_office_and_only_in_time(
    record: Record, dossier: Dossier, officer: User, office: None
) -> None:
    stranger = make.staff(make.agency(), "officer", "leader")
    for sign in (False, True):
        with pytest.raises(errors.OutOfScope):
            record(actor=stranger, file_id=upload(stranger).public_id, sign=sign)
    with pytest.raises(errors.FileRefused):  # somebody else's upload
        record(file_id=upload(stranger).public_id)
    Dossier.objects.filter(pk=dossier.pk).update(status=5)
    dossier.status = 5
    with pytest.raises(errors.MoveNotAllowed):
        record()


def test_word_is_no_result(record: Record, officer: User) -> None:
    draft = upload(officer, papers_made.zipped("word/document.xml"))
    with pytest.raises(errors.FileRefused):
        record(file_id=draft.public_id)


def test_a_reopened_dossier_has_no_results(record: Record, dossier: Dossier, officer: User) -> None:
    act: dict[str, Any] = {"actor": officer, "now": make.NOW}
    done = result.finish(record(), **act, request_id=uuid4())
    again = result.reopen(done, **act, request_id=uuid4(), reason="Sai tên")
    assert result.of(again) == []
    assert Result.objects.get().dropped_at == make.NOW


def test_a_result_is_signed_somehow(record: Record) -> None:
    record()
    with pytest.raises(IntegrityError), transaction.atomic():
        Result.objects.update(signing="maybe")


def test_the_act_has_its_number_of_statements(
    record: Record, officer: User, django_assert_num_queries: Any
) -> None:
    file = upload(officer)
    with django_assert_num_queries(9):
        record(file_id=file.public_id)


# Papers scanned after they were handed in.


def attach(dossier: Dossier, actor: User, papers: dict[int, Any], **given: Any) -> Dossier:
    values: dict[str, Any] = {"actor": actor, "now": make.NOW, "request_id": uuid4()}
    return attaching.attach(dossier, papers=papers, **values | given)


def test_scans_are_attached_all_or_none(dossier: Dossier, officer: User) -> None:
    first, second = upload(officer), upload(make.user())
    with pytest.raises(errors.FileRefused):
        attach(dossier, officer, {1: first.public_id, 2: second.public_id})
    assert not dossier.components.filter(file__isnull=False).exists()
    again = {"request_id": uuid4()}
    attach(dossier, officer, {1: first.public_id}, **again)
    attach(dossier, officer, {1: first.public_id}, **again)
    assert [one.file for one in files.of(dossier)] == [first, None]
    assert dossier.events.get(act="attach").detail == {"positions": [1]}


def test_a_paper_that_has_its_scan_keeps_it(dossier: Dossier, officer: User) -> None:
    attach(dossier, officer, {1: upload(officer).public_id})
    for papers in ({1: upload(officer).public_id}, {9: upload(officer).public_id}, {}):
        with pytest.raises(DomainError):
            attach(dossier, officer, papers)
    with pytest.raises(errors.OutOfScope):
        attach(dossier, make.staff(make.agency()), {2: uuid4()})
    ended = result.finish(dossier, actor=officer, now=make.NOW, request_id=uuid4())
    attach(ended, officer, {2: upload(officer).public_id})


# The pages.


def test_the_page_records_a_result_with_and_without_scripts(
    client: Client, dossier: Dossier, officer: User
) -> None:
    client.force_login(officer)
    address = reverse("dossiers:record_result", args=[dossier.public_id])
    page = client.get(address)
    assert page.status_code == 200
    assert "Trường này" not in page.content.decode()  # nothing is wrong before it is sent
    assert page.context["form"]["request_id"].value()
    typed = {"title": "Giấy khai sinh", "issued_on": "2024-06-03", "request_id": str(uuid4())}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "Chưa chọn tệp kết quả" in refused.content.decode()
    answer = client.post(address, typed | {"file": str(upload(officer).public_id)})
    assert answer.status_code == 302
    plain = BytesIO(papers_made.pdf())
    plain.name = "a.pdf"
    typed["request_id"] = str(uuid4())
    assert client.post(address, typed | {"file_upload": plain}).status_code == 302
    assert len(result.of(dossier)) == 2
    shown = client.get(address).content.decode()
    assert shown.count("Bản chụp bản ký giấy") == 2


def test_the_page_offers_to_sign_only_with_a_certificate(
    client: Client, dossier: Dossier, officer: User, settings: Any
) -> None:
    client.force_login(officer)
    address = reverse("dossiers:record_result", args=[dossier.public_id])
    settings.SIGNING_PKCS12 = ""
    assert "Ký số bằng" not in client.get(address).content.decode()
    settings.SIGNING_PKCS12 = "office.p12"
    assert "Ký số bằng" in client.get(address).content.decode()


def test_the_page_attaches_scans(
    client: Client, dossier: Dossier, officer: User, django_assert_num_queries: Any
) -> None:
    client.force_login(officer)
    address = reverse("dossiers:attach", args=[dossier.public_id])
    with django_assert_num_queries(SIGNED_IN + 6):
        assert "Giấy tờ 2" in client.get(address).content.decode()
    refused = client.post(address, {"request_id": str(uuid4())})
    assert refused.status_code == 422
    typed = {"request_id": str(uuid4()), "paper_2": str(upload(officer).public_id)}
    assert client.post(address, typed).status_code == 302
    assert [bool(one.file) for one in files.of(dossier)] == [False, True]
    client.force_login(make.staff(make.agency()))
    assert client.get(address).status_code == 404
