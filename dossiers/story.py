"""What the page of one dossier tells: its facts, its clock and why, its history."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from agencies.scope import Scope
from calendars import clock
from calendars.clock import DayNote, Limit, Policy, Suspension, Unit
from calendars.loading import working_time
from dossiers import history
from dossiers.history import ACTS, Line
from dossiers.ledger import Reason
from dossiers.models import Dossier, Leg, Party
from dossiers.models import Suspension as Wait
from dossiers.secrets import decrypt, mask

__all__ = ["ACTS", "Line", "Masked", "Story", "one", "tell"]

REASONS = {
    Reason.ACCEPTED: "tiếp nhận",
    Reason.SUSPENDED: "tạm dừng",
    Reason.RESUMED: "tiếp tục sau tạm dừng",
    Reason.EXTENDED: "gia hạn",
    Reason.CALENDAR: "lịch làm việc thay đổi",
    Reason.REOPENED: "mở lại",
}


@dataclass(frozen=True)
class Masked:
    """Who it is, with number and phone masked; each full view is logged."""

    role: str
    title: str
    party: Party
    citizen_id: str
    phone: str


@dataclass(frozen=True)
class Story:
    dossier: Dossier
    lines: list[Line]
    parties: list[Masked]
    waits: list[Wait] = field(default_factory=list)
    spans: list[tuple[Any, str]] = field(default_factory=list)
    notes: list[DayNote] = field(default_factory=list)
    leg: Leg | None = None

    @property
    def last_event(self) -> int | None:
        """What the reader has seen: acts of others after it are told before his own."""
        return max((line.event.pk for line in self.lines), default=None)

    @property
    def still_since(self) -> datetime | None:
        """Since when the clock stands still, while it does."""
        return next((wait.starts_at for wait in self.waits if wait.ends_at is None), None)


def one(scope: Scope, public_id: UUID) -> Dossier:
    """The dossier with its fellows (one query); DoesNotExist for those out of scope too."""
    return (
        Dossier.objects.in_scope(scope)
        .select_related(
            "version__procedure",
            "version__field",
            "rule_set",
            "lodged_at__committee",
            "lodged_at__calendar",
            "competent__calendar",
            "held_by",
            "officer",
            "holder",
            "applicant",
            "risk",
        )
        .get(public_id=public_id)
    )


def tell(dossier: Dossier, *, has_waited: bool = True) -> Story:
    """Everything that the page prints besides (fixed queries)."""
    legs = list(dossier.legs.select_related("agency__calendar").order_by("position"))
    lines, parties = history.lines_of(dossier), list(_parties(dossier))
    if not legs:
        return Story(dossier, lines, parties)
    leg = legs[0]
    waits = list(dossier.suspensions.all()) if has_waited else []
    spans = [(span, REASONS.get(Reason(span.reason), "")) for span in _spans(leg)]
    return Story(dossier, lines, parties, waits, spans, _notes(dossier, leg, waits), leg)


def _parties(dossier: Dossier) -> Iterable[Masked]:
    yield _masked("holder", "Chủ hồ sơ", dossier.holder)
    if dossier.applicant is not None:
        yield _masked("applicant", "Người nộp", dossier.applicant)


def _masked(role: str, title: str, party: Party) -> Masked:
    number, phone = party.citizen_id_cipher, party.phone_cipher
    return Masked(
        role,
        title,
        party,
        mask(decrypt(number)) if number else "",
        mask(decrypt(phone)) if phone else "",
    )


def _spans(leg: Leg) -> Any:
    return leg.spans.order_by("in_force")


def _notes(dossier: Dossier, leg: Leg, waits: Iterable[Wait]) -> list[DayNote]:
    """Day by day; nothing for a due date that was given from outside."""
    if leg.given_due_at is not None:
        return []
    held: list[Suspension] = [
        Suspension(each.starts_at, _within(each.ends_at, dossier.ended_at)) for each in waits
    ]
    return clock.explain(
        Limit(leg.limit_value, Unit(leg.limit_unit)),
        leg.accepted_at,
        working_time(leg.agency.calendar),
        held,
        Policy(dossier.version.clock_policy),
    )


def _within(ends_at: datetime | None, ended_at: datetime | None) -> datetime | None:
    return ends_at or ended_at
