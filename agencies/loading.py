"""Load the agencies of a province: committees of both eras, counters, succession, offices.

One transaction, all or nothing. Loading again finds what is there (committees by GSO code and
first day, counters by committee, offices by code) and adds only what is missing.

Each committee gets the counter that the law gives it: Trung tâm Phục vụ hành chính công for a
province and, since 1/7/2025 (Nghị định 118/2025/NĐ-CP), a commune; Bộ phận Tiếp nhận và Trả kết
quả for districts and for communes before. Without a file, all codes are made up: `DEMO.` and the
GSO codes, from small to large as in QCVN 102:2016 for the old era (`DEMO.21115.525.51`), from
large to small as in Quyết định 20/2020/QĐ-TTg for the new one (`DEMO.51.21115`), `.MC` behind
them for the counter. They are flagged, and refused outside the demonstration.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction

from agencies.errors import ProvisionalCodeRefused
from agencies.models import Agency, Kind, Level, Succession
from agencies.offices import Office, put_offices
from agencies.units import TWO_TIERS_FROM, Territory, Unit
from calendars.loading import default_calendar
from calendars.models import Calendar
from motcua.text import fold, sort_key

# Two loads at once wait for one another.
_LOCK = 20250701


@dataclass(frozen=True)
class Loaded:
    """What the territory holds, and what this run added and changed."""

    territory: Territory
    added: Counter[str] = field(default_factory=Counter)
    changed: int = 0


def load(territory: Territory, offices: Sequence[Office] = ()) -> Loaded:
    """Refuses made-up codes outside the demonstration, and offices that fit no committee."""
    added: Counter[str] = Counter()
    calendar = default_calendar()
    codes = {(office.committee, office.valid_from): office for office in offices if office.is_code}
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        found = _committees(territory, _official_codes(territory, codes), calendar, added)
        changed = put_offices(offices, calendar, added)
        if settings.DEMO:
            _counters(territory, found, calendar, added)
        _succession(territory, found, added)
    return Loaded(territory, added, changed)


def _official_codes(
    territory: Territory, given: Mapping[tuple[str, date], Office]
) -> dict[str, Office]:
    """The official codes by unit: a row of the file means the unit valid on its first day."""
    return {
        unit.key: office
        for unit in (*territory.new, *territory.old)
        for (gso_code, day), office in given.items()
        if unit.gso_code == gso_code
        and unit.valid_from <= day
        and (unit.valid_to is None or day <= unit.valid_to)
    }


def _committees(
    territory: Territory,
    official: Mapping[str, Office],
    calendar: Calendar,
    added: Counter[str],
) -> dict[str, Agency]:
    """The committees by unit key, level after level: parents come first."""
    units = (*territory.new, *territory.old)
    rows = Agency.objects.filter(
        kind=Kind.COMMITTEE, gso_code__in={unit.gso_code for unit in units}
    )
    there = {(row.level, row.gso_code, row.valid_from): row for row in rows}
    found = {
        unit.key: there[unit.level.value, unit.gso_code, unit.valid_from]
        for unit in units
        if (unit.level.value, unit.gso_code, unit.valid_from) in there
    }
    _refuse_made_up([u for u in units if u.key not in found and u.key not in official])
    for level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE):
        missing = [unit for unit in units if unit.level is level and unit.key not in found]
        made = Agency.objects.bulk_create(
            _committee(unit, official.get(unit.key), found, calendar) for unit in missing
        )
        found |= {unit.key: row for unit, row in zip(missing, made, strict=True)}
        added["committees"] += len(made)
    return found


def _refuse_made_up(units: Sequence[Unit]) -> None:
    if units and not settings.DEMO:
        raise ProvisionalCodeRefused(
            f"Thiếu mã định danh điện tử chính thức của {len(units)} đơn vị "
            f"(ví dụ: {units[0].name}, mã {units[0].gso_code}); ghi chúng vào tệp --offices."
        )


def _committee(
    unit: Unit, official: Office | None, found: Mapping[str, Agency], calendar: Calendar
) -> Agency:
    return new_agency(
        code=official.code if official else _made_up(unit),
        is_provisional=official is None,
        gso_code=unit.gso_code,
        name=f"Ủy ban nhân dân {unit.full_name}",
        level=unit.level,
        kind=Kind.COMMITTEE,
        parent=found.get(unit.parent_key),
        calendar=calendar,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )


def new_agency(*, name: str, **fields: object) -> Agency:
    """An unsaved agency with what search and sorting need."""
    return Agency(name=name, name_fold=fold(name), sort_key=sort_key(name), **fields)


def _made_up(unit: Unit) -> str:
    return ".".join(("DEMO", *unit.code_parts))


def _counters(
    territory: Territory, found: Mapping[str, Agency], calendar: Calendar, added: Counter[str]
) -> None:
    with_one = set(
        Agency.objects.filter(kind=Kind.COUNTER, committee__in=found.values()).values_list(
            "committee", flat=True
        )
    )
    made = [
        new_agency(
            code=f"{_made_up(unit)}.MC",
            is_provisional=True,
            name=_counter_name(unit),
            level=unit.level,
            kind=Kind.COUNTER,
            committee=found[unit.key],
            calendar=calendar,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
        )
        for unit in (*territory.new, *territory.old)
        if found[unit.key].pk not in with_one
    ]
    Agency.objects.bulk_create(made)
    added["counters"] += len(made)


def _counter_name(unit: Unit) -> str:
    if unit.level is Level.PROVINCE or unit.valid_from >= TWO_TIERS_FROM:
        return f"Trung tâm Phục vụ hành chính công {unit.full_name}"
    return f"Bộ phận Tiếp nhận và Trả kết quả {unit.full_name}"


def _succession(territory: Territory, found: Mapping[str, Agency], added: Counter[str]) -> None:
    """Between committees, and between their counters alike: whoever works at the new counter
    sees and hands out what was left at the old one."""
    counters: dict[int, list[Agency]] = {}
    rows = Agency.objects.filter(kind=Kind.COUNTER, committee__in=found.values())
    for row in rows.order_by("pk"):
        counters.setdefault(row.committee_id or 0, []).append(row)
    wanted: dict[tuple[int, int], Succession] = {}
    for link in territory.links:
        old, new = found[link.old_key], found[link.new_key]
        pairs = [(old, new)]
        pairs += [
            (was, heir) for was in counters.get(old.pk, ()) for heir in counters.get(new.pk, ())[:1]
        ]
        for was, heir in pairs:
            wanted[was.pk, heir.pk] = _link(was, heir, link.kind, link.share)
    added["successions"] += _missing(wanted)


def _link(was: Agency, heir: Agency, kind: Succession.Kind, share: Decimal) -> Succession:
    return Succession(
        predecessor=was, successor=heir, kind=kind, effective_on=TWO_TIERS_FROM, share=share
    )


def _missing(wanted: Mapping[tuple[int, int], Succession]) -> int:
    """Add the links of predecessors that have none yet: an administrator may have corrected
    the others."""
    known = set(
        Succession.objects.filter(predecessor__in={old for old, _ in wanted}).values_list(
            "predecessor", flat=True
        )
    )
    rows = [row for (old, _), row in wanted.items() if old not in known]
    return len(Succession.objects.bulk_create(rows))


def summary(loaded: Loaded) -> Iterable[str]:
    """What is there now, era by era, and what this run did."""
    yield from _era("Từ ngày 01/07/2025", loaded.territory.new)
    yield from _era("Đến hết ngày 30/06/2025", loaded.territory.old)
    added = loaded.added
    yield (
        f"Thêm {added['committees']} Ủy ban nhân dân, {added['counters']} Bộ phận Một cửa, "
        f"{added['offices']} cơ quan trong danh sách, {added['successions']} quan hệ kế thừa; "
        f"sửa {loaded.changed}."
    )


def _era(title: str, units: Sequence[Unit]) -> Iterable[str]:
    """A unit's province is the last part of an old code and the first of a new one."""
    for province in (unit for unit in units if unit.level is Level.PROVINCE):
        inside = [unit for unit in units if province.gso_code in unit.code_parts]
        by_level = Counter(unit.level for unit in inside)
        districts = by_level[Level.DISTRICT]
        yield (
            f"{title}: {province.name} ({province.gso_code})"
            + (f", {districts} đơn vị cấp huyện" if districts else "")
            + f", {by_level[Level.COMMUNE]} đơn vị cấp xã."
        )
