"""Files of histories come in: what they become, again and again, all or nothing."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from agencies.models import Agency, Succession
from dossiers import numbering
from dossiers.importing import writing
from dossiers.importing.faults import ImportCollided, ImportNotDemo
from dossiers.importing.run import import_file
from dossiers.importing.tables import TABLES
from dossiers.models import (
    Dossier,
    DossierEvent,
    FeeDue,
    ImportBatch,
    Inheritance,
    Leg,
    Party,
    TallyDelta,
)
from dossiers.secrets import decrypt
from procedures.models import ProcedureVersion, RuleSet
from tests import make
from tests.dossiers.importing.books import LATER, bring, dossier_row, event_row, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Agency:
    return make.agency(code="DEMO.21115", gso_code="21115")


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune)


def test_a_row_becomes_a_dossier(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    row = dossier_row(
        commune,
        version,
        channel="online",
        submitted_at="03/06/2024 08:15",
        citizen_id="051234567890",
        phone="0905 123 456",
        address="Thôn 1",
        fee_vnd=8000,
    )
    events = [
        event_row("result", "2024-06-05 10:00"),
        event_row("handover", "2024-06-05 10:30"),
    ]
    done = bring(tmp_path, [row], events)
    assert (done.inserted, done.unchanged, done.errors) == (1, 0, [])
    dossier = Dossier.objects.get()
    assert (dossier.code, dossier.status, dossier.channel) == ("A-1", 10, "online")
    assert dossier.submitted_at == make.at("2024-06-03 08:15")
    assert dossier.due_at == make.at("2024-06-10 17:00")
    assert dossier.legs.get().outcome == "early"
    holder = dossier.holder
    assert (holder.name, holder.address) == ("Nguyễn Thị Én", "Thôn 1")
    assert holder.citizen_id_cipher is not None
    assert holder.phone_cipher is not None
    assert decrypt(holder.citizen_id_cipher) == "051234567890"
    assert decrypt(holder.phone_cipher) == "0905123456"
    fee = FeeDue.objects.get()
    assert (fee.amount_vnd, fee.state, fee.settled_at) == (8000, "settled", dossier.ended_at)
    assert [event.act for event in dossier.events.all()] == ["accept", "finish", "hand_over"]
    batch = ImportBatch.objects.get()
    assert (batch.rows, batch.file_name, dossier.batch) == (3, "ho-so.xlsx", batch)


def test_the_same_file_again_changes_nothing(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    rows = [dossier_row(commune, version, code) for code in ("A-1", "A-2")]
    events = [event_row("result", "2024-06-05 10:00")]
    assert bring(tmp_path, rows, events).inserted == 2
    before = fingerprint()
    again = bring(tmp_path, reversed(rows), events)
    assert (again.inserted, again.unchanged, again.errors) == (0, 2, [])
    assert fingerprint() == before


def test_other_content_under_a_known_code_is_an_error(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    row = dossier_row(commune, version, citizen_id="051234567890")
    bring(tmp_path, [row])
    for other, events in (
        (row | {"citizen_id": "051234567891"}, []),
        (row | {"holder": "Trần Văn Ổn"}, []),
        (row, [event_row("result", "2024-06-05 10:00")]),
    ):
        before = fingerprint()
        done = bring(tmp_path, [other, dossier_row(commune, version, "A-2")], events)
        assert [(error.sheet, error.row, error.column) for error in done.errors] == [
            ("dossiers", 2, "code")
        ]
        assert fingerprint() == before


def test_new_dossiers_beside_known_ones_come_in(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    bring(tmp_path, [dossier_row(commune, version)])
    done = bring(tmp_path, [dossier_row(commune, version, code) for code in ("A-1", "A-2")])
    assert (done.inserted, done.unchanged) == (1, 1)


def test_a_dry_run_writes_nothing(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    before = fingerprint()
    path = write(tmp_path / "ho-so.xlsx", [dossier_row(commune, version)])
    done = import_file(path, now=LATER, dry_run=True)
    assert (done.inserted, done.checked, done.errors) == (0, 1, [])
    assert fingerprint() == before


def test_one_number_is_one_party(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    known = make.dossier(agency=commune, version=version, holder=make.person(citizen_id="0" * 12))
    rows = [
        dossier_row(commune, version, code, citizen_id=number)
        for code, number in (("A-1", "0" * 12), ("A-2", "1" * 12), ("A-3", "1" * 12), ("A-4", None))
    ]
    bring(tmp_path, rows)
    holders = dict(Dossier.objects.values_list("code", "holder"))
    assert holders["A-1"] == known.holder_id
    assert holders["A-2"] == holders["A-3"] != holders["A-4"]
    assert Party.objects.count() == 3


def test_a_gso_code_means_the_counter_of_its_day(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    counter = make.agency(committee=commune)
    bring(tmp_path, [dossier_row(commune, version) | {"agency": "21115"}])
    dossier = Dossier.objects.get()
    assert (dossier.lodged_at, dossier.competent) == (counter, commune)
    assert Leg.objects.get().agency == commune


def test_a_named_agency_is_competent_instead_of_the_posted_one(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    other = make.agency()
    bring(tmp_path, [dossier_row(commune, version, competent_agency=other.code)])
    assert Leg.objects.get().agency == other


def test_a_given_due_date_replaces_the_computed_one(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    rows = [
        dossier_row(commune, version, "A-1", due_at=date(2024, 6, 5)),
        dossier_row(commune, version, "A-2", due_at="2024-06-05 09:30"),
        dossier_row(commune, version, "A-3", due_at=date(2024, 6, 8)),  # a Saturday
    ]
    events = [event_row("result", "2024-06-06 08:00")]
    assert bring(tmp_path, rows, events).errors == []
    due = dict(Dossier.objects.values_list("code", "due_at"))
    assert due == {
        "A-1": make.at("2024-06-05 17:00"),
        "A-2": make.at("2024-06-05 09:30"),
        "A-3": make.at("2024-06-08 17:00"),
    }
    assert Leg.objects.get(dossier__code="A-1").outcome == "overdue"


def test_imported_history_may_hold_several_supplements(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    events = [
        event_row("suspend", "2024-06-04 08:00"),
        event_row("resume", "2024-06-05 08:00"),
        event_row("suspend", "2024-06-06 08:00"),
    ]
    assert bring(tmp_path, [dossier_row(commune, version)], events).errors == []
    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.supplement_count, dossier.due_at) == (5, 2, None)


def test_own_codes_to_come_do_not_repeat_imported_ones(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    bring(tmp_path, [dossier_row(commune, version, "DEMO.21115-240603-0007")])
    RuleSet.on(date(2024, 6, 3))
    numbers = numbering.next_numbers(commune, make.NOW)
    # Their lines stand in the old register.
    assert numbers == ("DEMO.21115-240603-0008", 2024, 1, 1)


def test_legs_of_closed_agencies_go_to_their_heirs(tmp_path: Path) -> None:
    old = make.agency(valid_to=date(2024, 6, 30))
    new = make.agency(valid_from=date(2024, 7, 1))
    Succession.objects.create(
        predecessor=old, successor=new, kind="merge", effective_on=date(2024, 7, 1)
    )
    version = make.version(posted_at=old, limit_value=60)
    rows = [dossier_row(old, version, code) for code in ("A-1", "A-2", "A-3")]
    events = [
        event_row("result", "2024-06-20 08:00", "A-1"),
        event_row("result", "2024-07-20 08:00", "A-2", agency=new.code),
    ]
    assert bring(tmp_path, rows, events).errors == []
    holders = dict(Leg.objects.values_list("dossier__code", "agency"))
    assert holders == {"A-1": old.pk, "A-2": new.pk, "A-3": new.pk}
    assert Inheritance.objects.count() == 2
    ended_at_heir = TallyDelta.objects.filter(agency=new, measure="early")
    assert sum(ended_at_heir.values_list("amount", flat=True)) == 1


def test_demonstration_dossiers_are_marked(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    path = write(tmp_path / "ho-so.xlsx", [dossier_row(commune, version)])
    with override_settings(DEMO=False), pytest.raises(ImportNotDemo):
        import_file(path, now=LATER, is_demo=True)
    with override_settings(DEMO=True):
        import_file(path, now=LATER, is_demo=True)
    assert Dossier.objects.get().is_demo


def test_a_code_taken_meanwhile_refuses_the_file(
    tmp_path: Path,
    commune: Agency,
    version: ProcedureVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write(tmp_path / "ho-so.xlsx", [dossier_row(commune, version)])
    write_all = writing.write

    def late(own_codes: dict[tuple[int, date], int]) -> None:
        other = make.dossier(agency=commune, version=version)
        Dossier.objects.filter(pk=other.pk).update(code="A-1")
        write_all(own_codes)

    monkeypatch.setattr(writing, "write", late)
    with pytest.raises(ImportCollided):
        import_file(path, now=LATER)
    assert Dossier.objects.count() == 0


def test_every_column_of_the_tables_is_filled_or_may_be_left_out() -> None:
    """Whoever adds a column to a model is reminded that imports write that table too."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
                "AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
                [table.name],
            )
            needed = {name for (name,) in cursor.fetchall()}
            assert needed <= {*table.columns, table.made}, table.name


def fingerprint() -> str:
    """Of every row that an import may touch."""
    told = [
        [bytes(value) if isinstance(value, memoryview) else value for value in row]
        for model in (Dossier, Party, Leg, DossierEvent, TallyDelta, ImportBatch, FeeDue)
        for row in model.objects.order_by("pk").values_list()
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()
