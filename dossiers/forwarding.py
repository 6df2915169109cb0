"""The dossier goes from office to office (luân chuyển): sent, acknowledged, done.

One line of Phiếu kiểm soát quá trình giải quyết hồ sơ each time. An office of another body
(people's committee) takes responsibility with a leg of its own when it acknowledges, due by its
step. That leg ends when the office passes the dossier on, or with the dossier. Where the dossier
was lodged, and the agency that answers for it anyway, need no further leg.
"""

from datetime import datetime
from math import ceil
from uuid import UUID

from django.utils import timezone

from agencies.models import Agency, User
from calendars.clock import Unit
from calendars.loading import working_time
from dossiers import errors, legs, permission, tally
from dossiers.acting import Act, performing
from dossiers.models import ClockSpan, Dossier, Leg, Status, StepRun
from dossiers.opening import clock_of, row_of
from dossiers.permission import body_of
from motcua.text import clean
from procedures.models import Step

MOVABLE = (Status.ACCEPTED, Status.PROCESSING, Status.DONE)
SECONDS = 1_000_000


def send(
    dossier: Dossier,
    *,
    actor: User,
    now: datetime,
    request_id: UUID,
    to_agency: Agency,
    to_officer: User | None = None,
    step: Step | None = None,
    note: str = "",
) -> Dossier:
    """On its way: the receiver sees it and acknowledges; until then it is in the sender's hand."""
    with performing("send", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by])
            act.stay_in(*MOVABLE)
            _check(act, to_agency, to_officer, step)
            leg = _leave(act, to_agency)
            StepRun.objects.create(
                dossier=act.dossier,
                leg_id=leg,
                step=step,
                agency=to_agency,
                officer=to_officer,
                sent_by=actor,
                sent_at=now,
                note=clean(note)[:500],
            )
            act.changes["agency_ids"] = sorted({*act.dossier.agency_ids, to_agency.pk})
            act.detail |= {"to_agency": to_agency.pk, "step": step.pk if step else None}
    return act.dossier


def acknowledge(dossier: Dossier, *, actor: User, now: datetime, request_id: UUID) -> Dossier:
    """The receiver has it: the step's time begins, and the leg of another body."""
    with performing("acknowledge", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            run = waiting(act.dossier)
            if run is None:
                raise errors.MoveNotAllowed
            act.require([run.agency])
            act.stay_in(*MOVABLE)
            if now < run.sent_at:
                raise errors.TooEarly
            act.place_id = run.agency_id
            if act.dossier.status != Status.DONE:
                _take_over(act, run)
            run.acknowledged_at = now
            run.due_at = _step_due(run, now)
            run.officer = run.officer or actor
            run.save(update_fields=["acknowledged_at", "due_at", "officer", "leg"])
            act.changes |= {"held_by": run.agency, "officer": run.officer}
            if act.dossier.status == Status.ACCEPTED:
                act.move(Status.PROCESSING)
    return act.dossier


def recall(dossier: Dossier, *, actor: User, now: datetime, request_id: UUID) -> Dossier:
    """The sender takes back what nobody has acknowledged: its step, and its leg, go on."""
    with performing("recall", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            run = waiting(act.dossier)
            if run is None:
                raise errors.MoveNotAllowed
            act.require([act.dossier.held_by])
            act.stay_in(*MOVABLE)
            if now < run.sent_at:
                raise errors.TooEarly
            run.done_at = now
            run.save(update_fields=["done_at"])
            _go_on(act, run)
            act.detail["to_agency"] = run.agency_id
    return act.dossier


def _go_on(act: Act, recalled: StepRun) -> None:
    """What sending ended had not ended: the sender's step and the leg of its body."""
    before = StepRun.objects.filter(
        dossier=act.dossier,
        agency=act.dossier.held_by_id,
        acknowledged_at__isnull=False,
        done_at=recalled.sent_at,
    ).exclude(pk=recalled.pk)
    last = before.order_by("-pk").first()
    if last is not None:
        last.done_at = None
        last.save(update_fields=["done_at"])
    if act.dossier.status == Status.DONE:
        return
    body = body_of(act.dossier.held_by)
    left = [
        leg
        for leg in act.dossier.legs.filter(
            is_forwarded=True, ended_at=recalled.sent_at
        ).select_related("agency__calendar")
        if body_of(leg.agency) == body
    ]
    if left:
        legs.reopen(left)
        _catch_up(act, left, recalled.sent_at)


def _catch_up(act: Act, left: list[Leg], since: datetime) -> None:
    """The clock stood still for a while meanwhile: the leg that was away waited too."""
    waited = act.dossier.suspensions.filter(starts_at__gte=since).exists()
    if waited:
        ids = {leg.pk for leg in left}
        again = [one for one in legs.open_legs(act.dossier, act.now) if one.leg.pk in ids]
        legs.resume(act.dossier, again, act.now)


def waiting(dossier: Dossier) -> StepRun | None:
    """The run that was sent and not yet acknowledged."""
    return (
        StepRun.objects.filter(dossier=dossier, done_at__isnull=True, acknowledged_at__isnull=True)
        .select_related("agency__calendar", "officer", "step")
        .first()
    )


def _check(act: Act, to_agency: Agency, to_officer: User | None, step: Step | None) -> None:
    if not to_agency.is_valid_on(timezone.localdate(act.now)):
        raise errors.AgencyClosed
    if step is not None and step.version_id != act.dossier.version_id:
        raise errors.HandOverInvalid("Bước này không thuộc quy trình của thủ tục.")
    if to_officer is not None:
        held = permission.appointments(to_officer, [to_agency], permission.STAFF, act.now)
        if not to_officer.is_active or not held.exists():
            raise errors.HandOverInvalid("Người nhận không làm việc tại nơi nhận.")
    elif to_agency.pk == act.dossier.held_by_id:
        raise errors.HandOverInvalid("Hồ sơ đang ở chính cơ quan này; hãy chọn người nhận.")


def _leave(act: Act, to_agency: Agency) -> int:
    """The sender's step is done, and its forwarded leg when another body follows."""
    current = StepRun.objects.filter(dossier=act.dossier, done_at__isnull=True).first()
    if current is not None:
        if current.acknowledged_at is None:
            raise errors.HandOverInvalid("Lần chuyển trước chưa được nơi nhận xác nhận.")
        if act.now < current.acknowledged_at:
            raise errors.TooEarly
        current.done_at = act.now
        current.save(update_fields=["done_at"])
    open_legs = legs.open_legs(act.dossier, act.now)
    if not open_legs:  # done: only the result is on its way
        return act.dossier.legs.values_list("pk", flat=True).get(is_forwarded=False)
    sender = body_of(act.dossier.held_by)
    if body_of(to_agency) != sender:
        own = [one for one in open_legs if not one.is_lodged and body_of(one.leg.agency) == sender]
        legs.end(act.dossier, own, act.now, negative=False)
        open_legs = [one for one in open_legs if one not in own]
    return open_legs[-1].leg.pk


def _take_over(act: Act, run: StepRun) -> None:
    """The leg that the run belongs to; a new one for a body that answers for nothing yet."""
    open_legs = legs.open_legs(act.dossier, act.now)
    body, lodged = body_of(run.agency), open_legs[0].leg
    if body in {body_of(lodged.agency), body_of(act.dossier.lodged_at)}:
        run.leg = lodged
        return
    for one in open_legs:
        if not one.is_lodged and body_of(one.leg.agency) == body:
            run.leg = one.leg
            return
    run.leg = _open_forwarded(act, run, lodged)


def _open_forwarded(act: Act, run: StepRun, lodged: Leg) -> Leg:
    leg = Leg(
        dossier=act.dossier,
        position=act.dossier.legs.count() + 1,
        is_forwarded=True,
        agency=run.agency,
        procedure_id=lodged.procedure_id,
        field_id=lodged.field_id,
        block_id=lodged.block_id,
        channel=lodged.channel,
        accepted_at=act.now,
        limit_value=lodged.limit_value,
        limit_unit=lodged.limit_unit,
        given_due_at=lodged.due_at,
    )
    if run.step is not None:
        leg.limit_value, leg.limit_unit = ceil(run.step.working_hours), Unit.WORKING_HOUR.value
        whole = run.step.working_hours == leg.limit_value
        leg.given_due_at = None if whole else _step_due(run, act.now)
    span = clock_of(leg, act.dossier.version).opening()
    leg.due_at, leg.lapses_at = span.due_at, span.lapses_at
    leg.save(force_insert=True)
    ClockSpan.objects.bulk_create([row_of(span, leg)])
    tally.book(leg, tally.contributions(leg, [span]))
    return leg


def _step_due(run: StepRun, now: datetime) -> datetime | None:
    """The end of the step's working hours, from the acknowledgement on."""
    if run.step is None:
        return None
    office = working_time(run.agency.calendar)
    return office.when_worked(
        office.worked_before(now) + int(run.step.working_hours * 3600) * SECONDS
    )
