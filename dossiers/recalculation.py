"""A calendar changed: the due moments of open dossiers follow (tính lại hạn trả).

Only legs whose clock runs and has not lapsed: what is overdue stays so, what is suspended gets
its due moment when it resumes. Due moments that were given (imports, extensions) stay. Each moved
date is an event of the dossier. Running it again finds nothing more to move.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from calendars.models import Calendar
from dossiers import legs
from dossiers.legs import OpenLeg
from dossiers.models import Dossier, DossierEvent, Leg

logger = logging.getLogger(__name__)
ACT = "recalculate"
BATCH = 500
LATELY = timedelta(hours=1)


def recalculate(calendar: Calendar, now: datetime) -> int:
    """How many dossiers got another due moment. Each in a transaction of its own."""
    moved = sum(_recalculate(pk, calendar, now) for pk in _open_dossiers(calendar))
    if moved:
        logger.info(
            "recalculated calendar=%s version=%s moved=%s", calendar.pk, calendar.version, moved
        )
    return moved


def recalculate_changed(now: datetime) -> int:
    """Calendars edited of late: the sweep runs often, and what it finds twice moves once."""
    changed = Calendar.objects.filter(changed_at__gt=now - LATELY).order_by("pk")
    return sum(recalculate(calendar, now) for calendar in changed)


def recalculate_all(now: datetime) -> int:
    return sum(recalculate(calendar, now) for calendar in Calendar.objects.order_by("pk"))


def _open_dossiers(calendar: Calendar) -> Iterator[int]:
    open_legs = Leg.objects.filter(
        ended_at__isnull=True, due_at__isnull=False, agency__calendar=calendar
    )
    last = 0
    while ids := sorted(
        set(
            open_legs.filter(dossier__gt=last)
            .order_by("dossier")
            .values_list("dossier", flat=True)[:BATCH]
        )
    ):
        yield from ids
        last = ids[-1]


def _recalculate(pk: int, calendar: Calendar, now: datetime) -> bool:
    with transaction.atomic():
        dossier = (
            Dossier.objects.select_for_update(of=("self",)).select_related("version").get(pk=pk)
        )
        open_legs = [
            one for one in legs.open_legs(dossier, now) if one.leg.agency.calendar_id == calendar.pk
        ]
        running = [
            one for one in open_legs if not one.span.is_suspended and not one.span.has_lapsed(now)
        ]
        if not running:
            return False
        moved = _moved(dossier, running, now)
        if not moved:
            return False
        before = dossier.due_at
        legs.move_due(moved, now)
        for one, _ in moved:
            if one.is_lodged:
                dossier.due_at, dossier.lapses_at = one.leg.due_at, one.leg.lapses_at
        dossier.save(update_fields=["due_at", "lapses_at"])
        _log(dossier, calendar, moved, before, now)
    return True


def _moved(
    dossier: Dossier, running: list[OpenLeg], now: datetime
) -> list[tuple[OpenLeg, datetime]]:
    suspensions, extensions = legs.history_of(dossier)
    found = []
    for one in running:
        waited, extended = one.waits(suspensions, now), one.moves(extensions)
        due_at = one.clock.due_after(waited, extended)
        if due_at != one.span.due_at:
            found.append((one, due_at))
    return found


def _log(
    dossier: Dossier,
    calendar: Calendar,
    moved: list[tuple[OpenLeg, datetime]],
    before: datetime | None,
    now: datetime,
) -> None:
    DossierEvent.objects.create(
        dossier=dossier,
        act=ACT,
        at=now,
        recorded_at=now,
        request_id=uuid4(),
        actor=None,
        agency_id=dossier.competent_id,
        from_status=dossier.status,
        to_status=dossier.status,
        due_before=before,
        due_after=dossier.due_at,
        detail={
            "calendar": calendar.code,
            "calendar_version": calendar.version,
            "legs": {
                str(one.leg.position): [
                    one.span.due_at.isoformat() if one.span.due_at else None,
                    due_at.isoformat(),
                ]
                for one, due_at in moved
            },
        },
    )
