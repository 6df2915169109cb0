"""Where does the dossier go next (quy trình nội bộ, liên thông)? By the steps of its version.

Between offices and levels: commune → district → province, land registry ↔ tax office. A step
names a level and a kind of office; which office that is follows from the dossier: where it was
lodged, who is competent, and the committees above them.

Passing on (Nghị định 61/2018/NĐ-CP, Điều 18; since 1/7/2025 Nghị định 118/2025/NĐ-CP): what the
counter takes goes to the office the same day; a paper dossier taken after the hour of the rule
set (15:00) at the start of the next working day; an online one at once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.models import Agency, Kind, Role, User
from calendars.loading import working_time
from dossiers import permission
from dossiers.models import Dossier, Status, StepRun
from dossiers.permission import body_of
from procedures.models import Channel, Posting, Step


@dataclass(frozen=True)
class Passage:
    """The steps of the version, what has been done of them, and the one that it stands at."""

    steps: Sequence[Step]
    runs: Sequence[StepRun]
    current: Step | None

    @property
    def on_its_way(self) -> StepRun | None:
        """Sent and not acknowledged."""
        waits = (run for run in self.runs if run.acknowledged_at is None and run.done_at is None)
        return next(waits, None)

    @property
    def following(self) -> list[Step]:
        """What may come next; the first one usually does."""
        if self.current is None:
            return list(self.steps[:1])
        return following(self.current, self.steps)

    def planned(self) -> list[Step]:
        """All that is still ahead on the usual way."""
        ahead: list[Step] = []
        todo = self.following
        while todo and todo[0] not in ahead and todo[0] != self.current:
            ahead.append(todo[0])
            todo = following(todo[0], self.steps)
        return ahead


@dataclass(frozen=True)
class Passing:
    """Passing on from the counter: until when, when it happened, and whether that was late."""

    by: datetime
    sent_at: datetime | None
    is_late: bool


def read(dossier: Dossier, *, was_sent: bool = True) -> Passage:
    """Two queries; one for a dossier that is known never to have been sent."""
    steps = list(Step.objects.filter(version=dossier.version_id).order_by("position"))
    runs = list(_runs(dossier)) if was_sent else []
    return Passage(steps, runs, _current(dossier, steps, runs))


def _runs(dossier: Dossier) -> Iterable[StepRun]:
    runs = StepRun.objects.filter(dossier=dossier)
    return runs.select_related("step", "agency__calendar", "officer", "sent_by").order_by("pk")


def step_back(dossier: Dossier, passage: Passage) -> Step | None:
    """The result is there: back to where the citizen fetches it, unless it is there already."""
    if dossier.held_by_id == dossier.lodged_at_id:
        return None
    for step in reversed(passage.steps):
        own = _own(step, dossier)
        if own is not None and own.pk == dossier.lodged_at_id:
            return step
    return None


def following(step: Step, steps: Sequence[Step]) -> list[Step]:
    """Where the step leads to; the next position where it says nothing."""
    named = step.leads_to
    if named:
        by_position = {one.position: one for one in steps}
        return [by_position[position] for position in named if position in by_position]
    return [one for one in steps if one.position > step.position][:1]


def office_of(
    step: Step, dossier: Dossier, near: Callable[[], Sequence[int]] | None = None
) -> Agency | None:
    """The office that does the step for this dossier; None when it cannot be told.

    Of several alike: one that the dossier concerns, the nearest, one that posts the procedure,
    where the step was done last time. `near` gives the `bodies` that somebody has read already.
    """
    today = timezone.localdate()
    own = _own(step, dossier)
    if own is not None:
        return own if own.is_valid_on(today) else None
    ranks = {pk: rank for rank, pk in enumerate(near() if near else bodies(dossier))}
    offices = Agency.objects.body_of_any(ranks).valid_on(today).select_related("calendar")
    offices = offices.filter(kind=step.office_kind or Kind.COMMITTEE)
    if step.level:
        offices = offices.filter(level=step.level)
    concerned = {dossier.competent_id, dossier.lodged_at_id, dossier.held_by_id}
    ranked = [((one.pk not in concerned, ranks[body_of(one)]), one) for one in offices]
    best = min((rank for rank, _ in ranked), default=None)
    return _one_of([one for rank, one in ranked if rank == best], step, dossier)


def officer_for(step: Step | None, office: Agency, passage: Passage, now: datetime) -> User | None:
    """Whoever had this dossier there before, else the least loaded in the step's role."""
    roles = [step.role] if step is not None else list(permission.STAFF)
    staff = list(_staff_by_load(office, roles, now))
    before = [run.officer_id for run in passage.runs if run.agency_id == office.pk]
    known = [one for one in staff if one.pk in before]
    return next(iter(known or staff), None)


def pass_on_by(dossier: Dossier) -> datetime | None:
    """Until when the counter passes it on; None before the acceptance."""
    taken = dossier.accepted_at
    if taken is None or dossier.channel == Channel.ONLINE:
        return taken
    office = working_time(dossier.lodged_at.calendar)
    local = timezone.localtime(taken)
    if local.time() <= dossier.rule_set.pass_on_until and office.is_working_day(local.date()):
        end = office.end_of(local.date())
        if taken <= end:
            return end
    return office.start_of(office.nth_working_day(1, local.date()))


def passing(dossier: Dossier, passage: Passage, now: datetime) -> Passing | None:
    """None where the counter passes nothing on: it solves the dossier itself."""
    by = pass_on_by(dossier)
    if by is None:
        return None
    sent_at = next((run.sent_at for run in passage.runs if not _is_recalled(run)), None)
    waits = dossier.status == Status.ACCEPTED and dossier.competent_id != dossier.lodged_at_id
    if sent_at is None and not waits:
        return None
    # An online one goes at once: within the hour counts as that.
    limit = by + timedelta(hours=1) if dossier.channel == Channel.ONLINE else by
    return Passing(by, sent_at, (sent_at or now) > limit)


def _current(dossier: Dossier, steps: Sequence[Step], runs: Sequence[StepRun]) -> Step | None:
    done = [run.step for run in runs if run.step is not None and run.acknowledged_at is not None]
    if done:
        return done[-1]
    if not steps or dossier.accepted_at is None:
        return None
    # Never sent: the first step is the counter's own when it is done where the dossier is.
    own = _own(steps[0], dossier)
    return steps[0] if own is not None and own.pk == dossier.lodged_at_id else None


def _own(step: Step, dossier: Dossier) -> Agency | None:
    """Without asking anybody: the counter for its clerks, else the competent agency itself."""
    if step.office_kind:
        return dossier.lodged_at if _fits(step, dossier.lodged_at) else None
    if step.role == Role.CLERK and step.level in {"", dossier.lodged_at.level}:
        return dossier.lodged_at
    return dossier.competent if step.level in {"", dossier.competent.level} else None


def _fits(step: Step, agency: Agency) -> bool:
    return agency.kind == step.office_kind and step.level in {"", agency.level}


def bodies(dossier: Dossier) -> list[int]:
    """The committees that the dossier concerns, then those above them, nearest first."""
    own = [body_of(one) for one in (dossier.competent, dossier.held_by, dossier.lodged_at)]
    rows = Agency.objects.filter(pk__in=own).values_list(
        "pk", "parent_id", "parent__parent_id", "parent__parent__parent_id"
    )
    above = {row[0]: row[1:] for row in rows}
    ranked = [
        *own,
        *(pk for level in zip(*(above[one] for one in own), strict=True) for pk in level),
    ]
    return [pk for pk in dict.fromkeys(ranked) if pk is not None]


def _one_of(offices: Sequence[Agency], step: Step, dossier: Dossier) -> Agency | None:
    if len(offices) < 2:
        return next(iter(offices), None)
    posted = set(
        Posting.objects.on(timezone.localdate())
        .filter(version__procedure=dossier.version.procedure_id, agency__in=offices)
        .values_list("agency_id", flat=True)
    )
    posting = [one for one in offices if one.pk in posted]
    if len(posting) == 1:
        return posting[0]
    last = StepRun.objects.filter(step=step, agency__in=offices).order_by("-pk").first()
    return next((one for one in offices if last and one.pk == last.agency_id), None)


def _staff_by_load(office: Agency, roles: Iterable[str], now: datetime) -> list[User]:
    today = timezone.localdate(now)
    load = (
        Dossier.objects.open()
        .filter(officer=OuterRef("pk"))
        .order_by()
        .values("officer")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return list(
        User.objects.filter(
            Q(appointments__valid_to__isnull=True) | Q(appointments__valid_to__gte=today),
            appointments__agency=office,
            appointments__role__in=list(roles),
            appointments__valid_from__lte=today,
            is_active=True,
        )
        .annotate(load=Coalesce(Subquery(load, output_field=IntegerField()), 0))
        .order_by("load", "full_name", "pk")
        .distinct()
    )


def _is_recalled(run: StepRun) -> bool:
    return run.acknowledged_at is None and run.done_at is not None
