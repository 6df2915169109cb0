"""The smallest valid rows of the catalogue, free in every field that its rules are about."""

from datetime import date
from itertools import count
from typing import Any

from agencies.models import Agency, Appointment, Kind, Level, Role, User
from calendars.loading import default_calendar
from motcua.text import fold, sort_key
from procedures.models import (
    Block,
    Component,
    Posting,
    Procedure,
    ProcedureField,
    ProcedureVersion,
)

_numbers = count(1)
SINCE = date(2023, 1, 1)


def agency(**fields: Any) -> Agency:
    """A people's committee of a commune, or an office when `committee` is given."""
    number = next(_numbers)
    name = fields.setdefault("name", f"Ủy ban nhân dân xã {number}")
    office = Kind.COUNTER if "committee" in fields else Kind.COMMITTEE
    values: dict[str, Any] = {
        "code": f"DEMO.{number}",
        "name_fold": fold(name),
        "sort_key": sort_key(name),
        "level": Level.COMMUNE,
        "kind": office,
        "calendar": default_calendar(),
        "valid_from": SINCE,
    }
    return Agency.objects.create(**values | fields)


def user(*, at: Agency | None = None, role: str = Role.CLERK, **fields: Any) -> User:
    """A member of the staff with one role at one agency, or a user without any."""
    values = {"username": f"user{next(_numbers)}", "full_name": "Nguyễn Thị Đào"}
    made = User.objects.create(**values | fields)
    if at is not None:
        Appointment.objects.create(user=made, agency=at, role=role, valid_from=SINCE)
    return made


def field(name: str = "Hộ tịch", block: str = "Tư pháp - Hộ tịch") -> ProcedureField:
    number = next(_numbers)
    heading, _ = Block.objects.get_or_create(name=block, defaults={"position": number})
    return ProcedureField.objects.get_or_create(block=heading, name=name)[0]


def version(*, components: tuple[str, ...] = (), **fields: Any) -> ProcedureVersion:
    """A published version of a new procedure, its components all required."""
    name = fields.setdefault("name", "Đăng ký khai sinh")
    values: dict[str, Any] = {
        "name_fold": fold(name),
        "sort_key": sort_key(name),
        "levels": [Level.COMMUNE],
        "limit_value": 5,
        "limit_unit": "working_day",
        "online": "full",
        "effective_from": SINCE,
    }
    if "procedure" not in fields:
        fields["procedure"] = Procedure.objects.create(code=f"1.{next(_numbers):06}")
    if "field" not in fields:
        fields["field"] = field()
    made = ProcedureVersion.objects.create(**values | fields | {"status": "draft"})
    for position, paper in enumerate(components, start=1):
        Component.objects.create(version=made, position=position, name=paper)
    made.status = fields.get("status", "published")
    made.save(update_fields=["status"])
    return made


def posting(agency: Agency, version: ProcedureVersion, **fields: Any) -> Posting:
    return Posting.objects.create(**{"agency": agency, "version": version, "since": SINCE} | fields)
