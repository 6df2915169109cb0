"""A dossier that came online or waits at the counter (mới đăng ký), before its acceptance.

It has no code, no clock, and stands in no figure. The counter accepts it, asks for a supplement
(dossiers.supplement), or refuses it with a reason (Mẫu 03).
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import User
from dossiers import errors, grounds, intake, numbering, opening, slips, tally
from dossiers.acting import performing
from dossiers.models import ClockSpan, Dossier, SlipKind, Status
from dossiers.reasons import given
from dossiers.recording import Parts
from dossiers.requests import IntakeRequest
from procedures.competence import competent_agency
from procedures.models import RuleSet


def submit(
    request: IntakeRequest, *, actor: User | None, now: datetime, is_complete: bool = True
) -> Dossier:
    """State 1. The same key and content again gives the first one to the same actor's scope."""
    request = request.cleaned()
    known = grounds.read(request, actor, now)
    if known.first_id is not None:
        return _first_of(request, actor, now)
    grounds.check(request, known, now, is_complete=is_complete)
    competent = competent_agency(request.version, request.agency, timezone.localdate(now))
    dossier = intake.draft(request, known, competent)
    dossier.submitted_at = request.submitted_at or now
    event = intake.event_of(dossier, "submit", actor, now, from_status=None, request_id=uuid4())
    parts = Parts(event, grounds.papers(request, known), known.fees)
    try:
        with transaction.atomic():
            intake.write(dossier, request, parts, now)
    except IntegrityError:
        return _first_of(request, actor, now)
    return dossier


def accept(dossier: Dossier, *, actor: User, now: datetime, request_id: UUID) -> Dossier:
    """1 → 2: code, due date, first leg. The rule set and the version of this day apply."""
    with performing("accept", dossier, actor=actor, now=now, request_id=request_id) as act:
        if act.is_repeated:
            return act.dossier
        locked = act.dossier
        act.require([locked.held_by, locked.lodged_at])
        act.move(Status.ACCEPTED)
        today = timezone.localdate(now)
        if not locked.version.is_in_force(today):
            raise errors.VersionNotInForce
        if not locked.lodged_at.is_valid_on(today):
            raise errors.AgencyClosed
        rule_set = RuleSet.on(today)
        opened = opening.open_lodged(locked, locked.version.field.block_id, now)
        act.changes |= {
            "rule_set": rule_set,
            "accepted_at": now,
            "original_due_at": locked.original_due_at,
            "due_at": locked.due_at,
            "lapses_at": locked.lapses_at,
            "officer": actor,
        }
        # What the row still holds: the event tells from where to where.
        locked.status, locked.due_at = dossier.status, None
        locked.supplements.filter(completed_at__isnull=True).update(completed_at=now)
        opened.leg.dossier = locked
        opened.leg.save(force_insert=True)
        for row in opened.spans:
            row.leg = opened.leg
        ClockSpan.objects.bulk_create(opened.spans)
        tally.write(opened.deltas)
        act.changes |= numbering.next_numbers(locked.lodged_at, now)._asdict()
    return act.dossier


def refuse(
    dossier: Dossier, *, actor: User, now: datetime, request_id: UUID, reason: str
) -> Dossier:
    """State 3 (Mẫu 03), before acceptance only; not counted as received."""
    reason = given(reason)
    with performing("refuse", dossier, actor=actor, now=now, request_id=request_id) as act:
        if not act.is_repeated:
            act.require([act.dossier.held_by, act.dossier.lodged_at])
            act.move(Status.REFUSED)
            act.changes |= {"ended_at": now, "closing_reason": reason}
            slips.issue(act.dossier, SlipKind.REFUSAL, actor=actor, now=now)
    return act.dossier


def _first_of(request: IntakeRequest, actor: User | None, now: datetime) -> Dossier:
    """To whoever submitted it, and to the staff that may see it."""
    if actor is None:
        raise errors.KeyReplayed
    own = Dossier.objects.filter(
        lodged_at=request.agency,
        intake_key=request.intake_key,
        intake_hash=request.payload_hash(),
        events__act="submit",
        events__actor=actor,
    ).first()
    return own or intake.first_of(request, actor, now)
