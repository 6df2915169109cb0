"""Files as other systems export them, and runs of the wizard over them."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from agencies.models import Agency, Role, User
from dossiers import import_runs
from dossiers.importing import working
from dossiers.models import ImportRun
from procedures.models import ProcedureVersion
from tests import make
from tests.dossiers.importing.books import LATER

HEADERS = (
    "STT", "Mã hồ sơ", "Mã TTHC", "Hình thức nộp", "Họ và tên", "Số CCCD", "Ngày tiếp nhận",
    "Ngày hẹn trả", "Ngày có kết quả", "Ngày trả kết quả", "Lệ phí",
)  # fmt: skip
SOURCE = "Phần mềm cũ"


def line(number: int, version: ProcedureVersion, **cells: Any) -> dict[str, Any]:
    """A dossier taken in and handed over, in the words of another system."""
    return {
        "STT": number,
        "Mã hồ sơ": f"HS-{number:04}",
        "Mã TTHC": version.procedure.code,
        "Hình thức nộp": "Trực tiếp",
        "Họ và tên": f"Nguyễn Thị Số {number}",
        "Số CCCD": f"05119012{number:04}",
        "Ngày tiếp nhận": "03/06/2024 09:00",
        "Ngày hẹn trả": None,
        "Ngày có kết quả": "05/06/2024 10:00",
        "Ngày trả kết quả": "05/06/2024 15:00",
        "Lệ phí": "8.000 đ",
    } | cells


def book(lines: Sequence[dict[str, Any]], headers: Sequence[str] = HEADERS) -> BytesIO:
    made = Workbook(write_only=True)
    sheet = made.create_sheet("Danh sách")
    sheet.append(["DANH SÁCH HỒ SƠ NĂM 2024"])
    sheet.append(list(headers))
    for each in lines:
        sheet.append([each[header] for header in headers])
    file = BytesIO()
    made.save(file)
    file.seek(0)
    return file


def importer(agency: Agency, role: str = Role.ADMINISTRATOR) -> User:
    return make.user(at=agency, role=role)


def mapping(agency: Agency) -> dict[str, Any]:
    columns = {
        "code": {"from": "Mã hồ sơ"},
        "procedure": {"from": "Mã TTHC"},
        "agency": {"constant": agency.code},
        "channel": {"from": "Hình thức nộp"},
        "accepted_at": {"from": "Ngày tiếp nhận"},
        "due_at": {"from": "Ngày hẹn trả"},
        "holder": {"from": "Họ và tên"},
        "holder_kind": {"constant": "person"},
        "citizen_id": {"from": "Số CCCD"},
        "fee_vnd": {"from": "Lệ phí"},
        "result_at": {"from": "Ngày có kết quả"},
        "handover_at": {"from": "Ngày trả kết quả"},
    }
    return {
        "dossiers": {"sheet": "Danh sách", "columns": columns},
        "events": {"sheet": "", "columns": {}},
        "values": {"dossiers.channel": {"truc tiep": "direct"}},
        "dates": "",
    }


def uploaded(agency: Agency, user: User, lines: Sequence[dict[str, Any]]) -> ImportRun:
    """Uploaded and mapped."""
    run = import_runs.upload(
        book(lines), "so-cu.xlsx", source=SOURCE, agency=agency, actor=user, now=LATER
    )
    import_runs.map_columns(run, mapping(agency), actor=user, now=LATER)
    return run


def checked(agency: Agency, user: User, lines: Sequence[dict[str, Any]]) -> ImportRun:
    run = uploaded(agency, user, lines)
    import_runs.request_check(run)
    return worked(run)


def imported(agency: Agency, user: User, lines: Sequence[dict[str, Any]]) -> ImportRun:
    run = checked(agency, user, lines)
    assert run.state == "checked", run.error
    import_runs.request_import(run)
    return worked(run)


def worked(run: ImportRun) -> ImportRun:
    """What a worker does with it, now."""
    working.work(run.pk, lambda: LATER)
    run.refresh_from_db()
    return run
