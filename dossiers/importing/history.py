"""What the events of one dossier amount to: its state, waits, moves and legs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from agencies.models import Agency
from dossiers.importing.rows import Act
from dossiers.models.dossier import Status
from dossiers.permission import body_of


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
class Forwarded:
    """A forwarded leg: an agency's own responsibility from its acknowledgement on."""

    agency: Agency
    since: datetime
    until: datetime | None = None


@dataclass
class Passage:
    """The dossier was sent to an agency, which acknowledged it and held it until done.

    `leg`: the forwarded leg to which it belongs; None: the lodged one.
    """

    agency: Agency
    sent_at: datetime
    note: str
    leg: Forwarded | None
    acknowledged_at: datetime | None = None
    done_at: datetime | None = None


class Done(NamedTuple):
    """One event as it will stand in the history."""

    act: Act
    at: datetime
    agency: Agency
    before: Status | None
    after: Status
    detail: dict[str, object]


@dataclass
class History:
    """`answers`: the agency of the lodged leg."""

    lodged_at: Agency
    competent: Agency
    answers: Agency
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

    def send(self, to: Agency, at: datetime, note: str) -> None:
        """The sender has done its part: its forwarded leg ends when another body follows."""
        if self.passages and self.passages[-1].done_at is None:
            self.passages[-1].done_at = at
        sender = body_of(self.held_by)
        if body_of(to) != sender and self.ended_at is None:
            for leg in self._open_legs():
                if body_of(leg.agency) == sender:
                    leg.until = at
        self.passages.append(Passage(to, at, note, next(reversed(self._open_legs()), None)))

    def take_over(self, passage: Passage, at: datetime) -> None:
        """A leg for a body that answers for nothing yet, unless only the result is on its way."""
        passage.acknowledged_at = at
        self.held_by = passage.agency
        if self.ended_at is not None:
            return
        body = body_of(passage.agency)
        if body in {body_of(self.answers), body_of(self.lodged_at)}:
            passage.leg = None
            return
        own = next((leg for leg in self._open_legs() if body_of(leg.agency) == body), None)
        if own is None:
            own = Forwarded(passage.agency, at)
            self.forwarded.append(own)
        passage.leg = own

    def end(self, at: datetime) -> None:
        self.ended_at = at
        for leg in self._open_legs():
            leg.until = at
        if self.passages and self.passages[-1].done_at is None:
            self.passages[-1].done_at = at

    def _open_legs(self) -> list[Forwarded]:
        return [leg for leg in self.forwarded if leg.until is None]
