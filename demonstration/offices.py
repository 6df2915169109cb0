"""Offices of the demonstration behind the counter: who works on what the counter takes in.

Their names are plausible, their codes made up (they begin with DEMO).
"""

from dataclasses import dataclass
from datetime import date

from agencies.models import Agency, Kind
from calendars.loading import default_calendar
from motcua.text import fold, sort_key


@dataclass(frozen=True)
class Offices:
    """Of one commune, and those of the province that work for it."""

    committee: Agency
    counter: Agency
    economy: Agency
    culture: Agency
    land_registry: Agency
    tax: Agency


def open_offices(committee: Agency, counter: Agency, province: Agency) -> Offices:
    """Made once; found again on a second run."""
    unit = committee.name.removeprefix("Ủy ban nhân dân ")
    place = unit.removeprefix("xã ")

    def office(suffix: str, name: str, kind: str, of: Agency) -> Agency:
        return _open(f"{committee.code}.{suffix}", name, kind, of, since=committee.valid_from)

    return Offices(
        committee,
        counter,
        economy=office("KT", f"Phòng Kinh tế {unit}", Kind.DEPARTMENT, committee),
        culture=office("VHXH", f"Phòng Văn hóa - Xã hội {unit}", Kind.OFFICE, committee),
        land_registry=office(
            "DD",
            f"Chi nhánh Văn phòng Đăng ký đất đai khu vực {place}",
            Kind.LAND_REGISTRY,
            province,
        ),
        tax=office("T", f"Thuế cơ sở khu vực {place}", Kind.VERTICAL, province),
    )


def _open(code: str, name: str, kind: str, committee: Agency, *, since: date) -> Agency:
    office, _ = Agency.objects.get_or_create(
        code=code,
        defaults={
            "is_provisional": True,
            "name": name,
            "name_fold": fold(name),
            "sort_key": sort_key(name),
            "level": committee.level,
            "kind": kind,
            "parent": committee,
            "committee": committee,
            "calendar": default_calendar(),
            "valid_from": since,
        },
    )
    return office
