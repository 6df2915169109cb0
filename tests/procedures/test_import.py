"""import_procedures: all rows or none, twice is harmless, errors by row and column."""

import csv
import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import Workbook
from pytest_django import DjangoAssertNumQueries

from motcua.commands import CommandRefused
from procedures import catalogue_file
from procedures.models import Block, Component, Decision, Procedure, ProcedureVersion, RuleSet

pytestmark = pytest.mark.django_db

BIRTH = {
    "code": "1.001193",
    "name": "Đăng ký khai sinh",
    "block": "Tư pháp - Hộ tịch",
    "field": "Hộ tịch",
    "levels": "commune",
    "limit": "1",
    "limit_unit": "working_day",
    "online": "full",
    "effective_from": "2023-01-01",
}


def write(path: Path, *rows: dict[str, str]) -> Path:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(path: Path, **options: object) -> dict[str, object]:
    out = StringIO()
    call_command("import_procedures", str(path), json=True, stdout=out, **options)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer


def refused(path: Path) -> list[dict[str, object]]:
    out = StringIO()
    with pytest.raises(CommandRefused) as error:
        call_command("import_procedures", str(path), json=True, stdout=out)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)
    problems: list[dict[str, object]] = json.loads(out.getvalue())["errors"]
    return problems


def test_the_demonstration_catalogue_is_read_and_read_again_changes_nothing() -> None:
    first = run(catalogue_file.DEMONSTRATION)
    again = run(catalogue_file.DEMONSTRATION)
    assert first == {"inserted": 43, "closed": 0, "unchanged": 0, "errors": []}
    assert again == {"inserted": 0, "closed": 0, "unchanged": 43, "errors": []}
    assert Procedure.objects.count() == 29
    assert Procedure.objects.get(is_provisional=True).code == "DEMO-TNMT-01"
    blocks = list(Block.objects.values_list("name", flat=True))
    assert blocks[:3] == ["Đăng ký đất đai", "Xây dựng", "Tư pháp - Hộ tịch"]
    assert ProcedureVersion.objects.in_force(date(2024, 4, 26)).count() == 29


def test_statements_do_not_grow_with_the_rows(
    tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [BIRTH | {"code": f"1.{n:06}", "components": "Tờ khai | Bản sao"} for n in range(300)]
    path = write(tmp_path / "many.csv", *rows)
    with django_assert_max_num_queries(20):
        assert run(path)["inserted"] == 300
    with django_assert_max_num_queries(8):
        assert run(path)["unchanged"] == 300


def test_parts_of_a_version_are_read(tmp_path: Path) -> None:
    row = BIRTH | {
        "components": "Tờ khai; required; 1; 0; ; TK-1 | Giấy chứng sinh; optional; 0; 1; CSDL",
        "steps": "Tiếp nhận; clerk; 0.5; ; counter | Ký; leader; 2.25; commune; committee",
        "fees": "Lệ phí; 8000 | Lệ phí; 4000; online; Nghị quyết",
        "decision": "123/QĐ-UBND",
        "issued_on": "15/12/2022",
        "issuer": "UBND tỉnh",
        "interagency": "cross_level",
        "checked": "yes",
    }
    run(write(tmp_path / "a.csv", row))
    version = ProcedureVersion.objects.get()
    assert list(version.components.values_list("name", "is_required", "copies", "source")) == [
        ("Tờ khai", True, 0, ""),
        ("Giấy chứng sinh", False, 1, "CSDL"),
    ]
    assert [str(step.working_hours) for step in version.steps.all()] == ["0.50", "2.25"]
    assert set(version.fees.values_list("channel", "amount_vnd")) == {("", 8000), ("online", 4000)}
    assert version.decision == Decision.objects.get(number="123/QĐ-UBND")
    assert (version.status, version.is_checked) == ("published", True)
    assert run(tmp_path / "a.csv")["unchanged"] == 1


def test_a_later_row_makes_a_new_version_and_ends_the_one_before(tmp_path: Path) -> None:
    run(write(tmp_path / "a.csv", BIRTH))
    later = BIRTH | {"limit": "3", "effective_from": "2025-07-01", "components": "Tờ khai"}
    assert run(write(tmp_path / "b.csv", BIRTH, later)) == {
        "inserted": 1, "closed": 1, "unchanged": 1, "errors": [],
    }  # fmt: skip
    old, new = ProcedureVersion.objects.order_by("number")
    assert (old.effective_to, old.limit_value) == (date(2025, 6, 30), 1)
    assert (new.number, new.change, new.limit_value) == (2, "amended", 3)
    assert Component.objects.get().version == new
    assert run(tmp_path / "b.csv")["unchanged"] == 2
    assert run(tmp_path / "a.csv")["unchanged"] == 1


def test_a_procedure_is_abolished_by_its_last_day(tmp_path: Path) -> None:
    run(write(tmp_path / "a.csv", BIRTH))
    row = BIRTH | {
        "effective_to": "2024-12-31", "abolished_by": "9/QĐ-UBND", "abolished_on": "2024-12-20",
    }  # fmt: skip
    path = write(tmp_path / "b.csv", row)
    assert run(path)["closed"] == 1
    assert run(path)["unchanged"] == 1
    version = ProcedureVersion.objects.get()
    assert version.effective_to == date(2024, 12, 31)
    assert version.abolished_by is not None
    assert version.abolished_by.number == "9/QĐ-UBND"


def test_a_published_version_is_not_changed_under_its_date(tmp_path: Path) -> None:
    run(write(tmp_path / "a.csv", BIRTH))
    problems = refused(write(tmp_path / "b.csv", BIRTH | {"limit": "7"}))
    assert [(p["row"], p["column"]) for p in problems] == [(2, "limit")]
    assert ProcedureVersion.objects.get().limit_value == 1


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"code": "1.1193"}, "code"),
        ({"name": ""}, "name"),
        ({"levels": "village"}, "levels"),
        ({"levels": "commune;commune"}, "levels"),
        ({"limit": "0"}, "limit"),
        ({"limit": "=1+1"}, "limit"),
        ({"limit_unit": "week"}, "limit_unit"),
        ({"online": "maybe"}, "online"),
        ({"effective_from": "30/02/2024"}, "effective_from"),
        ({"effective_to": "2022-01-01"}, "effective_to"),
        ({"immediate": "true"}, "immediate"),
        ({"decision": "1/QĐ"}, "issued_on"),
        ({"issued_on": "2022-01-01"}, "decision"),
        ({"components": "; required"}, "components"),
        ({"components": "Tờ khai; perhaps"}, "components"),
        ({"steps": "Ký; king; 1"}, "steps"),
        ({"steps": "Ký; leader; 0"}, "steps"),
        ({"fees": "Lệ phí; -5"}, "fees"),
        ({"fees": "Lệ phí; 5 | Lệ phí; 6"}, "fees"),
        ({"fees": "Lệ phí; 5", "fee_vnd": "5"}, "fee_vnd"),
        ({"name": "x" * 501}, "name"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(
    tmp_path: Path, change: dict[str, str], column: str
) -> None:
    good = BIRTH | {"code": "1.000001"}
    problems = refused(write(tmp_path / "a.csv", good, BIRTH | change))
    assert [(p["row"], p["column"]) for p in problems] == [(3, column)]
    assert not Procedure.objects.exists()


def test_the_same_version_twice_in_a_file_is_refused(tmp_path: Path) -> None:
    problems = refused(write(tmp_path / "a.csv", BIRTH, BIRTH))
    assert [(p["row"], p["column"]) for p in problems] == [(3, "effective_from")]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00junk", b"code,name\n1,2\n", b"a,b,a\n", b'code,"name\n', b"\x00" * 100],
)
def test_a_file_that_is_no_catalogue_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    for name in (path, tmp_path / "none.csv", tmp_path):
        with pytest.raises(CommandRefused) as error:
            call_command("import_procedures", str(name))
        assert error.value.returncode == 2
        assert "\n" not in str(error.value)


def test_an_xlsx_file_is_read_like_a_csv_file(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "procedures"
    sheet.append(list(BIRTH))
    values: list[object] = [*BIRTH.values()]
    values[5], values[-1] = 1, date(2023, 1, 1)
    sheet.append(values)
    book.save(tmp_path / "a.xlsx")
    assert run(tmp_path / "a.xlsx")["inserted"] == 1
    assert run(write(tmp_path / "a.csv", BIRTH))["unchanged"] == 1


def test_problems_may_go_to_a_file(tmp_path: Path) -> None:
    path, errors = write(tmp_path / "a.csv", BIRTH | {"limit": "x"}), tmp_path / "errors.txt"
    with pytest.raises(CommandRefused):
        call_command("import_procedures", str(path), errors=errors)
    assert errors.read_text("utf-8").startswith("dòng 2, cột limit: ")
    with pytest.raises(CommandRefused):
        call_command("import_procedures", str(path), errors=tmp_path / "no" / "folder.txt")


def test_rule_sets_follow_the_law() -> None:
    assert [(rules.code, len(rules.forms)) for rules in RuleSet.objects.all()] == [
        ("tt01-2018", 6),
        ("nd118-2025", 6),
        ("tt03-2025", 7),
    ]
    assert RuleSet.on(date(2024, 4, 26)).code_format == "qcvn102"
    assert RuleSet.on(date(2025, 9, 14)).code == "nd118-2025"
    assert RuleSet.on(date(2025, 9, 15)).forms["stop"]["number"] == "05"
    with pytest.raises(RuleSet.DoesNotExist):
        RuleSet.on(date(2019, 1, 5))
