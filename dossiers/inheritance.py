"""Hand the open legs of closed agencies to their heirs (bàn giao hồ sơ khi sắp xếp cơ quan).

Each leg that was open at the moment of closing goes to one heir: the one chosen for its dossier,
else the one with the largest share. So does whatever a closed office still has in hand: dossiers
in work and results not yet handed out. Running it again finds nothing more to do; legs that
arrive later (imports) are found by the next run.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from agencies.errors import NoHeir, NotAnHeir, NotClosedYet
from agencies.models import Agency
from agencies.succession import Heir, closing_moment, heirs_of
from dossiers.holders import HandOver, difference, spread
from dossiers.inheritance_sql import DOSSIERS, LEGS
from dossiers.models import ClockSpan, Dossier, Inheritance, Leg, Status, TallyDelta
from dossiers.tally import contributions, spans_of

logger = logging.getLogger(__name__)

ACT = "inherit"
BATCH = 5_000
# What an office has in hand: everything but what was refused, ended in vain or handed out.
IN_HAND = (
    Status.REGISTERED,
    Status.ACCEPTED,
    Status.PROCESSING,
    Status.SUPPLEMENT,
    Status.FINANCIAL,
    Status.DONE,
)


@dataclass(frozen=True)
class HandedOver:
    legs: int
    dossiers: int


def hand_over_all(now: datetime) -> HandedOver:
    """Whatever closed agencies still hold, day by day: the sweep. A day that cannot be handed
    over (no heir is recorded) is logged and does not hold up the others."""
    today = timezone.localdate(now)
    days = Agency.objects.filter(valid_to__lt=today).order_by("valid_to")
    legs = dossiers = 0
    for last_day in days.values_list("valid_to", flat=True).distinct():
        assert last_day is not None  # valid_to < today
        try:
            done = hand_over(last_day, now=now)
        except NoHeir:
            logger.exception("no heir last_day=%s", last_day)
            continue
        legs += done.legs
        dossiers += done.dossiers
    return HandedOver(legs, dossiers)


def hand_over(
    last_day: date, *, now: datetime, choices: Mapping[int, int] | None = None
) -> HandedOver:
    """Everything that the agencies closed on `last_day` left, in one transaction.

    `choices`: dossier id → heir id. Refuses a chosen agency that is no heir (NotAnHeir), open
    legs of an agency without one (NoHeir), a day that is not over. Several days: in their order.
    """
    at = closing_moment(last_day)
    if now < at:
        raise NotClosedYet
    closed = list(Agency.objects.filter(valid_to=last_day).values_list("pk", flat=True))
    heirs = heirs_of(closed, last_day)
    legs = dossiers = 0
    with transaction.atomic():
        while batch := _open_legs(closed, at):
            _hand_over_legs(batch, heirs, at, now, choices or {})
            legs += len(batch)
        while held := _in_hand(closed):
            _hand_over_dossiers(held, heirs, at, now, choices or {})
            dossiers += len(held)
    if legs or dossiers:
        logger.info("handed over last_day=%s legs=%s dossiers=%s", last_day, legs, dossiers)
    return HandedOver(legs, dossiers)


def _open_legs(closed: Sequence[int], at: datetime) -> list[Leg]:
    """Those still with a closed agency; their dossiers are locked first, as every act does."""
    legs = Leg.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=at), agency__in=closed, accepted_at__lt=at
    ).order_by("dossier_id", "position")
    dossier_ids = list(legs.values_list("dossier_id", flat=True)[:BATCH])
    _lock(dossier_ids)
    return list(legs.filter(dossier__in=dossier_ids))


def _lock(dossier_ids: Iterable[int]) -> None:
    rows = Dossier.objects.filter(pk__in=dossier_ids).order_by("pk").select_for_update()
    list(rows.values_list("pk"))


def _hand_over_legs(
    legs: Sequence[Leg],
    heirs: Mapping[int, Sequence[Heir]],
    at: datetime,
    now: datetime,
    choices: Mapping[int, int],
) -> None:
    heir_of = {
        leg.pk: _choose(heirs.get(leg.agency_id, ()), choices.get(leg.dossier_id)).agency_id
        for leg in legs
    }
    TallyDelta.objects.bulk_create(_deltas(legs, heir_of, at))
    _run(LEGS, heir_of, at, now)


def _choose(heirs: Sequence[Heir], chosen: int | None) -> Heir:
    """The chosen heir or its office; without a choice the first one."""
    if not heirs:
        raise NoHeir
    if chosen is None:
        return heirs[0]
    for heir in heirs:
        if chosen in {heir.agency_id, heir.committee_id}:
            return heir
    raise NotAnHeir


def _deltas(legs: Sequence[Leg], heir_of: Mapping[int, int], at: datetime) -> list[TallyDelta]:
    """What the hand-over moves in the counts, summed over the batch."""
    spans: defaultdict[int, list[ClockSpan]] = defaultdict(list)
    for span in ClockSpan.objects.filter(leg__in=legs).order_by("leg", "in_force"):
        spans[span.leg_id].append(span)
    chains: defaultdict[int, list[HandOver]] = defaultdict(list)
    for row in Inheritance.objects.filter(leg__in=legs):
        chains[row.leg_id].append((row.at, row.predecessor_id, row.heir_id))
    total: Counter[tuple[int, int, str, int, str, bool]] = Counter()
    for leg in legs:
        counts = contributions(leg, spans_of(spans[leg.pk]))
        chain, heir = chains[leg.pk], heir_of[leg.pk]
        before = spread(counts, chain, leg.agency_id)
        after = spread(counts, [*chain, (at, leg.agency_id, heir)], heir)
        for key, amount in difference(before, after).items():
            total[(*key, leg.block_id, leg.channel, leg.is_forwarded)] += amount
    return [
        TallyDelta(
            agency_id=agency,
            bucket=bucket,
            measure=measure,
            block_id=block,
            channel=channel,
            is_forwarded=is_forwarded,
            amount=amount,
        )
        for (agency, bucket, measure, block, channel, is_forwarded), amount in total.items()
        if amount
    ]


def _in_hand(closed: Sequence[int]) -> list[Dossier]:
    dossiers = Dossier.objects.filter(held_by__in=closed, status__in=IN_HAND).order_by("pk")
    ids = list(dossiers.values_list("pk", flat=True)[:BATCH])
    _lock(ids)
    return list(dossiers.filter(pk__in=ids).only("held_by"))


def _hand_over_dossiers(
    dossiers: Sequence[Dossier],
    heirs: Mapping[int, Sequence[Heir]],
    at: datetime,
    now: datetime,
    choices: Mapping[int, int],
) -> None:
    """To the office of the agency that now has the leg, where the closed office has such an
    heir; else to its first one."""
    now_with: defaultdict[int, set[int]] = defaultdict(set)
    for dossier_id, agency_id in Leg.objects.filter(dossier__in=dossiers).values_list(
        "dossier_id", "agency_id"
    ):
        now_with[dossier_id].add(agency_id)
    to = {}
    for dossier in dossiers:
        options = heirs.get(dossier.held_by_id, ())
        wanted = {choices[dossier.pk]} if dossier.pk in choices else now_with[dossier.pk]
        fitting = [h for h in options if wanted & {h.agency_id, h.committee_id}]
        to[dossier.pk] = _choose(fitting or options, None).agency_id
    _run(DOSSIERS, to, at, now)


def _run(statements: Sequence[str], given: Mapping[int, int], at: datetime, now: datetime) -> None:
    """The statements, given which row (of a leg or a dossier) goes to which agency."""
    values: dict[str, Any] = {
        "rows": list(given),
        "heirs": list(given.values()),
        "at": at,
        "now": now,
        "act": ACT,
    }
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values)
