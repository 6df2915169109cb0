"""The figures that a report rests on: computed once, then frozen with their definition version.

Both totals are kept under their names: "once" takes each dossier once, where it was lodged;
"received" takes everything that the agency itself received, also what others lodged and passed
on. A submitted report is printed from its snapshot alone, however the dossiers change later.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from agencies.models import Agency
from reports import rates
from reports.cells import Cells, total


@dataclass(frozen=True)
class FieldFigures:
    """One field of administration (lĩnh vực) inside its block."""

    key: str
    name: str
    once: Cells
    received: Cells


@dataclass(frozen=True)
class ProcedureFigures:
    """One procedure, by what was received: told where a block is a single field."""

    name: str
    received: Cells


@dataclass(frozen=True)
class BlockFigures:
    """The heading under which the report counts a field, with what only it prints."""

    name: str
    fields: tuple[FieldFigures, ...]
    withdrawn: int = 0
    stopped: int = 0
    fees_vnd: int = 0
    key: str = ""  # opens the block's figures
    procedures: tuple[ProcedureFigures, ...] = ()

    @property
    def parts(self) -> list[tuple[str, Cells]]:
        """What the block is told by: its fields, or the procedures of its only field."""
        if len(self.fields) == 1:
            return [(each.name, each.received) for each in self.procedures]
        return [(each.name, each.received) for each in self.fields]

    @property
    def once(self) -> Cells:
        return total([each.once for each in self.fields])

    @property
    def received(self) -> Cells:
        return total([each.received for each in self.fields])

    @property
    def forwarded(self) -> int:
        """Received from other agencies that had lodged them."""
        return self.received.c3 - self.once.c3


@dataclass(frozen=True)
class Subject:
    """The agency as it was named, for the head of the paper."""

    code: str
    name: str
    level: str
    kind: str
    committee: str
    parent: str

    @classmethod
    def of(cls, agency: Agency) -> "Subject":
        committee = agency.committee or agency
        above = committee.parent
        return cls(
            agency.code, agency.name, agency.level, agency.kind, committee.name,
            above.name if above else "",
        )  # fmt: skip


@dataclass(frozen=True)
class Snapshot:
    subject: Subject
    period: str
    calendar: str
    definition_version: str
    first_day: date
    last_day: date
    as_of: date
    taken_at: datetime
    blocks: tuple[BlockFigures, ...]
    received_by_post: int  # in the period, each dossier once
    returned_by_post: int
    posted: int
    posted_added: int
    is_demo: bool
    checks: tuple[dict[str, Any], ...] = field(default=())

    @property
    def once(self) -> Cells:
        return total([block.once for block in self.blocks])

    @property
    def received(self) -> Cells:
        return total([block.received for block in self.blocks])

    @property
    def totals_differ(self) -> bool:
        return self.once != self.received

    @property
    def rate(self) -> rates.Rate:
        """In time over resolved, of everything that the agency itself received."""
        return rates.of(self.received)["resolved"]

    @property
    def is_partial(self) -> bool:
        """Taken before the period's end: figures are estimates."""
        return self.as_of < self.last_day

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        for name in ("first_day", "last_day", "as_of", "taken_at"):
            data[name] = data[name].isoformat()
        return data


def from_json(data: Mapping[str, Any]) -> Snapshot:
    return Snapshot(
        **{
            **data,
            "subject": Subject(**data["subject"]),
            "first_day": date.fromisoformat(data["first_day"]),
            "last_day": date.fromisoformat(data["last_day"]),
            "as_of": date.fromisoformat(data["as_of"]),
            "taken_at": datetime.fromisoformat(data["taken_at"]),
            "blocks": tuple(_block(block) for block in data["blocks"]),
            "checks": tuple(data["checks"]),
        }
    )


def _block(data: Mapping[str, Any]) -> BlockFigures:
    return BlockFigures(
        **{
            **data,
            "fields": tuple(
                FieldFigures(
                    each["key"], each["name"], Cells(**each["once"]), Cells(**each["received"])
                )
                for each in data["fields"]
            ),
            "procedures": tuple(
                ProcedureFigures(each["name"], Cells(**each["received"]))
                for each in data["procedures"]
            ),
        }
    )
