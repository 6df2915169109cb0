"""Lists as files: what stands in them, made once, for their owner alone."""

import csv
import io
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from openpyxl import load_workbook

from agencies.models import Agency, Appointment, User
from dossiers import errors, export_files, export_sources, exporting, files, saved_views, tasks
from dossiers.models import Dossier, Export, JobState, SavedView, StoredFile
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.at("2024-06-05 09:00")


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def clerk(commune: Agency) -> User:
    return make.user(at=commune)


def asked(user: User, kind: str = "list", form: str = "csv", query: str = "") -> Export:
    return exporting.request(user, kind=kind, format=form, query=query, now=NOW)


def made(export: Export) -> Export:
    exporting.run(export.pk, lambda: NOW)
    export.refresh_from_db()
    return export


def content(export: Export) -> bytes:
    assert export.file is not None
    with default_storage.open(export.file.storage_key) as file:
        return bytes(file.read())


def rows(export: Export) -> list[dict[str, str]]:
    text = content(export).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def dossier(commune: Agency, name: str = "Nguyễn Thị Én") -> Dossier:
    holder = make.person(name, citizen_id="079090001234", phone="0905123456")
    return make.dossier(agency=commune, version=make.version(posted_at=commune), holder=holder)


def test_a_csv_holds_the_list_with_numbers_masked(commune: Agency, clerk: User) -> None:
    one = dossier(commune)
    [row] = rows(made(asked(clerk)))
    assert row["Mã hồ sơ"] == one.code
    assert row["Chủ hồ sơ"] == "Nguyễn Thị Én"
    assert row["Tiếp nhận"] == "03/06/2024 09:00"
    assert row["Số định danh"] == "0790•••••234"
    assert "0905123456" not in row.values()


def test_an_xlsx_holds_the_same(commune: Agency, clerk: User) -> None:
    one = dossier(commune)
    export = made(asked(clerk, form="xlsx"))
    sheet: Any = load_workbook(io.BytesIO(content(export))).active
    [head, row] = list(sheet.iter_rows(values_only=True))
    assert dict(zip(head, row, strict=True))["Mã hồ sơ"] == one.code
    assert dict(zip(head, row, strict=True))["Tiếp nhận"] == make.NOW.replace(tzinfo=None)
    assert (export.state, export.total) == (JobState.DONE, 1)


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_name_becomes_a_formula(commune: Agency, clerk: User, name: str, form: str) -> None:
    one = dossier(commune)
    Dossier.objects.filter(pk=one.pk).update(holder_name=name)
    export = made(asked(clerk, form=form))
    if form == "csv":
        assert rows(export)[0]["Chủ hồ sơ"] == f"'{name}"
    else:
        book: Any = load_workbook(io.BytesIO(content(export)))
        cell = book.active["B2"]
        assert (cell.value, cell.data_type) == (f"'{name}", "s")


def test_the_filters_and_the_order_are_those_of_the_list(commune: Agency, clerk: User) -> None:
    for name in ("Trần Văn Cò", "Lê Thị An", "Trần Thị Bé"):
        dossier(commune, name)
    found = rows(made(asked(clerk, "work", query="list=office&q=tran&sort=name")))
    assert [row["Chủ hồ sơ"] for row in found] == ["Trần Thị Bé", "Trần Văn Cò"]


def test_the_question_is_kept_encrypted(clerk: User) -> None:
    export = asked(clerk, query="q=079090001234")
    assert b"079090001234" not in bytes(export.query_cipher)


def test_the_scope_is_that_of_the_moment_when_it_is_made(commune: Agency, clerk: User) -> None:
    dossier(commune)
    export = asked(clerk)
    Appointment.objects.filter(user=clerk).update(valid_to=NOW.date() - timedelta(days=1))
    made(export)
    assert export.state == JobState.FAILED
    assert "vai trò" in export.error
    assert export.file is None


def test_a_message_delivered_twice_makes_one_file(commune: Agency, clerk: User) -> None:
    dossier(commune)
    export = asked(clerk)
    for _ in range(2):
        made(export)
    assert (export.attempt, StoredFile.objects.count()) == (1, 1)


def test_a_run_given_up_for_dead_writes_nothing_more(
    commune: Agency, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier(commune)
    export, write = asked(clerk), export_files.write
    later = NOW + exporting.LEASE + timedelta(seconds=1)

    def slow(*given: Any) -> int:
        monkeypatch.setattr(export_files, "write", write)
        assert exporting.sweep(later) == [export.pk]
        exporting.run(export.pk, lambda: later)  # another worker, while this one sleeps
        return write(*given)

    monkeypatch.setattr(export_files, "write", slow)
    made(export)
    assert (export.state, export.attempt) == (JobState.DONE, 2)
    assert StoredFile.objects.get().pk == export.file_id


def test_the_sweep_nudges_what_no_message_reached_and_gives_up_at_last(clerk: User) -> None:
    export = asked(clerk)
    assert exporting.sweep(NOW) == []
    assert exporting.sweep(NOW + timedelta(minutes=10)) == [export.pk]
    Export.objects.update(state=JobState.RUNNING, attempt=3, beat_at=NOW)
    assert exporting.sweep(NOW + timedelta(hours=1)) == []
    export.refresh_from_db()
    assert export.state == JobState.FAILED


def test_files_go_after_a_week(commune: Agency, clerk: User) -> None:
    dossier(commune)
    export = made(asked(clerk))
    files.sweep(NOW + timedelta(days=6))
    assert StoredFile.objects.exists()
    exporting.sweep(NOW + timedelta(days=8))
    files.sweep(NOW + timedelta(days=8))
    export.refresh_from_db()
    assert (export.file, bytes(export.query_cipher)) == (None, b"")
    assert not StoredFile.objects.exists()


def test_a_failure_is_told_in_words(
    commune: Agency, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any) -> int:
        raise RuntimeError("secret")

    monkeypatch.setattr(export_files, "write", broken)
    export = made(asked(clerk))
    assert export.state == JobState.FAILED
    assert "secret" not in export.error


def test_what_cannot_be_made_is_refused(clerk: User) -> None:
    for kind, form, query in (
        ("list", "pdf", ""),
        ("x", "csv", ""),
        ("work", "csv", "status=99"),
        ("list", "csv", "q=" + "x" * 5000),
    ):
        with pytest.raises(errors.ExportRefused):
            asked(clerk, kind, form, query)
    for _ in range(exporting.MOST_WAITING):
        asked(clerk)
    with pytest.raises(errors.ExportRefused):
        asked(clerk)


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_the_register_is_exported_whole(commune: Agency, clerk: User, form: str) -> None:
    one = dossier(commune)
    export = made(asked(clerk, "register", form, query="year=2024"))
    assert (export.state, export.error) == (JobState.DONE, "")
    if form == "csv":
        assert one.code in rows(export)[0].values()
    else:
        assert content(export)[:4] == {"xlsx": b"PK\x03\x04", "pdf": b"%PDF"}[form]


@pytest.mark.machine
def test_memory_does_not_grow_with_the_list(commune: Agency, clerk: User, tmp_path: Path) -> None:
    """Fifty thousand rows take no more than a thousand and what openpyxl keeps of strings."""
    one = dossier(commune)
    row = export_sources._row(
        Dossier.objects.select_related("version__procedure", "version__field").get(pk=one.pk),
        NOW,
    )
    peaks = []
    for count in (1_000, 50_000):
        table = export_files.Table("T", export_sources.COLUMNS, (row for _ in range(count)))
        tracemalloc.start()
        assert export_files.write(tmp_path / "t", "xlsx", table, lambda done: None) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 5_000_000


# The screens


def test_a_list_is_exported_from_its_page(client: Client, commune: Agency, clerk: User) -> None:
    one = dossier(commune)
    client.force_login(clerk)
    with time_machine.travel(NOW, tick=False):
        answer = client.post("/xuat-tep/", {"kind": "list", "format": "csv", "query": ""})
        export = Export.objects.get()
        tasks.make_export(export.pk)
        page = client.get(answer.headers["Location"]).content.decode()
        assert "Tải CSV" in page
        file = client.get(f"/xuat-tep/{export.public_id}/tep/")
    assert str(one.code).encode() in b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert "attachment" in file.headers["Content-Disposition"]
    assert str(one.code) not in client.get("/xuat-tep/").content.decode()


def test_only_who_asked_for_it_gets_it(client: Client, commune: Agency, clerk: User) -> None:
    export = made(asked(clerk))
    client.force_login(make.user(at=commune))  # a colleague with the same scope
    for part in ("", "tep/"):
        assert client.get(f"/xuat-tep/{export.public_id}/{part}").status_code == 404
    assert str(export.public_id) not in client.get("/xuat-tep/").content.decode()


def test_without_a_broker_the_row_waits(
    client: Client,
    commune: Agency,
    clerk: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def gone(pk: int) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks.make_export, "delay", gone)
    client.force_login(clerk)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/xuat-tep/", {"kind": "list", "format": "csv", "query": ""})
    assert answer.status_code == 302
    assert Export.objects.get().state == JobState.PENDING


def test_a_filter_is_kept_under_a_name_without_what_was_searched(
    client: Client, clerk: User
) -> None:
    client.force_login(clerk)
    typed = {"route": "dossiers:work", "name": " Trễ,  trực tuyến "}
    typed["query"] = "list=overdue&channel=online&q=079090001234&status=&after=1.n"
    answer = client.post("/bo-loc/", typed)
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Trễ, trực tuyến", "list=overdue&channel=online")
    assert answer.headers["Location"] == "/viec/?list=overdue&channel=online"
    assert "Trễ, trực tuyến" in client.get("/viec/").content.decode()
    client.post("/bo-loc/", typed | {"query": "list=own"})  # the same name again
    assert SavedView.objects.get().query == "list=own"

    other = Client()
    other.force_login(make.user(at=make.agency()))
    assert "Trễ, trực tuyến" not in other.get("/viec/").content.decode()
    assert other.post(f"/bo-loc/{view.pk}/xoa/").status_code == 404
    client.post(f"/bo-loc/{view.pk}/xoa/")
    assert not SavedView.objects.exists()


def test_a_filter_without_a_name_or_of_no_list_is_refused(clerk: User) -> None:
    for route, name in (("dossiers:work", "  "), ("home", "A")):
        with pytest.raises(errors.ViewInvalid):
            saved_views.save(clerk, route=route, name=name, query="")
