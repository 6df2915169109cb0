"""One office with its people and a dossier, and each act by its name at a moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from agencies.models import Agency, Role, User
from calendars.clock import Limit, Policy, Suspension, Unit
from calendars.loading import working_time
from dossiers import (
    assignment,
    extension,
    financial,
    forwarding,
    handover,
    ledger,
    lifecycle,
    opinion,
    result,
    stopping,
    supplement,
    tally,
    withdrawal,
)
from dossiers.ledger import Span
from dossiers.models import (
    ClockSpan,
    Dossier,
    DossierEvent,
    Extension,
    Leg,
    StepRun,
    SupplementRequest,
    TallyDelta,
)
from dossiers.models import (
    Suspension as Wait,
)
from procedures.models import ProcedureVersion
from tests import make

REASON = "Theo quy định"
ACTS: dict[str, Any] = {
    "start": lifecycle.start_processing,
    "send": forwarding.send,
    "acknowledge": forwarding.acknowledge,
    "recall": forwarding.recall,
    "assign": assignment.assign,
    "ask": opinion.ask,
    "answer": opinion.answer,
    "supplement": supplement.request,
    "supplemented": supplement.complete,
    "charge": financial.request,
    "settle": financial.settle,
    "extend": extension.extend,
    "finish": result.finish,
    "hand_over": handover.hand_over,
    "withdraw": withdrawal.withdraw,
    "stop": stopping.stop,
    "reopen": result.reopen,
    "take_back": handover.take_back,
}
GIVEN: dict[str, dict[str, Any]] = {
    "supplement": {"items": ["Bản sao sổ hộ khẩu"], "reason": REASON},
    "extend": {"reason": REASON},
    "hand_over": {"settle": True},
    "withdraw": {"reason": REASON},
    "stop": {"reason": REASON},
    "reopen": {"reason": REASON},
    "take_back": {"reason": REASON},
}


@dataclass
class Office:
    agency: Agency
    leader: User
    version: ProcedureVersion

    def dossier(self, now: datetime = make.NOW, **details: Any) -> Dossier:
        return make.dossier(
            agency=self.agency, version=self.version, officer=self.leader, now=now, **details
        )

    def do(
        self,
        act: str,
        dossier: Dossier,
        now: datetime,
        *,
        request_id: UUID | None = None,
        **given: Any,
    ) -> Dossier:
        done: Dossier = ACTS[act](
            dossier,
            actor=given.pop("actor", self.leader),
            now=now,
            request_id=request_id or uuid4(),
            **{**GIVEN.get(act, {}), **given},
        )
        return done

    def history(self, *steps: tuple[Any, ...], now: datetime = make.NOW) -> Dossier:
        """A dossier after `(act, moment[, details])`, in order."""
        dossier = self.dossier(now)
        for act, moment, *details in steps:
            dossier = self.do(act, dossier, make.at(moment), **(details[0] if details else {}))
        return dossier


def office(**version: Any) -> Office:
    """A commune whose leader may do everything, and a procedure with a fee."""
    agency = make.agency()
    return Office(
        agency,
        make.staff(agency, Role.CLERK, Role.LEADER),
        make.version(posted_at=agency, **{"fee_vnd": 50_000, **version}),
    )


def spans_of(leg: Leg) -> list[Span]:
    return tally.spans_of(list(leg.spans.order_by("pk")))


def timeline_of(leg: Leg) -> list[Span]:
    """What the pure ledger says of all that happened to the leg."""
    dossier, version = leg.dossier, leg.dossier.version
    waits = [Suspension(one.starts_at, one.ends_at) for one in dossier.suspensions.all()]
    moves = dossier.extensions.filter(leg=leg if leg.is_forwarded else None).order_by("at")
    return ledger.timeline(
        Limit(leg.limit_value, Unit(leg.limit_unit)),
        leg.accepted_at,
        working_time(leg.agency.calendar),
        policy=Policy.PAUSE if leg.is_forwarded else Policy(version.clock_policy),
        suspensions=waits,
        extensions=[(one.at, one.new_due_at) for one in moves if one.at >= leg.accepted_at],
        due_at=leg.given_due_at,
        ended_at=leg.ended_at,
    )


def counts() -> dict[tuple[str, str], int]:
    summed: dict[tuple[str, str], int] = {}
    for row in TallyDelta.objects.all():
        key = f"{tally.bucket_start(row.bucket):%Y-%m-%d}", row.measure
        summed[key] = summed.get(key, 0) + row.amount
    return {key: amount for key, amount in summed.items() if amount}


def written() -> list[int]:
    tables = (Dossier, DossierEvent, ClockSpan, Leg, TallyDelta, Wait, SupplementRequest)
    return [table.objects.count() for table in (*tables, Extension, StepRun)]
