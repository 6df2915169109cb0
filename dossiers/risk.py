"""Which dossiers will be late at the present pace of their office (có nguy cơ quá hạn)?

For each running dossier that is not overdue yet,

    expected end = the latest of  arrival + its own hours
                                  now + (Σ hours of those before it + its own hours) / parallel
                   + the hours of the steps that follow

in working hours of the office that has it, where

- its own hours: the median of its step in that office, or of its procedure's whole leg where no
  step is known (`dossiers.pace`); with too few samples what the version gives the step, or all
  its steps; a dossier of which nothing at all is known is not judged;
- arrival: at the step, or the acceptance;
- before it: the running dossiers of the same office that lapse earlier, overdue ones included
  (the most urgent first);
- parallel: how many the office has in hand at once; the queue counts only where that is known;
- the steps that follow take what the version gives them.

It is at risk when the expected end comes after `lapses_at`. Suspended dossiers have no
`lapses_at` and are not marked. A mark keeps the moment since when; it goes when it is no longer
true.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.models import Agency
from calendars.loading import working_time
from calendars.working_time import WorkingTime
from dossiers import pace
from dossiers.models import Dossier, RiskMark, Status
from dossiers.pace import HOUR, LEG, STEP, Pace
from procedures.models import Step

# More than a year's work: nothing is promised so far ahead.
MOST_HOURS = 2_000.0


class Waiting(NamedTuple):
    """A running dossier in the queue of its office."""

    pk: int
    office: int
    version: int
    procedure: int
    lapses_at: datetime
    accepted_at: datetime
    step: int | None = None
    came_at: datetime | None = None

    @property
    def arrived_at(self) -> datetime:
        return self.came_at if self.step and self.came_at else self.accepted_at


@dataclass(frozen=True)
class Need:
    """The working hours that a dossier takes here, and afterwards; `kind` as in Pace."""

    kind: str
    hours: float
    later: float = 0.0
    is_median: bool = True


@dataclass(frozen=True)
class Expected:
    """When a dossier will be done at this pace, and why."""

    waiting: Waiting
    at: datetime
    ahead: int
    need: Need
    parallel: float

    @property
    def is_late(self) -> bool:
        return self.at > self.waiting.lapses_at


def mark_all(now: datetime) -> int:
    """Mark and unmark; how many are at risk. A fixed number of statements, and one for each
    thousand marks."""
    queue = _queue()
    offices = Agency.objects.select_related("calendar").in_bulk({one.office for one in queue})
    clocks = {pk: working_time(office.calendar) for pk, office in offices.items()}
    steps = _steps({one.version for one in queue})
    late = [
        one
        for one in expected(queue, clocks, steps, pace.read(clocks, now), now)
        if one.is_late and one.waiting.lapses_at > now
    ]
    names = {pk: office.name for pk, office in offices.items()}
    _write([_mark(one, names[one.waiting.office], now) for one in late])
    return len(late)


def expected(
    queue: Sequence[Waiting],
    clocks: Mapping[int, WorkingTime],
    steps: Mapping[int, Sequence[Step]],
    known: Pace,
    now: datetime,
) -> Iterator[Expected]:
    """Pure but for the calendars. `queue` by office, the most urgent first."""
    for office, waiting in groupby(queue, key=lambda one: one.office):
        clock, before = clocks[office], 0.0
        worked = clock.worked_before(now)
        for ahead, one in enumerate(waiting):
            need = _need(one, steps.get(one.version, ()), known)
            if need is None:
                continue
            before += need.hours
            parallel = known.parallel.get((office, need.kind))
            spent = (worked - clock.worked_before(one.arrived_at)) / HOUR
            hours = max(need.hours - spent, before / parallel if parallel else 0.0)
            at = clock.when_worked(worked + round(min(hours + need.later, MOST_HOURS) * HOUR))
            yield Expected(one, at, ahead if parallel else 0, need, parallel or 1.0)


def _need(one: Waiting, steps: Sequence[Step], known: Pace) -> Need | None:
    current = next((step for step in steps if step.pk == one.step), None)
    if current is not None:
        later = sum(float(each.working_hours) for each in steps if each.position > current.position)
        median = known.hours.get((one.office, STEP, current.pk))
        if median is not None:
            return Need(STEP, median, later)
        return Need(STEP, float(current.working_hours), later, is_median=False)
    median = known.hours.get((one.office, LEG, one.procedure))
    if median is not None:
        return Need(LEG, median)
    given = sum(float(each.working_hours) for each in steps)
    return Need(LEG, given, is_median=False) if given else None


def _queue() -> list[Waiting]:
    """Running dossiers by office, the most urgent first; one statement."""
    rows = (
        Dossier.objects.filter(
            status__in=[Status.ACCEPTED, Status.PROCESSING], lapses_at__isnull=False
        )
        .annotate(
            run=FilteredRelation(
                "step_runs",
                condition=Q(step_runs__done_at__isnull=True, step_runs__agency=F("held_by")),
            )
        )
        .order_by("held_by", "lapses_at", "pk")
    )
    came_at = Coalesce("run__acknowledged_at", "run__sent_at")
    columns = ("pk", "held_by", "version", "version__procedure", "lapses_at", "accepted_at")
    return [Waiting(*row) for row in rows.values_list(*columns, "run__step", came_at)]


def _steps(versions: Iterable[int]) -> Mapping[int, Sequence[Step]]:
    found: defaultdict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(version__in=set(versions)).order_by("position"):
        found[step.version_id].append(step)
    return found


def _mark(one: Expected, office: str, now: datetime) -> RiskMark:
    return RiskMark(
        dossier_id=one.waiting.pk, expected_at=one.at, reason=_reason(one, office), since=now
    )


def _reason(one: Expected, office: str) -> str:
    """`Phòng …: còn 14 hồ sơ trước, mỗi hồ sơ trung vị …; dự kiến xong 12/6, sau hạn 10/6.`"""
    hours = f"{one.need.hours:.1f}".removesuffix(".0").replace(".", ",")
    at, lapses = timezone.localtime(one.at), timezone.localtime(one.waiting.lapses_at)
    due = lapses - timedelta(days=0 if lapses.hour or lapses.minute else 1)
    if one.need.is_median:
        pace_of_one = f"mỗi hồ sơ trung vị {hours} giờ làm việc"
    else:
        pace_of_one = f"quy trình nội bộ cần {hours} giờ làm việc"
    said = [
        f"còn {one.ahead} hồ sơ trước" if one.ahead else "",
        pace_of_one,
        f"làm song song {one.parallel:.0f} hồ sơ" if one.parallel >= 1.5 else "",
    ]
    tail = (
        f": {', '.join(filter(None, said))}; "
        f"dự kiến xong {at.day}/{at.month}, sau hạn {due.day}/{due.month}."
    )
    return office[: 300 - len(tail)] + tail


def _write(marks: Sequence[RiskMark]) -> None:
    """In one order: two runs at once wait for one another instead of locking each other."""
    ordered = sorted(marks, key=lambda mark: mark.dossier_id)
    with transaction.atomic():
        stale = RiskMark.objects.exclude(dossier__in=[mark.dossier_id for mark in ordered])
        list(stale.order_by("dossier").select_for_update().values_list("pk"))
        stale.delete()
        RiskMark.objects.bulk_create(
            ordered,
            batch_size=1_000,
            update_conflicts=True,
            unique_fields=["dossier"],
            update_fields=["expected_at", "reason"],
        )
