"""Uploads and the viewer: what is answered, to whom, under which headers."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, User
from dossiers import archiving, files
from dossiers.models import Dossier, StoredFile
from tests import make, papers_made
from tests.pages import SIGNED_IN, SIGNED_IN_BEFORE

pytestmark = pytest.mark.django_db
PDF = papers_made.pdf(2)


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def clerk(commune: Agency, client: Client) -> User:
    member = make.staff(commune)
    client.force_login(member)
    return member


def send(client: Client, content: bytes, name: str = "a.pdf", **more: str) -> Any:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(reverse("dossiers:upload"), {"file": file, **more})


def attached(commune: Agency, content: bytes = PDF) -> tuple[Dossier, StoredFile]:
    dossier = make.dossier(agency=commune, version=make.version(posted_at=commune, components=1))
    file = files.store(BytesIO(content), "tờ khai", stored_by=None, now=make.NOW)
    dossier.components.update(file=file)
    return dossier, file


def get(client: Client, file: StoredFile, name: str = "file", query: str = "") -> Any:
    return client.get(reverse(f"dossiers:{name}", args=[file.public_id]) + query)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_an_upload_is_answered_with_what_the_form_needs(
    client: Client, clerk: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(SIGNED_IN + 1):
        answer = send(client, PDF, "tờ khai.exe")
    kept = StoredFile.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(kept.public_id),
        "name": "tờ khai.pdf",
        "size": len(PDF),
        "pages": 2,
        "type": "application/pdf",
        "url": f"/tep/{kept.public_id}/",
        "thumbnail": f"/tep/{kept.public_id}/thu-nho/",
    }
    assert (kept.retention, kept.stored_by) == ("temporary", clerk)
    assert "no-store" in answer["Cache-Control"]
    office = send(client, papers_made.zipped("word/document.xml")).json()
    assert (office["thumbnail"], office["pages"]) == ("", None)


def test_a_refused_upload_says_why(client: Client, clerk: User) -> None:
    answer = send(client, b"<html>")
    assert answer.status_code == 422
    assert answer.json()["code"] == "file_refused"
    for turned in ("45", "-90", "x"):
        assert send(client, PDF, rotation=turned).status_code == 422
    assert client.post(reverse("dossiers:upload")).status_code == 422
    assert not StoredFile.objects.exists()


def test_a_request_that_is_too_large_is_not_read(
    client: Client, clerk: User, settings: Any
) -> None:
    settings.LARGEST_REQUEST = 1000
    assert send(client, PDF + bytes(2000)).status_code == 400
    assert not StoredFile.objects.exists()


def test_only_staff_with_a_role_uploads(client: Client) -> None:
    client.force_login(make.user())
    assert send(client, PDF).status_code == 403
    assert not StoredFile.objects.exists()


def test_an_upload_is_seen_by_its_sender_alone(
    client: Client, clerk: User, commune: Agency
) -> None:
    send(client, PDF)
    kept = StoredFile.objects.get()
    assert body(get(client, kept)) == PDF
    client.force_login(make.staff(commune))
    for name in ("file", "thumbnail"):
        assert get(client, kept, name).status_code == 404


def test_a_file_of_a_dossier_is_seen_by_those_who_see_the_dossier(
    client: Client, clerk: User, commune: Agency, django_assert_num_queries: Any
) -> None:
    _, file = attached(commune)
    get(client, file)
    with django_assert_num_queries(SIGNED_IN_BEFORE + 4):
        assert body(get(client, file)) == PDF
    assert get(client, file, "thumbnail").status_code == 200
    client.force_login(make.staff(make.agency()))
    for name in ("file", "thumbnail"):
        assert get(client, file, name).status_code == 404


def test_whoever_uploaded_it_sees_it_no_longer_when_the_dossier_is_elsewhere(
    client: Client, clerk: User
) -> None:
    _, file = attached(make.agency())
    StoredFile.objects.update(stored_by=clerk)
    assert get(client, file).status_code == 404


def test_nothing_in_a_shown_file_may_run(client: Client, clerk: User, commune: Agency) -> None:
    for content, shown in (
        (PDF, "inline"),
        (papers_made.picture(), "inline"),
        (papers_made.picture("TIFF"), "attachment"),
        (papers_made.zipped("xl/workbook.xml"), "attachment"),
    ):
        _, file = attached(commune, content)
        answer = get(client, file)
        assert answer["Content-Type"] == file.media_type
        assert answer["Content-Disposition"].startswith(shown)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
        assert policy.endswith("; sandbox allow-downloads")


def test_the_archive_copy_is_shown_once_it_is_made(
    client: Client, clerk: User, commune: Agency
) -> None:
    _, file = attached(commune)
    assert get(client, file, query="?copy=archive").status_code == 404
    archiving.archive_waiting(make.NOW)
    assert b"pdfaid:part" in body(get(client, file, query="?copy=archive"))


def test_a_lost_file_is_not_found(client: Client, clerk: User, commune: Agency) -> None:
    _, file = attached(commune)
    files.delete_content(file)
    for name in ("file", "thumbnail"):
        assert get(client, file, name).status_code == 404
