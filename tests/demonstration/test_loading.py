"""The demonstration comes out as published: Trà Bồng, quarter II of 2024."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from dossiers.models import Dossier, FeeDue, Opinion, Payment, StepRun
from reports import drill, figures, questions
from reports.questions import Question

# As printed: field → (received, resolved, open in time, open and overdue).
BY_FIELD = {
    "Giao dịch đảm bảo": (250, 250, 0, 0),
    "Đăng ký đất đai": (194, 129, 65, 0),
    "Xây dựng": (43, 18, 0, 25),
    "Hộ tịch": (9, 9, 0, 0),
    "Chứng thực": (77, 77, 0, 0),
    "Bảo trợ xã hội": (0, 0, 0, 0),
    "Đăng ký kinh doanh": (54, 54, 0, 0),
    "Môi trường": (0, 0, 0, 0),
}


@pytest.fixture
def folder(db: None, tmp_path: Path, settings: Any) -> Path:
    settings.VAR_DIR = tmp_path
    call_command("load_demo")
    return tmp_path / "demo"


def _figures(**asked: Any) -> figures.Figures:
    agency = questions.find_agency("525", "2024-Q2")
    return figures.compute(Question(agency, "2024-Q2", **asked), timezone.now())


def test_the_demonstration_shows_what_was_published(folder: Path) -> None:
    once = _figures(by="field")
    assert {row.name: (row.c3, row.c7, row.c12, row.c13) for row in once.rows} == BY_FIELD
    assert (once.total.c3, once.total.c4, once.total.c10) == (627, 362, 0)
    received = _figures(by="block", interagency="as-received")
    assert received.total.c3 == 844
    assert {row.name: row.c3 for row in received.rows} == {
        "Đăng ký đất đai": 444,
        "Xây dựng": 43,
        "Tư pháp - Hộ tịch": 86,
        "Bảo trợ xã hội": 217,
        "Đăng ký kinh doanh": 54,
        "Tài nguyên và Môi trường": 0,
    }
    assert all(check.ok for check in (*once.checks, *received.checks))


def test_the_lost_construction_dossiers_are_listed(folder: Path) -> None:
    agency = questions.find_agency("525", "2024-Q2")
    question = Question(agency, "2024-Q2", by="block")
    frame = questions.frame(question, timezone.now())
    lost = drill.legs(frame, "c13")
    assert lost.count() == 25
    assert set(lost.values_list("block__name", flat=True)) == {"Xây dựng"}


def test_business_fees_come_to_what_was_published(folder: Path) -> None:
    owed = FeeDue.objects.filter(dossier__version__procedure__code__in=["1.001612", "2.000720"])
    paid = owed.exclude(state=Payment.WAIVED).aggregate(total=Sum("amount_vnd"))["total"]
    assert paid == 2_200_000
    assert owed.filter(state=Payment.WAIVED).exclude(waiver_ground="").count() == 20


def test_every_invented_dossier_is_marked(folder: Path) -> None:
    assert Dossier.objects.filter(is_demo=False).count() == 0


def test_a_second_run_changes_nothing(folder: Path) -> None:
    before = Dossier.objects.count(), (folder / "accounts.json").read_text()
    call_command("load_demo")
    assert (Dossier.objects.count(), (folder / "accounts.json").read_text()) == before


def test_the_files_and_the_accounts_lie_in_the_folder(folder: Path) -> None:
    assert {path.suffix for path in folder.glob("district_quarter-525-2024-Q2.*")} == {
        ".pdf",
        ".xlsx",
    }
    accounts = folder / "accounts.json"
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    roles = {account["role"] for account in json.loads(accounts.read_text())}
    assert roles == {"administrator", "clerk", "officer", "reporter", "leader", "inspector"}


def test_every_desk_of_the_commune_has_work(folder: Path) -> None:
    commune = Dossier.objects.filter(lodged_at__committee__gso_code="21115")
    states = set(commune.values_list("status", flat=True))
    assert {1, 2, 4, 5, 9, 10} <= states
    assert commune.filter(status=5, accepted_at=None).exists()  # sent back before acceptance
    assert StepRun.objects.filter(acknowledged_at=None, done_at=None).count() == 2
    assert Opinion.objects.filter(answered_at=None, due_at__lt=timezone.now()).count() == 1
    assert commune.overdue(timezone.now()).exists()
