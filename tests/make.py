"""The smallest valid rows, typed; a test names only what it is about."""

from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from agencies.models import Agency, Appointment, Kind, Level, Role, User
from calendars.loading import default_calendar
from calendars.models import Calendar
from calendars.working_time import ZONE
from dossiers import intake
from dossiers.intake import ComponentGiven, IntakeRequest
from dossiers.models import Dossier, DossierComponent, StoredFile
from dossiers.parties import PartyDetails
from motcua.text import fold, sort_key
from procedures.models import (
    Block,
    Channel,
    Component,
    FeeRate,
    Posting,
    Procedure,
    ProcedureField,
    ProcedureVersion,
    Step,
)

SINCE = date(2023, 1, 1)
# A Monday at nine.
NOW = datetime(2024, 6, 3, 9, tzinfo=ZONE)
_numbers = count(1)


def at(text: str) -> datetime:
    """`2024-06-13 16:00` local time, or a date for its midnight."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def agency(
    name: str = "",
    *,
    code: str = "",
    level: str = Level.COMMUNE,
    kind: str = Kind.COMMITTEE,
    parent: Agency | None = None,
    committee: Agency | None = None,
    gso_code: str = "",
    calendar: Calendar | None = None,
    valid_from: date = SINCE,
    valid_to: date | None = None,
) -> Agency:
    """A people's committee; with `committee`, one of its counters unless `kind` says otherwise."""
    if committee is not None and kind == Kind.COMMITTEE:
        kind = Kind.COUNTER
    name = name or f"Ủy ban nhân dân xã số {next(_numbers)}"
    return Agency.objects.create(
        code=code or f"DEMO.{next(_numbers)}",
        name=name,
        name_fold=fold(name),
        sort_key=sort_key(name),
        level=level,
        kind=kind,
        parent=parent,
        committee=committee,
        gso_code=gso_code,
        calendar=calendar or default_calendar(),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def user(*, at: Agency | None = None, role: str = Role.CLERK, **fields: Any) -> User:
    """A member of the staff with one role at one agency, or a user without any."""
    values = {"username": f"user{next(_numbers)}", "full_name": "Nguyễn Thị Đào"}
    made = User.objects.create(**values | fields)
    if at is not None:
        Appointment.objects.create(user=made, agency=at, role=role, valid_from=SINCE)
    return made


def staff(agency: Agency, *roles: str, since: date = SINCE, until: date | None = None) -> User:
    """A user with several roles at an agency, or for some time; a clerk when none is named."""
    member = user()
    for role in roles or (Role.CLERK,):
        Appointment.objects.create(
            user=member, agency=agency, role=role, valid_from=since, valid_to=until
        )
    return member


def field(name: str = "Hộ tịch", block: str = "Tư pháp - Hộ tịch") -> ProcedureField:
    heading, _ = Block.objects.get_or_create(
        name=block, defaults={"position": 1000 + next(_numbers)}
    )
    return ProcedureField.objects.get_or_create(block=heading, name=name)[0]


def version(
    *,
    components: int | tuple[str, ...] = (),
    posted_at: Agency | None = None,
    fee_vnd: int = 0,
    steps: tuple[int | dict[str, Any], ...] = (),
    **fields: Any,
) -> ProcedureVersion:
    """A published version of a new procedure, its components all required, unless said otherwise.

    `components` by name or number, `fee_vnd` on every channel, `steps` of so many working hours
    or with these fields.
    """
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
    if isinstance(components, int):
        components = tuple(f"Giấy tờ {number}" for number in range(1, components + 1))
    for position, paper in enumerate(components, start=1):
        Component.objects.create(version=made, position=position, name=paper)
    for position, step in enumerate(steps, start=1):
        given = step if isinstance(step, dict) else {"working_hours": step}
        usual = {"name": f"Bước {position}", "role": Role.OFFICER, "working_hours": 8}
        Step.objects.create(version=made, position=position, **usual | given)
    if fee_vnd:
        FeeRate.objects.create(version=made, name="Lệ phí", amount_vnd=fee_vnd)
    made.status = fields.get("status", "published")  # frozen from here on
    made.save(update_fields=["status"])
    if posted_at is not None:
        posting(posted_at, made)
    return made


def posting(agency: Agency, version: ProcedureVersion, **fields: Any) -> Posting:
    return Posting.objects.create(**{"agency": agency, "version": version, "since": SINCE} | fields)


def person(name: str = "Nguyễn Thị Én", **details: str) -> PartyDetails:
    return PartyDetails(kind="person", name=name, **details)


def request(
    agency: Agency,
    version: ProcedureVersion,
    *,
    key: UUID | None = None,
    channel: str = Channel.DIRECT,
    holder: PartyDetails | None = None,
    applicant: PartyDetails | None = None,
    submitted_at: datetime | None = None,
    summary: str = "",
) -> IntakeRequest:
    """A complete request: every component of the version as an original."""
    return IntakeRequest(
        intake_key=key or uuid4(),
        agency=agency,
        version=version,
        channel=channel,
        holder=holder or person(),
        applicant=applicant,
        components=tuple(
            ComponentGiven(one.pk, one.name, DossierComponent.Form.ORIGINAL)
            for one in version.components.all()
        ),
        summary=summary,
        submitted_at=submitted_at,
    )


def dossier(
    *,
    agency: Agency | None = None,
    version: ProcedureVersion | None = None,
    officer: User | None = None,
    now: datetime = NOW,
    channel: str = Channel.DIRECT,
    holder: PartyDetails | None = None,
    summary: str = "",
) -> Dossier:
    """An accepted dossier, through the act of intake; a world of its own where none is named."""
    agency = agency or globals()["agency"]()
    version = version or globals()["version"](posted_at=agency)
    submitted_at = now if channel == Channel.ONLINE else None
    wanted = request(
        agency,
        version,
        channel=channel,
        holder=holder,
        submitted_at=submitted_at,
        summary=summary,
    )
    return intake.accept(wanted, officer=officer or staff(agency), now=now)


def upload(by: User, *, retention: str = "temporary") -> StoredFile:
    """The row of a file; there is nothing behind it."""
    return StoredFile.objects.create(
        storage_key=f"00/00/{next(_numbers)}",
        name="a.pdf",
        sha256="0" * 64,
        size=1,
        media_type="application/pdf",
        retention=retention,
        stored_at=NOW,
        stored_by=by,
    )
