"""The first leg of a dossier: whose it is, its clock, what it adds to the counts."""

from dataclasses import dataclass, field
from datetime import datetime

from agencies.models import Agency
from calendars.clock import Limit, Policy, Unit
from calendars.loading import working_time
from dossiers import tally
from dossiers.ledger import Clock, Span
from dossiers.models import ClockSpan, Dossier, Leg, Status, TallyDelta
from procedures.models import ProcedureVersion


@dataclass
class Opened:
    leg: Leg
    spans: list[ClockSpan]
    deltas: list[TallyDelta] = field(default_factory=list)


def lodged_leg_agency(version: ProcedureVersion, lodged_at: Agency, competent: Agency) -> Agency:
    """The competent agency answers; cross-level interagency work counts where it was lodged."""
    if version.interagency == ProcedureVersion.Interagency.CROSS_LEVEL:
        return lodged_at
    return competent


def open_lodged(dossier: Dossier, block_id: int, now: datetime) -> Opened:
    """Start the clock at `now`, the acceptance; nothing is written. Fills the dossier's dates."""
    version = dossier.version
    agency = lodged_leg_agency(version, dossier.lodged_at, dossier.competent)
    leg = Leg(
        position=1,
        is_forwarded=False,
        agency=agency,
        procedure_id=version.procedure_id,
        field_id=version.field_id,
        block_id=block_id,
        channel=dossier.channel,
        accepted_at=now,
        limit_value=version.limit_value,
        limit_unit=version.limit_unit,
    )
    span = clock_of(leg, version).opening()
    leg.due_at, leg.lapses_at = span.due_at, span.lapses_at
    dossier.status = Status.ACCEPTED
    dossier.accepted_at = now
    dossier.original_due_at = dossier.due_at = span.due_at
    dossier.lapses_at = span.lapses_at
    return Opened(leg, [row_of(span)], tally.deltas(leg, tally.contributions(leg, [span])))


def clock_of(leg: Leg, version: ProcedureVersion) -> Clock:
    """The leg's clock; a forwarded leg's own limit waits, only the dossier's may run anew."""
    return Clock(
        Limit(leg.limit_value, Unit(leg.limit_unit)),
        leg.accepted_at,
        working_time(leg.agency.calendar),
        Policy.PAUSE if leg.is_forwarded else Policy(version.clock_policy),
        leg.given_due_at,
    )


def row_of(span: Span, leg: Leg | None = None) -> ClockSpan:
    return ClockSpan(
        leg=leg,
        in_force=(span.starts_at, span.ends_at),
        due_at=span.due_at,
        lapses_at=span.lapses_at,
        is_suspended=span.is_suspended,
        lapsed_before=span.lapsed_before,
        reason=span.reason,
    )
