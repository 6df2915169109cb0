"""What one row of a catalogue file says (columns: docs/import_procedures.md), or what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from agencies.models import Kind, Level, Role
from procedures import cells
from procedures.models import Channel, ProcedureVersion

T = TypeVar("T")

REQUIRED = (
    "code", "name", "block", "field", "levels", "limit", "limit_unit", "online", "effective_from",
)  # fmt: skip
OPTIONAL = (
    "fee_vnd", "immediate", "interagency", "decision", "issued_on", "issuer", "effective_to",
    "checked", "change", "clock_policy", "any_boundary", "online_full_eligible", "components",
    "steps", "fees", "abolished_by", "abolished_on", "block_position",
)  # fmt: skip

FEE_NAME = "Phí, lệ phí"  # what the column fee_vnd is called among the fees


@dataclass(frozen=True)
class ComponentRow:
    name: str
    is_required: bool = True
    originals: int = 1
    copies: int = 0
    source: str = ""
    form_file: str = ""


@dataclass(frozen=True)
class StepRow:
    name: str
    role: str
    working_hours: Decimal
    level: str = ""
    office_kind: str = ""
    leads_to: tuple[int, ...] = ()


@dataclass(frozen=True)
class FeeRow:
    name: str
    amount_vnd: int
    channel: str = ""
    ground: str = ""


@dataclass(frozen=True)
class DecisionRow:
    number: str
    issued_on: date
    issuer: str = ""


@dataclass(frozen=True)
class VersionRow:
    """None: the file does not say."""

    number: int
    code: str
    name: str
    block: str
    field: str
    levels: tuple[str, ...]
    limit_value: int
    limit_unit: str
    online: str
    effective_from: date
    effective_to: date | None = None
    decision: DecisionRow | None = None
    abolished_by: DecisionRow | None = None
    block_position: int | None = None
    change: str | None = None
    clock_policy: str | None = None
    interagency: str | None = None
    immediate: bool | None = None
    any_boundary: bool | None = None
    online_full_eligible: bool | None = None
    is_checked: bool | None = None
    components: tuple[ComponentRow, ...] | None = None
    steps: tuple[StepRow, ...] | None = None
    fees: tuple[FeeRow, ...] | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell."""

    row: int
    column: str
    message: str


# The column of a file behind an attribute, where they are not called the same.
COLUMN = {"limit_value": "limit", "is_checked": "checked"}


def parse(number: int, values: Mapping[str, str]) -> tuple[VersionRow | None, list[Problem]]:
    """The row, or every problem in it."""
    reader = _Reader(number, values)
    version = ProcedureVersion
    found: dict[str, Any] = {
        "code": reader.cell("code", cells.code),
        "name": reader.cell("name", cells.text_of(500)),
        "block": reader.cell("block", cells.text_of(120)),
        "field": reader.cell("field", cells.text_of(120)),
        "levels": reader.cell("levels", cells.levels),
        "limit_value": reader.cell("limit", cells.whole(1, 3650)),
        "limit_unit": reader.cell("limit_unit", cells.one_of(version.Unit.values)),
        "online": reader.cell("online", cells.one_of(version.Online.values)),
        "effective_from": reader.cell("effective_from", cells.day),
        "effective_to": reader.maybe("effective_to", cells.day),
        "block_position": reader.maybe("block_position", cells.whole(1, 999)),
        "change": reader.maybe("change", cells.one_of(version.Change.values)),
        "clock_policy": reader.maybe("clock_policy", cells.one_of(version.ClockPolicy.values)),
        "interagency": reader.maybe("interagency", cells.one_of(version.Interagency.values)),
        "immediate": reader.maybe("immediate", cells.boolean),
        "any_boundary": reader.maybe("any_boundary", cells.boolean),
        "online_full_eligible": reader.maybe("online_full_eligible", cells.boolean),
        "is_checked": reader.maybe("checked", cells.boolean),
        "components": reader.maybe("components", cells.entries(_component, 6)),
        "steps": reader.maybe("steps", cells.entries(_step, 6)),
        "fees": _fees(reader),
        "decision": _decision(reader, "decision", "issued_on", "issuer"),
        "abolished_by": _decision(reader, "abolished_by", "abolished_on", ""),
    }
    start, end = found["effective_from"], found["effective_to"]
    if start and end and end < start:
        reader.blame("effective_to", "trước ngày có hiệu lực")
    if reader.problems:
        return None, reader.problems
    return VersionRow(number=number, **found), []


class _Reader:
    """Reads the cells of a row and keeps what is wrong with them."""

    def __init__(self, number: int, values: Mapping[str, str]) -> None:
        self.number = number
        self.values = values
        self.problems: list[Problem] = []

    def blame(self, column: str, message: str) -> None:
        self.problems.append(Problem(self.number, column, message))

    def cell(self, column: str, read: Callable[[str], T]) -> T | None:
        text = self.values.get(column, "")
        if not text:
            self.blame(column, "thiếu giá trị")
            return None
        try:
            return read(text)
        except ValueError as error:
            self.blame(column, str(error))
            return None

    def maybe(self, column: str, read: Callable[[str], T]) -> T | None:
        return self.cell(column, read) if self.values.get(column, "") else None


def _component(parts: list[str]) -> ComponentRow:
    name, need, originals, copies, source, form = parts
    return ComponentRow(
        name=cells.text_of(500)(name),
        is_required=cells.one_of(("required", "optional"))(need or "required") == "required",
        originals=cells.whole(0, 99)(originals or "1"),
        copies=cells.whole(0, 99)(copies or "0"),
        source=cells.text_of(100)(source),
        form_file=cells.text_of(200)(form),
    )


def _step(parts: list[str]) -> StepRow:
    name, role, hours, level, kind, following = parts
    return StepRow(
        name=cells.text_of(200)(name),
        role=cells.one_of(Role.values)(role),
        working_hours=cells.hours(hours),
        level=cells.one_of(("", *Level.values))(level),
        office_kind=cells.one_of(("", *Kind.values))(kind),
        leads_to=tuple(cells.whole(0, 99)(each) for each in following.split("+") if each),
    )


def _fee(parts: list[str]) -> FeeRow:
    name, amount, channel, ground = parts
    return FeeRow(
        name=cells.text_of(200)(name),
        amount_vnd=cells.whole(0, 10**12)(amount),
        channel=cells.one_of(("", *Channel.values))(channel),
        ground=cells.text_of(300)(ground),
    )


def _fees(reader: _Reader) -> tuple[FeeRow, ...] | None:
    """`fees` in full, or the short `fee_vnd`: one amount for every channel, 0 for none."""
    full = reader.maybe("fees", cells.entries(_fee, 4))
    short = reader.maybe("fee_vnd", cells.whole(0, 10**12))
    if full is not None and short is not None:
        reader.blame("fee_vnd", "đã ghi ở cột fees")
    if full is not None and len({(fee.name, fee.channel) for fee in full}) < len(full):
        reader.blame("fees", "một khoản thu ghi hai lần cho cùng một kênh")
    if short is None:
        return full
    return (FeeRow(FEE_NAME, short),) if short else ()


def _decision(reader: _Reader, number: str, issued_on: str, issuer: str) -> DecisionRow | None:
    name = reader.maybe(number, cells.text_of(60))
    day = reader.maybe(issued_on, cells.day)
    if name and not reader.values.get(issued_on):
        reader.blame(issued_on, "thiếu ngày ban hành của quyết định")
    if day and not reader.values.get(number):
        reader.blame(number, "thiếu số quyết định")
    if not (name and day):
        return None
    by = reader.maybe(issuer, cells.text_of(200)) if issuer else None
    return DecisionRow(name, day, by or "")
