"""A run of the wizard: mapped, checked, imported; once, by one worker, in one's own scope."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from agencies.models import Agency, Appointment, Role, User
from agencies.scope import scope_of
from dossiers import import_runs
from dossiers.errors import FileRefused, ImportStep
from dossiers.importing import working
from dossiers.importing.run import import_file
from dossiers.models import Dossier, ImportMapping, ImportRun, Party, StoredFile
from motcua.spreadsheet import SpreadsheetRefused
from procedures.models import ProcedureVersion
from tests import make
from tests.dossiers.importing import foreign
from tests.dossiers.importing.books import LATER
from tests.dossiers.importing.foreign import checked, imported, line, uploaded, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Agency:
    return make.agency()


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune)


@pytest.fixture
def user(commune: Agency) -> User:
    return foreign.importer(commune)


def test_a_file_of_another_system_comes_in(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = checked(commune, user, [line(1, version), line(2, version)])
    assert (run.state, run.report["checked"], run.report["faults"]) == ("checked", 2, 0)
    assert Dossier.objects.count() == 0
    first = run.report["preview"][0]
    assert (first["code"], first["citizen_id"]) == ("HS-0001", "0511•••••001")
    import_runs.request_import(run)
    worked(run)
    assert (run.state, run.report["inserted"], run.glance) == ("done", 2, {})
    assert "preview" not in run.report
    dossier = Dossier.objects.get(code="HS-0001")
    assert (dossier.status, dossier.batch_id) == (10, run.batch_id)
    assert (dossier.fees.get().amount_vnd, dossier.legs.get().outcome) == (8000, "early")
    assert run.batch is not None
    assert run.batch.imported_by == user


def test_a_mapping_is_remembered_for_its_source(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    imported(commune, user, [line(1, version)])
    again = import_runs.upload(
        foreign.book([line(2, version)]),
        "so-cu-2.xlsx",
        source=foreign.SOURCE,
        agency=commune,
        actor=user,
        now=LATER,
    )
    assert again.mapping == foreign.mapping(commune)
    assert ImportMapping.objects.get().saved_by == user
    assert import_runs.remembered(make.agency(), foreign.SOURCE) == {}  # another agency's own


def test_errors_name_their_sheet_their_row_and_their_header(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    wrong = {"Ngày tiếp nhận": "hôm kia", "Hình thức nộp": "Chim câu"}
    lines = [line(1, version, **wrong), line(2, version, **{"Ngày có kết quả": "01/06/2024"})]
    run = checked(commune, user, lines)
    told = {(each["sheet"], each["row"], each["column"]) for each in run.report["errors"]}
    assert told == {
        ("Danh sách", 3, "Ngày tiếp nhận"),
        ("Danh sách", 3, "Hình thức nộp"),
        ("Danh sách", 4, "Ngày trả kết quả"),
    }
    with pytest.raises(ImportStep):
        import_runs.request_import(run)


def test_a_hundred_errors_are_all_told(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    lines = [line(number, version, **{"Số CCCD": "123"}) for number in range(1, 101)]
    run = checked(commune, user, lines)
    assert (run.report["faults"], len(run.report["errors"])) == (100, 100)
    assert "123" not in "".join(each["message"] for each in run.report["errors"])


def test_only_ones_own_counters_get_dossiers(version: ProcedureVersion, user: User) -> None:
    other = make.agency()
    make.posting(other, version)
    run = uploaded(
        Agency.objects.get(pk=user.appointments.get().agency_id), user, [line(1, version)]
    )
    mapping = foreign.mapping(other)
    import_runs.map_columns(run, mapping, actor=user, now=LATER)
    import_runs.request_check(run)
    worked(run)
    assert [each["message"] for each in run.report["errors"]] == [
        "Không phải nơi nộp thuộc phạm vi của người nhập."
    ]


def test_the_same_file_again_imports_nothing_twice(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    imported(commune, user, [line(1, version)])
    run = checked(commune, user, [line(1, version)])
    assert (run.report["unchanged"], run.report["checked"]) == (1, 0)
    with pytest.raises(ImportStep):
        import_runs.request_import(run)


def test_a_second_click_and_a_second_message_do_nothing(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = checked(commune, user, [line(1, version)])
    same = ImportRun.objects.get(pk=run.pk)
    import_runs.request_import(run)
    import_runs.request_import(same)
    worked(run)
    attempt = run.attempt
    worked(run)
    assert (run.state, run.attempt, Dossier.objects.count()) == ("done", attempt, 1)
    with pytest.raises(ImportStep):
        import_runs.request_check(run)


def test_a_silent_run_is_taken_up_again_and_given_up_in_the_end(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = checked(commune, user, [line(1, version)])
    import_runs.request_import(run)
    ImportRun.objects.filter(pk=run.pk).update(beat_at=LATER, attempt=1)
    assert working.sweep(LATER + timedelta(seconds=30)) == []
    assert working.sweep(LATER + timedelta(seconds=90)) == [run.pk]
    ImportRun.objects.filter(pk=run.pk).update(beat_at=LATER, attempt=working.MAX_ATTEMPTS)
    assert working.sweep(LATER + timedelta(seconds=90)) == []
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "Đã thử nhiều lần nhưng không xong.")


def test_a_superseded_worker_takes_everything_back(
    commune: Agency, version: ProcedureVersion, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = checked(commune, user, [line(1, version)])
    import_runs.request_import(run)

    def slow(*args: Any, **kwargs: Any) -> Any:
        ImportRun.objects.filter(pk=run.pk).update(attempt=9)
        return import_file(*args, **kwargs)

    monkeypatch.setattr(working, "import_file", slow)
    worked(run)
    assert Dossier.objects.count() == Party.objects.count() == 0


def test_whoever_lost_the_role_imports_nothing(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = checked(commune, user, [line(1, version)])
    import_runs.request_import(run)
    Appointment.objects.filter(user=user).update(valid_to=make.SINCE)
    worked(run)
    assert (run.state, Dossier.objects.count()) == ("failed", 0)
    assert "không còn vai trò" in run.error


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.4 not a book", FileRefused),
        (b"PK\x03\x04 broken", FileRefused),
        (b"", FileRefused),
        (foreign.book([], ("Mã hồ sơ",)).getvalue(), SpreadsheetRefused),
    ],
)
def test_what_is_no_table_is_not_kept(
    content: bytes, why: type[Exception], commune: Agency, user: User
) -> None:
    with pytest.raises(why):
        import_runs.upload(
            BytesIO(content), "x.xlsx", source="A", agency=commune, actor=user, now=LATER
        )
    assert StoredFile.objects.count() == 0


def test_a_run_is_seen_by_its_owner_and_the_agencys_administrator(
    commune: Agency, version: ProcedureVersion
) -> None:
    leader, administrator = (
        foreign.importer(commune, role) for role in (Role.LEADER, Role.ADMINISTRATOR)
    )
    run = uploaded(commune, leader, [line(1, version)])
    seen = {
        who: _visible(who, run)
        for who in (leader, administrator, foreign.importer(commune, Role.LEADER))
    }
    assert list(seen.values()) == [True, True, False]
    assert not _visible(foreign.importer(make.agency()), run)
    assert not _visible(make.staff(commune), run)


def test_an_undone_run_says_who_undid_it(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    run = uploaded(commune, user, [line(1, version)])
    with pytest.raises(IntegrityError, match="import_run_undone"), transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(state="undone")


def test_the_file_goes_a_month_after_the_end_and_the_facts_stay(
    commune: Agency, version: ProcedureVersion, user: User
) -> None:
    done = imported(commune, user, [line(1, version)])
    left = checked(commune, user, [line(2, version), line(3, version, **{"Số CCCD": "123"})])
    assert import_runs.clear_old(LATER + timedelta(days=29)) == 0
    month_later = LATER + timedelta(days=31)
    assert import_runs.clear_old(month_later) == 2
    assert import_runs.clear_old(month_later) == 0
    for run in (done, left):
        run.refresh_from_db()
        assert not default_storage.exists(run.file.storage_key)
        assert (run.glance, run.cleared_at, run.file.name) == ({}, month_later, "so-cu.xlsx")
    assert (done.state, done.report["inserted"]) == ("done", 1)
    assert (left.state, left.report) == (
        "expired",
        {"inserted": 0, "unchanged": 0, "checked": 1, "faults": 1},
    )
    with pytest.raises(ImportStep):
        import_runs.request_check(left)
    import_runs.request_undo(done, actor=user)
    assert worked(done).state == "undone"


def _visible(user: User, run: ImportRun) -> bool:
    scope = scope_of(user, LATER.date())
    return import_runs.visible_to(user, scope).filter(pk=run.pk).exists()
