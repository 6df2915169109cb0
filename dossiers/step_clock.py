"""How long did each step take (thời gian từng bước)? Allotted and used, by the office's calendar.

Of Phiếu kiểm soát quá trình giải quyết hồ sơ: used less than allotted is early (trước hạn), as
much is on time (đúng hạn), more is overdue (quá hạn), in whole minutes. Time in which the
dossier waited for the citizen is nobody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agencies.models import Agency, User
from calendars.loading import working_time
from calendars.resolution import SECOND
from calendars.working_time import WorkingTime
from dossiers.models import Dossier, Outcome, StepRun, Suspension
from dossiers.routing import Passage
from procedures.models import Step

MINUTE = 60 * SECOND


@dataclass(frozen=True)
class StepLine:
    """One step in somebody's hands; minutes of working time."""

    title: str
    agency: Agency
    officer: User | None
    sent_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    allotted: int | None
    used: int | None
    due_at: datetime | None
    note: str = ""
    is_recalled: bool = False

    @property
    def is_current(self) -> bool:
        return self.ended_at is None

    @property
    def outcome(self) -> str:
        """Of a step that ended; blank without working hours of its own."""
        if self.ended_at is None or self.allotted is None or self.used is None:
            return ""
        if self.used == self.allotted:
            return Outcome.ON_TIME
        return Outcome.EARLY if self.used < self.allotted else Outcome.OVERDUE

    @property
    def outcome_words(self) -> str:
        return Outcome(self.outcome).label if self.outcome else ""

    @property
    def used_words(self) -> str:
        return _words(self.used or 0)

    @property
    def allotted_words(self) -> str:
        return _words(self.allotted or 0)

    @property
    def is_late(self) -> bool:
        return self.allotted is not None and self.used is not None and self.used > self.allotted


def lines_of(
    dossier: Dossier, passage: Passage, waits: Sequence[Suspension], now: datetime
) -> list[StepLine]:
    """Each passage from hand to hand, the counter's own first step before them."""
    lines = [_line(run, waits, now) for run in passage.runs]
    own = _at_the_counter(dossier, passage, waits, now)
    return [own, *lines] if own is not None else lines


def due_of(run: StepRun, waits: Sequence[Suspension]) -> datetime | None:
    """The end of the step's working hours; None without hours, or while the clock stands still."""
    if run.step is None or run.acknowledged_at is None:
        return None
    office = working_time(run.agency.calendar)
    return _due(run.step, run.acknowledged_at, waits, office)


def outcome_of(run: StepRun, waits: Sequence[Suspension]) -> str:
    """In words, for the control slip; blank while it is under way."""
    return _line(run, waits, run.done_at).outcome_words if run.done_at else ""


def catch_up(dossier: Dossier) -> None:
    """After a wait: the step under way is due later by the working time that it lost."""
    run = (
        StepRun.objects.filter(
            dossier=dossier,
            done_at__isnull=True,
            acknowledged_at__isnull=False,
            step__isnull=False,
        )
        .select_related("step", "agency__calendar")
        .first()
    )
    if run is not None:
        run.due_at = due_of(run, list(dossier.suspensions.all()))
        run.save(update_fields=["due_at"])


def _line(run: StepRun, waits: Sequence[Suspension], now: datetime) -> StepLine:
    office, began = working_time(run.agency.calendar), run.acknowledged_at
    used = None if began is None else _used(began, run.done_at or now, waits, office)
    return StepLine(
        title=run.step.name if run.step else "",
        agency=run.agency,
        officer=run.officer,
        sent_at=run.sent_at,
        began_at=began,
        ended_at=run.done_at,
        allotted=_allotted(run.step),
        used=used,
        due_at=due_of(run, waits),
        note=run.note,
        is_recalled=began is None and run.done_at is not None,
    )


def _at_the_counter(
    dossier: Dossier, passage: Passage, waits: Sequence[Suspension], now: datetime
) -> StepLine | None:
    """The first step, begun by the acceptance itself and never sent to anybody."""
    began = dossier.accepted_at
    done = {run.step_id for run in passage.runs}
    first = next(iter(passage.steps), None)
    if first is None or began is None or first.pk in done:
        return None
    if not passage.runs and passage.current != first:
        return None
    if passage.runs and not _is_behind(first, passage):
        return None
    ended = passage.runs[0].sent_at if passage.runs else dossier.ended_at
    office = working_time(dossier.lodged_at.calendar)
    return StepLine(
        title=first.name,
        agency=dossier.lodged_at,
        officer=passage.runs[0].sent_by if passage.runs else dossier.officer,
        sent_at=None,
        began_at=began,
        ended_at=ended,
        allotted=_allotted(first),
        used=_used(began, ended or now, waits, office),
        due_at=_due(first, began, waits, office),
    )


def _is_behind(first: Step, passage: Passage) -> bool:
    """A later step went out first: the counter had done its own."""
    went = passage.runs[0].step
    return went is not None and went.position > first.position


def _allotted(step: Step | None) -> int | None:
    return None if step is None else int(step.working_hours * 60)


def _used(
    began: datetime, ended: datetime, waits: Sequence[Suspension], office: WorkingTime
) -> int:
    if ended <= began:
        return 0
    total = office.worked_before(ended) - office.worked_before(began)
    return (total - _waited(began, ended, waits, office)) // MINUTE


def _due(
    step: Step, began: datetime, waits: Sequence[Suspension], office: WorkingTime
) -> datetime | None:
    """Each wait that begins before the due moment puts it off by its working time."""
    worked = office.worked_before(began) + int(step.working_hours * 3600) * SECOND
    for wait in waits:
        starts = max(wait.starts_at, began)
        if wait.ends_at is not None and wait.ends_at <= began:
            continue
        if starts >= office.when_worked(worked):
            break
        if wait.ends_at is None:
            return None
        worked += office.worked_before(wait.ends_at) - office.worked_before(starts)
    return office.when_worked(worked)


def _waited(
    began: datetime, ended: datetime, waits: Sequence[Suspension], office: WorkingTime
) -> int:
    total = 0
    for wait in waits:
        starts, ends = max(wait.starts_at, began), min(wait.ends_at or ended, ended)
        if starts < ends:
            total += office.worked_before(ends) - office.worked_before(starts)
    return total


def _words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    words = [f"{hours} giờ" if hours else "", f"{rest} phút" if rest or not hours else ""]
    return " ".join(word for word in words if word)
