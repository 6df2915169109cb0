"""The definition of every figure: columns of II.06a over legs, at any moment, by anything.

Whatever answers faster (reports.counts) must answer the same; a list behind a figure is these
same conditions (reports.drill).
"""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from dossiers.models import ClockSpan, Inheritance, Leg, Outcome
from procedures.models import Channel
from reports.cells import Cells
from reports.questions import By, Frame

# What a figure is broken down by, on a leg; agency and level are those of the holder.
GROUPS = {
    By.BLOCK: "block_id",
    By.FIELD: "field_id",
    By.PROCEDURE: "procedure_id",
    By.AGENCY: "holder",
    By.LEVEL: "holder",
    By.CHANNEL: "channel",
}
Group: TypeAlias = int | str | None


def legs(frame: Frame) -> QuerySet[Leg]:
    """Column 3: accepted before the moment, not ended before the period, held by the subject."""
    touching = Q(ended_at__isnull=True) | Q(ended_at__gte=frame.starts_at)
    found = held_by(frame.agency_ids, frame.moment).filter(touching, accepted_at__lt=frame.moment)
    return found if frame.forwarded_too else found.filter(is_forwarded=False)


def held_by(agency_ids: frozenset[int], moment: datetime) -> QuerySet[Leg]:
    """Legs whose `holder` at the moment is one of the agencies.

    The holder is who bequeathed the leg first from that moment on, else whoever has it now.
    """
    subject = Q(predecessor__in=agency_ids) | Q(leg__agency__in=agency_ids)
    later = Inheritance.objects.filter(subject, at__gte=moment).order_by()
    heirs = set(later.values_list("leg__agency", flat=True).distinct())
    if not heirs:  # no merger since: nearly always, and then one index answers
        return Leg.objects.filter(agency__in=agency_ids).annotate(holder=F("agency_id"))
    given = Inheritance.objects.filter(leg=OuterRef("pk"), at__gte=moment).order_by("at")
    first = Subquery(given.values("predecessor")[:1])
    candidates = Leg.objects.filter(agency__in=agency_ids | heirs)
    return candidates.annotate(
        holder=Coalesce(first, F("agency_id"), output_field=BigIntegerField())
    ).filter(holder__in=agency_ids)


def columns(frame: Frame) -> dict[str, Q]:
    """Each column as a condition on `legs`."""
    received = Q(accepted_at__gte=frame.starts_at)
    ended = Q(ended_at__lt=frame.moment)
    still_open = open_at(frame.moment)
    overdue = overdue_at(frame.moment)
    return {
        "c3": Q(),
        "c4": received & Q(channel=Channel.ONLINE),
        "c5": received & ~Q(channel=Channel.ONLINE),
        "c6": Q(accepted_at__lt=frame.starts_at),
        "c7": ended,
        "c8": ended & Q(outcome=Outcome.EARLY),
        "c9": ended & Q(outcome=Outcome.ON_TIME),
        "c10": ended & Q(outcome=Outcome.OVERDUE),
        "c11": still_open,
        "c12": still_open & ~overdue,
        "c13": still_open & overdue,
    }


def open_at(moment: datetime) -> Q:
    return Q(ended_at__isnull=True) | Q(ended_at__gte=moment)


def overdue_at(moment: datetime) -> Q:
    """By the clock span in force just before the moment; suspended in time is in time."""
    lapsed = Q(lapsed_before=True) | Q(is_suspended=False, lapses_at__lte=moment)
    just_before = moment - timedelta(microseconds=1)
    spans = ClockSpan.objects.filter(lapsed, leg=OuterRef("pk"), in_force__contains=just_before)
    return Q(Exists(spans))


def count(frame: Frame) -> dict[Group, Cells]:
    """One statement: the cells of every group that has a leg."""
    group = F(GROUPS[frame.by]) if frame.by else Value(0)
    grouped = legs(frame).order_by().annotate(group=group).values("group")
    conditions = columns(frame)
    counted = {
        name: Count(Value(1), filter=conditions[name])
        for name in ("c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11")
    }
    # Overdue in a select of its own: a join with the few open legs, not a test on every leg.
    late = grouped.filter(conditions["c13"]).annotate(
        **{name: Value(0) for name in counted}, c13=Count("*")
    )
    both = grouped.annotate(**counted, c13=Value(0)).union(late, all=True)
    cells: dict[Group, Cells] = {}
    for row in both:
        numbers: dict[str, Any] = dict(row)
        found = numbers.pop("group")
        key = found if frame.by else None
        cells[key] = cells.get(key, Cells()) + Cells(**numbers)
    return {key: _with_c12(found) for key, found in cells.items() if found.c3}


def _with_c12(cells: Cells) -> Cells:
    return Cells(**{**cells.values, "c12": cells.c11 - cells.c13})


def carried_over(frame: Frame) -> tuple[int, int]:
    """Column 11 of the period before, and what inheritance added to it since (less: negative)."""
    kept = Q() if frame.forwarded_too else Q(is_forwarded=False)
    before = held_by(frame.agency_ids, frame.starts_at).filter(
        kept, open_at(frame.starts_at), accepted_at__lt=frame.starts_at
    )
    moved = Inheritance.objects.filter(
        at__gte=frame.starts_at, at__lt=frame.moment, leg__accepted_at__lt=frame.starts_at
    )
    if not frame.forwarded_too:
        moved = moved.filter(leg__is_forwarded=False)
    gained = moved.aggregate(
        taken=Count("pk", filter=Q(heir__in=frame.agency_ids)),
        given=Count("pk", filter=Q(predecessor__in=frame.agency_ids)),
    )
    return before.count(), gained["taken"] - gained["given"]
