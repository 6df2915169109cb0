"""Take a dossier in (tiếp nhận hồ sơ): code, due date, components, fees, first leg.

Nghị định 61/2018/NĐ-CP, Điều 17 (since 1/7/2025 Nghị định 118/2025/NĐ-CP): the counter checks
the papers, gives the code and the appointment. At most twelve statements, however many papers.
"""

import hmac
import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import Agency, User
from agencies.scope import scope_of
from calendars import clock
from calendars.clock import DayNote, Due, Limit, Unit
from calendars.loading import working_time
from dossiers import errors, grounds, numbering, opening, parties, telling
from dossiers.grounds import Grounds
from dossiers.models import Capacity, Dossier, DossierEvent, Payment, Status, StoredFile
from dossiers.parties import PartyDetails
from dossiers.recording import Parts, record
from dossiers.requests import ComponentGiven, IntakeRequest
from dossiers.telling import Contact
from motcua.text import fold
from procedures.competence import competent_agency
from procedures.models import Channel, ProcedureVersion

__all__ = ["ComponentGiven", "IntakeRequest", "PartyDetails", "accept", "preview_due"]

logger = logging.getLogger(__name__)
# A counter without a network sends what it took in within a week.
LONGEST_OFFLINE = timedelta(days=7)


def accept(
    request: IntakeRequest,
    *,
    officer: User,
    now: datetime,
    recorded_at: datetime | None = None,
) -> Dossier:
    """Record the dossier. Repeating it with the same key and content gives the first one.

    `now` is when the citizen stood there: its day's rules, version and competence hold.
    `recorded_at` is later when the counter was without a network.
    """
    request = request.cleaned()
    recorded_at = recorded_at or now
    if not recorded_at - LONGEST_OFFLINE <= now <= recorded_at:
        raise errors.MomentInvalid
    known = grounds.read(request, officer, now)
    if not known.is_staff:
        raise errors.OutOfScope
    if request.assisted_by_id not in {None, officer.pk}:
        raise errors.CapacityInvalid("Người hỗ trợ phải là người đang tiếp nhận.")
    if known.first_id is not None:
        return _first_accepted(request, officer, recorded_at)
    grounds.check(request, known, now)
    competent = competent_agency(request.version, request.agency, timezone.localdate(now))
    dossier = draft(request, known, competent)
    dossier.officer = officer
    if request.capacity == Capacity.ASSISTED:
        dossier.submitted_at = request.submitted_at or now
    opened = opening.open_lodged(dossier, known.block_id, now)
    event = event_of(dossier, "accept", officer, now, from_status=None, request_id=uuid4())
    event.recorded_at = recorded_at
    if recorded_at != now:
        event.detail = {"offline": True}
    parts = Parts(
        event,
        grounds.papers(request, known),
        known.fees,
        opened.leg,
        opened.spans,
        opened.deltas,
    )
    try:
        with transaction.atomic():
            write(dossier, request, parts, now)
    except IntegrityError:
        # A second click at the same time: the unique key says that the first one got through.
        return _first_accepted(request, officer, recorded_at)
    logger.info("dossier accepted id=%s agency=%s", dossier.pk, dossier.lodged_at_id)
    return dossier


def preview_due(
    version: ProcedureVersion, agency: Agency, channel: str, now: datetime
) -> tuple[Due, list[DayNote]]:
    """The due date that acceptance at this moment would give, and why."""
    if channel not in Channel.values:
        raise errors.ChannelInvalid
    day = timezone.localdate(now)
    if not version.is_in_force(day):
        raise errors.VersionNotInForce
    competent = competent_agency(version, agency, day)
    office = working_time(opening.lodged_leg_agency(version, agency, competent).calendar)
    limit = Limit(version.limit_value, Unit(version.limit_unit))
    return clock.due(limit, now, office), clock.explain(limit, now, office)


def draft(request: IntakeRequest, known: Grounds, competent: Agency) -> Dossier:
    """The row, not accepted yet and without its parties."""
    return Dossier(
        intake_key=request.intake_key,
        intake_hash=request.payload_hash(),
        version=request.version,
        rule_set=known.rule_set,
        lodged_at=request.agency,
        competent=competent,
        held_by=request.agency,
        agency_ids=sorted({request.agency.pk, competent.pk}),
        channel=request.channel,
        status=Status.REGISTERED,
        holder_name=request.holder.name,
        holder_fold=fold(request.holder.name),
        holder_address=request.holder.address,
        summary=request.summary,
        delivery=request.delivery,
        capacity=request.capacity,
        assisted_by_id=request.assisted_by_id,
        submitted_at=request.submitted_at,
        financial_status=Payment.DUE if known.fees else Payment.NONE,
        closing_reason="",
    )


def write(dossier: Dossier, request: IntakeRequest, parts: Parts, now: datetime) -> None:
    """Parties, code, everything else, files: three to six statements; the counter's lock late."""
    known = _parties(request, now)
    dossier.holder_id, dossier.applicant_id = known[0].pk, known[1].pk if known[1] else None
    if dossier.accepted_at is not None:
        for name, value in numbering.next_numbers(dossier.lodged_at, now)._asdict().items():
            setattr(dossier, name, value)
    record(dossier, parts)
    _keep_files(request)
    telling.after(parts.event, dossier, filter(None, known))


def first_of(request: IntakeRequest, actor: User, now: datetime) -> Dossier:
    """The dossier of this key, to those who may see it and asked for the same."""
    scope = scope_of(actor, timezone.localdate(now))
    first = (
        Dossier.objects.in_scope(scope)
        .filter(lodged_at=request.agency, intake_key=request.intake_key)
        .first()
    )
    if first is None or not hmac.compare_digest(first.intake_hash, request.payload_hash()):
        raise errors.KeyReplayed
    return first


def _first_accepted(request: IntakeRequest, actor: User, now: datetime) -> Dossier:
    first = first_of(request, actor, now)
    if first.accepted_at is None:
        raise errors.KeyReplayed  # it was sent back or refused with this form
    return first


def _keep_files(request: IntakeRequest) -> None:
    """Uploads wait as temporary ones; the row's lock lets one dossier alone take each."""
    ids = {one.file_id for one in request.components if one.file_id is not None}
    if not ids:
        return
    waiting = StoredFile.objects.filter(pk__in=ids, retention=StoredFile.Retention.TEMPORARY)
    if waiting.update(retention=StoredFile.Retention.DOSSIER) != len(ids):
        raise errors.FileRefused("Tệp đính kèm không còn; hãy tải lên lại.")


def event_of(
    dossier: Dossier,
    act: str,
    actor: User | None,
    now: datetime,
    *,
    from_status: int | None,
    request_id: UUID,
) -> DossierEvent:
    """The first event of a dossier's history; the dossier is not saved yet."""
    return DossierEvent(
        act=act,
        at=now,
        recorded_at=now,
        request_id=request_id,
        actor=actor,
        agency_id=dossier.lodged_at_id,
        from_status=from_status,
        to_status=dossier.status,
        due_after=dossier.due_at,
    )


def _parties(request: IntakeRequest, now: datetime) -> tuple[Contact, Contact | None]:
    """In one order everywhere: two intakes with the same two persons cannot lock each other."""
    wanted = [one for one in (request.holder, request.applicant) if one is not None]
    known = {
        one: parties.find_or_create(one, now)
        for one in sorted(wanted, key=lambda one: (one.kind, one.citizen_id, one.name))
    }
    return known[request.holder], known[request.applicant] if request.applicant else None
