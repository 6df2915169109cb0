"""What one row of each sheet says, cell by cell: its shape only, nothing is looked up. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from dossiers.errors import PartyInvalid
from dossiers.importing.faults import Wrong
from dossiers.importing.moments import moment
from dossiers.models.party import Party
from dossiers.parties import normal_number, normal_phone
from motcua.spreadsheet import Cell, Row
from procedures.models import Channel

COLUMNS = {
    "dossiers": (
        "code",
        "procedure",
        "agency",
        "competent_agency",
        "channel",
        "submitted_at",
        "accepted_at",
        "due_at",
        "holder",
        "holder_kind",
        "citizen_id",
        "phone",
        "address",
        "fee_vnd",
    ),
    "events": ("code", "at", "act", "agency", "new_date", "reason"),
}
MOST_DONG = 10**12
_CHANNELS, _KINDS = Channel.values, Party.Kind.values


class Act(StrEnum):
    ACCEPT = "accept"  # the dossier's own row; no event may say it
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    RESULT = "result"
    HANDOVER = "handover"
    WITHDRAW = "withdraw"
    STOP = "stop"
    FORWARD = "forward"
    ACKNOWLEDGE = "acknowledge"


ACTS = [act for act in Act if act != Act.ACCEPT]


class DossierRow(NamedTuple):
    row: int
    code: str
    procedure: str
    agency: str
    competent_agency: str
    channel: str
    submitted_at: datetime | None
    accepted_at: datetime
    due_at: datetime | None
    holder: str
    holder_kind: str
    citizen_id: str
    phone: str
    address: str
    fee_vnd: int | None


class EventRow(NamedTuple):
    row: int
    code: str
    at: datetime
    act: str
    agency: str
    new_date: datetime | None
    reason: str


def dossier_row(row: Row, faults: Callable[[str, str], None]) -> DossierRow | None:
    """The row, or None when a cell is wrong; every wrong cell is told to `faults`."""
    cells = _Cells(row.values, faults)
    channel = cells.one_of("channel", _CHANNELS)
    accepted_at = cells.needed_moment("accepted_at")
    submitted_at = cells.moment("submitted_at")
    holder_kind = cells.one_of("holder_kind", _KINDS) or ""
    if submitted_at is not None and channel is not None and channel != Channel.ONLINE:
        cells.tell(Wrong("submitted_at", "Chỉ ghi với hồ sơ trực tuyến (channel = online)."))
    made = DossierRow(
        row=row.number,
        code=cells.text("code", 50, needed=True),
        procedure=cells.text("procedure", 20, needed=True),
        agency=cells.text("agency", 35, needed=True),
        competent_agency=cells.text("competent_agency", 35),
        channel=channel or "",
        submitted_at=submitted_at,
        accepted_at=accepted_at or datetime.max,  # noqa: DTZ901 - told as wrong, never used
        due_at=cells.moment("due_at"),
        holder=cells.text("holder", 200, needed=True),
        holder_kind=holder_kind,
        citizen_id=cells.digits("citizen_id", partial(normal_number, kind=holder_kind)),
        phone=cells.digits("phone", normal_phone),
        address=cells.text("address", 300),
        fee_vnd=cells.dong("fee_vnd"),
    )
    if cells.sound:
        _in_time_order(cells, made)
    return made if cells.sound else None


def event_row(row: Row, faults: Callable[[str, str], None]) -> EventRow | None:
    """The row, or None when a cell is wrong; every wrong cell is told to `faults`."""
    cells = _Cells(row.values, faults)
    act = cells.one_of("act", ACTS)
    at = cells.needed_moment("at")
    new_date = cells.moment("new_date")
    if act == Act.EXTEND and new_date is None and row.values["new_date"] is None:
        cells.tell(Wrong("new_date", "Gia hạn phải có ngày hẹn trả mới."))
    if act is not None and act != Act.EXTEND and new_date is not None:
        cells.tell(Wrong("new_date", "Chỉ ghi với việc gia hạn (act = extend)."))
    made = EventRow(
        row=row.number,
        code=cells.text("code", 50, needed=True),
        at=at or datetime.max,  # noqa: DTZ901 - told as wrong, never used
        act=act or "",
        agency=cells.text("agency", 35, needed=act == Act.FORWARD),
        new_date=new_date,
        reason=cells.text("reason", 1000),
    )
    return made if cells.sound else None


def _in_time_order(cells: "_Cells", made: DossierRow) -> None:
    if made.submitted_at is not None and made.submitted_at > made.accepted_at:
        cells.tell(Wrong("submitted_at", "Nộp trực tuyến sau khi tiếp nhận."))
    if made.due_at is not None and made.due_at.date() < made.accepted_at.date():
        cells.tell(Wrong("due_at", "Hẹn trả trước ngày tiếp nhận."))


class _Cells:
    """The cells of one row; a wrong one is told and stands for nothing."""

    def __init__(self, values: dict[str, Cell], faults: Callable[[str, str], None]) -> None:
        self.values, self.faults, self.sound = values, faults, True

    def tell(self, wrong: Wrong) -> None:
        self.sound = False
        self.faults(wrong.column, wrong.message)

    def text(self, column: str, longest: int, *, needed: bool = False) -> str:
        value = self.values[column]
        if value is None:
            if needed:
                self.tell(Wrong(column, "Không được để trống."))
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            self.tell(Wrong(column, "Phải là ô dạng chữ (Text)."))
            return ""
        if len(value) > longest:
            self.tell(Wrong(column, f"Dài quá {longest} ký tự."))
        return value

    def one_of(self, column: str, known: Sequence[str]) -> str | None:
        value = self.values[column]
        if isinstance(value, str) and value in known:
            return value
        self.tell(Wrong(column, f"Phải là một trong: {', '.join(known)}."))
        return None

    def moment(self, column: str) -> datetime | None:
        try:
            return moment(column, self.values[column])
        except Wrong as wrong:
            self.tell(wrong)
            return None

    def needed_moment(self, column: str) -> datetime | None:
        if self.values[column] is None:
            self.tell(Wrong(column, "Không được để trống."))
        return self.moment(column)

    def digits(self, column: str, normal: Callable[[str], str]) -> str:
        """A number that is no quantity; the message never repeats it."""
        value = self.values[column]
        if value is None:
            return ""
        if not isinstance(value, str):
            self.tell(Wrong(column, "Phải là ô dạng chữ (Text), nếu không số 0 ở đầu sẽ mất."))
            return ""
        try:
            return normal(value)
        except PartyInvalid as error:
            self.tell(Wrong(column, error.fields[column]))
            return ""

    def dong(self, column: str) -> int | None:
        value = self.values[column]
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_DONG:
            return value
        self.tell(Wrong(column, "Phải là số đồng nguyên, không âm, không có dấu chấm hay chữ."))
        return None
