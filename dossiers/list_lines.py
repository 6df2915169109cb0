"""A line of the lists: what is printed of a dossier, made once instead of looked up cell by cell.

Fifty of them are most of the page's work: Django's templates ask for each attribute in four ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from dossiers.intake_clock import left_to_answer
from dossiers.models import Dossier, Status
from dossiers.time_left import TimeLeft, time_left
from procedures.models import Channel

# What is read of a dossier: what a line shows, and the columns by which lists are ordered.
COLUMNS = (
    "public_id",
    "code",
    "version",
    "held_by",
    "officer",
    "channel",
    "status",
    "holder_name",
    "holder_fold",
    "submitted_at",
    "accepted_at",
    "due_at",
    "lapses_at",
    "ended_at",
    "is_demo",
)
_STATUSES, _CHANNELS = dict(Status.choices), dict(Channel.choices)
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Line:
    public_id: UUID
    address: str
    code: str
    is_demo: bool
    holder: str
    procedure: str
    taken: str
    channel: str
    due: str
    left: TimeLeft
    risk: str  # why it may be late
    status: str
    held_by: str
    officer: str


def lines(dossiers: Sequence[Dossier], now: datetime) -> list[Line]:
    """Of dossiers read `for_list`; one query more when online ones wait for their answer."""
    waiting = [one for one in dossiers if one.status == Status.REGISTERED]
    prefetch_related_objects(waiting, "held_by__calendar")
    pattern = reverse("dossiers:detail", args=[_NOBODY])
    return [_line(one, pattern, now) for one in dossiers]


def _line(one: Dossier, pattern: str, now: datetime) -> Line:
    risk = getattr(one, "risk", None) if one.ended_at is None else None
    left = left_to_answer if one.status == Status.REGISTERED else time_left
    return Line(
        public_id=one.public_id,
        address=pattern.replace(str(_NOBODY), str(one.public_id)),
        code=one.code or "",
        is_demo=one.is_demo,
        holder=one.holder_name,
        procedure=Truncator(one.version.name).chars(90),
        taken=_taken(one),
        channel=str(_CHANNELS.get(one.channel, "")),
        due=_moment(one.due_at),
        left=left(one, now),
        risk=risk.reason if risk is not None else "",
        status=str(_STATUSES[one.status]),
        held_by=one.held_by.name,
        officer=str(one.officer or ""),
    )


def _taken(one: Dossier) -> str:
    if one.accepted_at is None and one.submitted_at is not None:
        return f"nộp {_moment(one.submitted_at)}"
    return _moment(one.accepted_at)


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""
