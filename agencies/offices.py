"""Departments, counters and official codes from a file (danh sách cơ quan, XLSX).

Sheet `offices`, one row for each agency, dates as real dates or dd/mm/yyyy text:

| column       |                                                                              |
|--------------|------------------------------------------------------------------------------|
| `code`       | official e-identifier (mã định danh điện tử)                                 |
| `name`       | name; may be blank for a committee                                           |
| `kind`       | committee, department, office, counter, land_registry, vertical              |
| `committee`  | GSO code (2, 3 or 5 digits) of the people's committee that it belongs to     |
| `valid_from` | first day; says which holder of the GSO code is meant                        |
| `valid_to`   | optional: last day                                                           |
| `address`    | optional                                                                     |
| `phone`      | optional                                                                     |
| `calendar`   | optional: code of its calendar; the common one otherwise                     |
| `successor`  | optional: code of the agency that took over on the day after `valid_to`      |

A row with kind `committee` gives a people's committee its official code when the committee is
loaded (one that has it already stays; a made-up code is replaced).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from agencies.errors import OfficesRefused
from agencies.models import Agency, Kind, Succession
from calendars.models import Calendar
from motcua.spreadsheet import Cell, Row, read_sheets
from motcua.text import fold, sort_key

SHEET = "offices"
REQUIRED = ("code", "name", "kind", "committee", "valid_from")
OPTIONAL = ("valid_to", "address", "phone", "calendar", "successor")
MAX_ROWS = 10_000
SHOWN = 10


@dataclass(frozen=True)
class Office:
    row: int
    code: str
    name: str
    kind: str
    committee: str
    valid_from: date
    valid_to: date | None
    address: str
    phone: str
    calendar: str
    successor: str

    @property
    def is_code(self) -> bool:
        """The row only gives a committee its code."""
        return self.kind == Kind.COMMITTEE


Problem = tuple[int, str, str]


def read_offices(path: Path) -> list[Office]:
    """Every row, or a refusal that names row and column of what is wrong."""
    offices: list[Office] = []
    problems: list[Problem] = []
    for _, row in read_sheets(
        path, {SHEET: REQUIRED}, optional={SHEET: OPTIONAL}, max_rows=MAX_ROWS
    ):
        wrong = list(_problems(row))
        problems += wrong
        if not wrong:
            offices.append(_office(row))
    codes = Counter(office.code for office in offices)
    problems += [(o.row, "code", "Mã ghi hai lần.") for o in offices if codes[o.code] > 1]
    refuse(problems)
    return offices


def refuse(problems: Sequence[Problem]) -> None:
    if not problems:
        return
    lines = [f"dòng {row}, cột “{column}”: {why}" for row, column, why in problems[:SHOWN]]
    more = f" … và {len(problems) - SHOWN} lỗi khác" if len(problems) > SHOWN else ""
    raise OfficesRefused(f"trang “{SHEET}”, {len(problems)} lỗi: {' '.join(lines)}{more}")


def _problems(row: Row) -> Iterator[Problem]:
    kind = row.text("kind")
    if kind not in Kind.values:
        yield row.number, "kind", f"Không có loại “{kind[:20]}”."
    code = row.text("code")
    if not 0 < len(code) <= 35:
        yield row.number, "code", "Mã trống hoặc dài quá 35 ký tự."
    elif code.startswith("DEMO") and not settings.DEMO:
        yield row.number, "code", "Không được dùng mã tạm ngoài chế độ minh họa."
    if not row.text("name") and kind != Kind.COMMITTEE:
        yield row.number, "name", "Thiếu tên."
    for column, longest in (("name", 200), ("address", 300), ("phone", 30)):
        if len(row.text(column)) > longest:
            yield row.number, column, f"Dài quá {longest} ký tự."
    gso_code = row.text("committee")
    if not gso_code.isdigit() or len(gso_code) not in {2, 3, 5}:
        yield row.number, "committee", "Mã đơn vị hành chính phải có 2, 3 hoặc 5 chữ số."
    yield from _date_problems(row)


def _date_problems(row: Row) -> Iterator[Problem]:
    first, last = _day(row.values["valid_from"]), _day(row.values["valid_to"])
    if first is None:
        yield row.number, "valid_from", "Không phải là ngày (dd/mm/yyyy)."
    if last is None and row.values["valid_to"] is not None:
        yield row.number, "valid_to", "Không phải là ngày (dd/mm/yyyy)."
    if first and last and last < first:
        yield row.number, "valid_to", "Trước ngày bắt đầu."
    if row.text("successor") and last is None:
        yield row.number, "successor", "Cơ quan còn hoạt động thì chưa có cơ quan kế thừa."


def _day(value: Cell) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.strptime(str(value), "%d/%m/%Y").date()  # noqa: DTZ007 - a legal day
    except ValueError:
        return None


def _office(row: Row) -> Office:
    first = _day(row.values["valid_from"])
    assert first is not None
    return Office(
        row=row.number,
        valid_from=first,
        valid_to=_day(row.values["valid_to"]),
        **{
            name: row.text(name)
            for name in ("code", "name", "kind", "committee", "address", "phone", "calendar")
        },
        successor=row.text("successor"),
    )


def put_offices(offices: Sequence[Office], calendar: Calendar, added: Counter[str]) -> int:
    """Add the missing ones, correct the others; returns how many were corrected."""
    committees: dict[str, list[Agency]] = {}
    wanted = {office.committee for office in offices}
    for row in Agency.objects.filter(kind=Kind.COMMITTEE, gso_code__in=wanted):
        committees.setdefault(row.gso_code, []).append(row)
    calendars = {row.code: row for row in Calendar.objects.all()} | {"": calendar}
    there = {row.code: row for row in Agency.objects.filter(code__in=[o.code for o in offices])}
    problems: list[Problem] = []
    changed = 0
    for office in offices:
        committee = _committee_of(office, committees, problems)
        if committee is None or not _known_calendar(office, calendars, problems):
            continue
        if office.is_code:
            changed += _give_code(committee, office, there, problems)
        elif office.code in there:
            changed += _correct(there[office.code], office, committee, calendars, problems)
        else:
            there[office.code] = _make(office, committee, calendars)
            added["offices"] += 1
    _link(offices, there, added, problems)
    refuse(problems)
    return changed


def _committee_of(
    office: Office, committees: Mapping[str, Iterable[Agency]], problems: list[Problem]
) -> Agency | None:
    for committee in committees.get(office.committee, ()):
        if committee.is_valid_on(office.valid_from):
            ends = committee.valid_to
            if ends is None or office.is_code or (office.valid_to and office.valid_to <= ends):
                return committee
            problems.append((office.row, "valid_to", f"{committee} chỉ đến hết {ends:%d/%m/%Y}."))
            return None
    problems.append((office.row, "committee", "Không có Ủy ban nhân dân mang mã này ngày ấy."))
    return None


def _known_calendar(
    office: Office, calendars: Mapping[str, Calendar], problems: list[Problem]
) -> bool:
    if office.calendar in calendars:
        return True
    problems.append((office.row, "calendar", f"Không có lịch “{office.calendar[:20]}”."))
    return False


def _give_code(
    committee: Agency, office: Office, there: Mapping[str, Agency], problems: list[Problem]
) -> int:
    if committee.code == office.code:
        return 0
    if office.code in there or not committee.is_provisional:
        problems.append((office.row, "code", f"{committee} hoặc mã này đã có mã, cơ quan khác."))
        return 0
    committee.code, committee.is_provisional = office.code, office.code.startswith("DEMO")
    committee.save(update_fields=["code", "is_provisional"])
    return 1


def _make(office: Office, committee: Agency, calendars: Mapping[str, Calendar]) -> Agency:
    return Agency.objects.create(
        code=office.code,
        is_provisional=office.code.startswith("DEMO"),
        name_fold=fold(office.name),
        sort_key=sort_key(office.name),
        level=committee.level,
        kind=office.kind,
        committee=committee,
        valid_from=office.valid_from,
        **_editable(office, calendars),
    )


def _editable(office: Office, calendars: Mapping[str, Calendar]) -> dict[str, object]:
    return {
        "name": office.name,
        "valid_to": office.valid_to,
        "address": office.address,
        "phone": office.phone,
        "calendar": calendars[office.calendar],
    }


def _correct(
    agency: Agency,
    office: Office,
    committee: Agency,
    calendars: Mapping[str, Calendar],
    problems: list[Problem],
) -> int:
    same = (committee.pk, office.kind, office.valid_from)
    if (agency.committee_id, agency.kind, agency.valid_from) != same:
        problems.append((office.row, "code", f"Mã này là của {agency}."))
        return 0
    values = _editable(office, calendars)
    if all(getattr(agency, name) == value for name, value in values.items()):
        return 0
    values |= {"name_fold": fold(office.name), "sort_key": sort_key(office.name)}
    for name, value in values.items():
        setattr(agency, name, value)
    agency.save(update_fields=list(values))
    return 1


def _link(
    offices: Sequence[Office],
    there: Mapping[str, Agency],
    added: Counter[str],
    problems: list[Problem],
) -> None:
    for office in offices:
        if not office.successor or office.code not in there:
            continue
        heir = there.get(office.successor) or Agency.objects.filter(code=office.successor).first()
        if heir is None or office.valid_to is None:
            problems.append((office.row, "successor", "Không có cơ quan mang mã này."))
            continue
        _, is_new = Succession.objects.get_or_create(
            predecessor=there[office.code],
            successor=heir,
            defaults={
                "kind": Succession.Kind.MERGE,
                "effective_on": office.valid_to + timedelta(days=1),
            },
        )
        added["successions"] += is_new
