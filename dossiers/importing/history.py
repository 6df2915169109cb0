"""What the events of one dossier amount to: its state, waits, moves and legs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from agencies.models import Agency
from dossiers.importing.rows import Act
from dossiers.models.dossier import Status


class Wait(NamedTuple):
    """The citizen was asked for a supplement; open when it never came."""

    starts_at: datetime
    ends_at: datetime | None
    reason: str


class Move(NamedTuple):
    """The due moment was moved by a decision."""

    at: datetime
    new_due_at: datetime
    reason: str
    row: int


@dataclass
class Passage:
    """The dossier was sent to an agency, which acknowledged it and held it until done."""

    agency: Agency
    sent_at: datetime
    note: str
    acknowledged_at: datetime | None = None
    done_at: datetime | None = None


@dataclass
class Forwarded:
    """A forwarded leg: an agency's own responsibility from its acknowledgement on."""

    agency: Agency
    since: datetime
    until: datetime | None = None


class Done(NamedTuple):
    """One event as it will stand in the history."""

    act: Act
    at: datetime
    agency: Agency
    before: Status | None
    after: Status


@dataclass
class History:
    lodged_at: Agency
    competent: Agency
    held_by: Agency
    status: Status = Status.ACCEPTED
    ended_at: datetime | None = None
    returned_at: datetime | None = None
    closing_reason: str = ""
    waits: list[Wait] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    forwarded: list[Forwarded] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)

    @property
    def ended_negatively(self) -> bool:
        return self.status in {Status.WITHDRAWN, Status.STOPPED}

    @property
    def agencies(self) -> list[Agency]:
        """Every agency that it is or was at."""
        passed = (passage.agency for passage in self.passages)
        return list(dict.fromkeys((self.lodged_at, self.competent, *passed)))

    @property
    def unacknowledged(self) -> Passage | None:
        last = self.passages[-1] if self.passages else None
        return last if last is not None and last.acknowledged_at is None else None

    def take_over(self, agency: Agency, at: datetime) -> None:
        """The agency holds it from now on: a forwarded leg of its own, unless a leg is its own.

        The forwarded leg of whoever passed it on ends: that agency has done its part.
        """
        self.held_by = agency
        for leg in self.forwarded:
            if leg.until is None and leg.agency != agency:
                leg.until = at
        has_one = any(leg.until is None for leg in self.forwarded)
        if not has_one and agency not in {self.lodged_at, self.competent}:
            self.forwarded.append(Forwarded(agency, at))

    def end(self, at: datetime) -> None:
        self.ended_at = at
        for leg in self.forwarded:
            leg.until = leg.until or at
        if self.passages:
            self.passages[-1].done_at = at
