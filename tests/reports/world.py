"""A small world for figures: two communes that merge, their district, fields in two blocks."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from agencies.models import Agency, Kind, Level
from calendars.models import Calendar
from dossiers.models import Dossier, Leg, Party, Status
from motcua.text import fold, sort_key
from procedures.models import (
    Block,
    Posting,
    Procedure,
    ProcedureField,
    ProcedureVersion,
    RuleSet,
)


@dataclass(frozen=True)
class World:
    agencies: dict[str, Agency]
    versions: list[ProcedureVersion]
    rule_set: RuleSet
    party: Party


def make() -> World:
    """D with communes A and B (A has a counter O), which end in H on 1/7/2025, and H in G."""
    calendar, _ = Calendar.objects.get_or_create(code="figures", defaults={"name": "Số liệu"})
    agencies: dict[str, Agency] = {}
    for name, level, above, valid_from, valid_to in (
        ("P", Level.PROVINCE, None, date(2004, 1, 1), None),
        ("D", Level.DISTRICT, "P", date(2004, 1, 1), None),
        ("A", Level.COMMUNE, "D", date(2004, 1, 1), date(2025, 6, 30)),
        ("B", Level.COMMUNE, "D", date(2004, 1, 1), date(2025, 6, 30)),
        ("H", Level.COMMUNE, "D", date(2025, 7, 1), date(2025, 8, 19)),
        ("G", Level.COMMUNE, "P", date(2025, 8, 20), None),
    ):
        agencies[name] = _agency(
            calendar,
            name,
            level=level,
            parent=agencies.get(above or ""),
            valid_from=valid_from,
            valid_to=valid_to,
        )
    agencies["O"] = _agency(
        calendar,
        "O",
        level=Level.COMMUNE,
        kind=Kind.COUNTER,
        committee=agencies["A"],
        valid_from=date(2004, 1, 1),
        valid_to=date(2025, 6, 30),
    )
    versions = _versions()
    for version in versions[:3]:
        Posting.objects.create(agency=agencies["A"], version=version, since=date(2020, 1, 1))
    return World(agencies, versions, _rule_set(), _party())


def _agency(calendar: Calendar, name: str, **fields: Any) -> Agency:
    return Agency.objects.create(
        code=f"DEMO-{name}",
        name=f"Cơ quan {name}",
        name_fold=fold(name),
        sort_key=sort_key(name),
        kind=fields.pop("kind", Kind.COMMITTEE),
        gso_code="51" if name == "P" else "",
        calendar=calendar,
        **fields,
    )


def _versions() -> list[ProcedureVersion]:
    """Fields 0 and 1 in block X, field 2 in block Y; the last procedure is posted nowhere."""
    blocks = [
        Block.objects.create(name=name, position=position)
        for name, position in (("Khối X", 901), ("Khối Y", 902))
    ]
    fields = [
        ProcedureField.objects.create(name=f"Lĩnh vực {number}", block=blocks[number // 2])
        for number in range(3)
    ]
    return [
        ProcedureVersion.objects.create(
            procedure=Procedure.objects.create(code=f"9.00000{number}"),
            status="published",
            name=f"Thủ tục {number}",
            name_fold=fold(f"Thủ tục {number}"),
            sort_key=sort_key(f"Thủ tục {number}"),
            field=fields[number % 3],
            levels=["commune"],
            limit_value=5,
            limit_unit="working_day",
            online="full",
            effective_from=date(2020, 1, 1),
        )
        for number in range(4)
    ]


def _rule_set() -> RuleSet:
    found, _ = RuleSet.objects.get_or_create(
        effective_on=date(1999, 1, 1),
        defaults={
            "code": "figures",
            "name": "Số liệu",
            "legal_basis": "",
            "forms": {},
            "code_format": "qcvn102",
            "pass_on_until": "15:00",
        },
    )
    return found


def _party() -> Party:
    return Party.objects.create(
        kind="person",
        name="Người Minh Họa",
        name_fold="nguoi minh hoa",
        sort_key="x",
        created_at=datetime(2020, 1, 1, tzinfo=UTC),
    )


def dossier(world: World, version: ProcedureVersion, agency: Agency, **times: object) -> Dossier:
    """An accepted dossier of no importance, not saved; `accepted_at`, `ended_at` in `times`."""
    return Dossier(
        code=f"T-{uuid4().hex}",
        intake_key=uuid4(),
        intake_hash="0" * 64,
        version=version,
        rule_set=world.rule_set,
        lodged_at=agency,
        competent=agency,
        held_by=agency,
        agency_ids=[agency.pk],
        channel="direct",
        status=Status.DONE if times.get("ended_at") else Status.PROCESSING,
        holder=world.party,
        holder_name=world.party.name,
        holder_fold=world.party.name_fold,
        **times,
    )


def leg(found: Dossier, agency: Agency, **fields: object) -> Leg:
    version = found.version
    values: dict[str, object] = {
        "position": 1,
        "is_forwarded": False,
        "channel": "direct",
        "accepted_at": found.accepted_at,
        "limit_value": version.limit_value,
        "limit_unit": version.limit_unit,
        "ended_at": found.ended_at,
    }
    return Leg(
        dossier=found,
        agency=agency,
        procedure=version.procedure,
        field=version.field,
        block=version.field.block,
        **(values | fields),
    )
