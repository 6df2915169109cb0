"""Whatever is wrong in a file is told by sheet, row and column, and nothing comes in."""

from pathlib import Path
from typing import Any

import pytest

from agencies.models import Agency
from dossiers.importing import faults
from dossiers.models import Dossier, ImportBatch
from procedures.models import ProcedureVersion
from tests import make
from tests.dossiers.importing.books import Row, bring, dossier_row, event_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Agency:
    return make.agency(gso_code="21115")


@pytest.fixture
def version(commune: Agency) -> ProcedureVersion:
    return make.version(posted_at=commune)


WRONG_CELLS: list[tuple[str, Any]] = [
    ("code", None),
    ("code", "x" * 51),
    ("procedure", "9.999999"),
    ("procedure", 1.001193),
    ("agency", "H99.99"),
    ("agency", "99999"),
    ("agency", None),
    ("competent_agency", "H99.99"),
    ("channel", "fax"),
    ("channel", None),
    ("submitted_at", "2024-06-03 08:00"),  # of a direct dossier
    ("accepted_at", None),
    ("accepted_at", "3 tháng 6"),
    ("accepted_at", "2024-13-01 09:00"),
    ("accepted_at", "2024-06-03 09:00+07:00"),
    ("accepted_at", 45446.5),  # a number, not formatted as a date
    ("accepted_at", "2022-06-03 09:00"),  # nothing was valid then
    ("accepted_at", "2025-06-03 09:00"),  # after the import
    ("due_at", "2024-06-02 09:00"),
    ("due_at", "2024-06-03 08:59"),
    ("due_at", True),
    ("holder", None),
    ("holder", "x" * 201),
    ("holder_kind", "firm"),
    ("citizen_id", 51234567890),  # its leading zero is gone
    ("citizen_id", "05123456789"),
    ("phone", "12"),
    ("address", "x" * 301),
    ("fee_vnd", -1),
    ("fee_vnd", "8.000 đồng"),
    ("fee_vnd", 0.5),
]


@pytest.mark.parametrize(("column", "value"), WRONG_CELLS)
def test_a_wrong_cell_is_told_and_nothing_comes_in(
    tmp_path: Path, commune: Agency, version: ProcedureVersion, column: str, value: object
) -> None:
    wrong = dossier_row(commune, version, "A-2") | {column: value}
    done = bring(tmp_path, [dossier_row(commune, version), wrong])
    assert len(done.errors) == 1
    error = done.errors[0]
    expected = column
    if (column, value) == ("accepted_at", "2022-06-03 09:00"):
        expected = "procedure"
    assert (error.sheet, error.row, error.column) == ("dossiers", 3, expected)
    nothing_came_in()


WRONG_EVENTS: list[tuple[str, list[Row]]] = [
    ("at", [event_row("result", "2024-06-03 08:59")]),
    ("at", [event_row("result", "2025-06-03 08:59")]),
    ("at", [event_row("result", "hôm qua")]),
    ("act", [event_row("accept", "2024-06-04 08:00")]),
    ("act", [event_row("approve", "2024-06-04 08:00")]),
    ("code", [event_row("result", "2024-06-04 08:00", "A-9")]),
    ("agency", [event_row("forward", "2024-06-04 08:00")]),
    ("agency", [event_row("forward", "2024-06-04 08:00", agency="H99.99")]),
    ("agency", [event_row("forward", "2024-06-04 08:00", agency="21115")]),  # where it is
    ("agency", [event_row("result", "2024-06-04 08:00", agency="DEMO.OTHER")]),
    ("act", [event_row("acknowledge", "2024-06-04 08:00")]),
    (
        "act",
        [
            event_row("forward", "2024-06-04 08:00", agency="DEMO.OTHER"),
            event_row("forward", "2024-06-04 09:00", agency="DEMO.OTHER"),
        ],
    ),
    (
        "agency",
        [
            event_row("forward", "2024-06-04 08:00", agency="DEMO.OTHER"),
            event_row("acknowledge", "2024-06-04 09:00", agency="21115"),
        ],
    ),
    (
        "act",
        [event_row("suspend", "2024-06-04 08:00"), event_row("suspend", "2024-06-05 08:00")],
    ),
    ("act", [event_row("resume", "2024-06-04 08:00")]),
    ("act", [event_row("suspend", "2024-06-04 08:00"), event_row("result", "2024-06-05 08:00")]),
    ("act", [event_row("handover", "2024-06-04 08:00")]),
    ("act", [event_row("result", "2024-06-04 08:00"), event_row("result", "2024-06-05 08:00")]),
    ("act", [event_row("withdraw", "2024-06-04 08:00"), event_row("result", "2024-06-05 08:00")]),
    ("act", [event_row("stop", "2024-06-04 08:00"), event_row("handover", "2024-06-05 08:00")]),
    ("act", [event_row("result", "2024-06-04 08:00"), event_row("withdraw", "2024-06-05 08:00")]),
    ("new_date", [event_row("extend", "2024-06-04 08:00")]),
    ("new_date", [event_row("extend", "2024-06-04 08:00", new_date="sau")]),
    ("new_date", [event_row("extend", "2024-06-04 08:00", new_date="2024-06-05")]),
    ("new_date", [event_row("result", "2024-06-04 08:00", new_date="2024-06-15")]),
    ("at", [event_row("extend", "2024-06-20 08:00", new_date="2024-06-28")]),  # lapsed
    ("reason", [event_row("stop", "2024-06-04 08:00", reason="x" * 1001)]),
]


@pytest.mark.parametrize(("column", "events"), WRONG_EVENTS)
def test_an_event_that_cannot_be_is_told_and_nothing_comes_in(
    tmp_path: Path,
    commune: Agency,
    version: ProcedureVersion,
    column: str,
    events: list[Row],
) -> None:
    make.agency(code="DEMO.OTHER")
    done = bring(tmp_path, [dossier_row(commune, version)], events)
    last = len(events) + 1
    assert [(error.sheet, error.row, error.column) for error in done.errors] == [
        ("events", last, column)
    ]
    nothing_came_in()


def test_all_errors_are_told_in_order(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    rows = [
        dossier_row(commune, version, "A-1", channel="fax"),
        dossier_row(commune, version, "A-2"),
        dossier_row(commune, version, "A-2"),
        dossier_row(commune, version, "A-3"),
    ]
    events = [
        event_row("resume", "2024-06-04 08:00", "A-3"),
        event_row("result", "2024-06-04 08:00", "A-1"),  # of a row that is wrong itself: not told
        event_row("result", "2024-06-04 08:00", "A-8"),
    ]
    done = bring(tmp_path, rows, events)
    assert [(error.sheet, error.row, error.column) for error in done.errors] == [
        ("dossiers", 2, "channel"),
        ("dossiers", 4, "code"),
        ("events", 2, "act"),
        ("events", 4, "code"),
    ]
    nothing_came_in()


def test_a_version_not_in_force_is_told(tmp_path: Path, commune: Agency) -> None:
    version = make.version(posted_at=commune, effective_from=make.at("2024-06-04").date())
    done = bring(tmp_path, [dossier_row(commune, version)])
    assert [(error.row, error.column) for error in done.errors] == [(2, "procedure")]
    assert "không có phiên bản có hiệu lực" in done.errors[0].message


def test_a_procedure_that_nobody_posts_is_told(tmp_path: Path, commune: Agency) -> None:
    done = bring(tmp_path, [dossier_row(commune, make.version())])
    assert [(error.row, error.column) for error in done.errors] == [(2, "competent_agency")]


def test_messages_never_repeat_numbers_and_phones(
    tmp_path: Path, commune: Agency, version: ProcedureVersion
) -> None:
    row = dossier_row(commune, version, citizen_id="05123456789X", phone="09051234567890")
    done = bring(tmp_path, [row])
    assert [error.column for error in done.errors] == ["citizen_id", "phone"]
    told = " ".join(error.message for error in done.errors)
    assert "0512" not in told
    assert "0905" not in told


def test_after_too_many_errors_the_rest_is_not_looked_at(
    tmp_path: Path,
    commune: Agency,
    version: ProcedureVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(faults, "MOST", 3)
    rows = [dossier_row(commune, version, f"A-{number}", channel="fax") for number in range(9)]
    assert len(bring(tmp_path, rows).errors) == 3
    nothing_came_in()


def nothing_came_in() -> None:
    assert not Dossier.objects.exists()
    assert not ImportBatch.objects.exists()
