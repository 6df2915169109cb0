"""Taking a snapshot: every figure of a report, read at one moment of the database."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, Min, Q, Sum

from agencies.models import Agency
from dossiers.models import Delivery, Payment, Status
from motcua.text import sort_key
from procedures.models import Channel, Posting, ProcedureField, ProcedureVersion
from reports import drill, figures, natural
from reports.cells import Cells, Row
from reports.questions import By, Frame, Interagency, Question
from reports.snapshot import (
    BlockFigures,
    FieldFigures,
    ProcedureFigures,
    Snapshot,
    Subject,
)


def take(agency: Agency, period: str, calendar: str, now: datetime) -> Snapshot:
    """As of the period's end, or of today while it runs."""
    with _one_moment():
        once = _figures(agency, period, calendar, now, Interagency.COUNTED_ONCE, By.FIELD)
        received = _figures(agency, period, calendar, now, Interagency.AS_RECEIVED, By.FIELD)
        frame = received.frame
        posted, added = _posted(frame)
        return Snapshot(
            subject=Subject.of(agency),
            period=period,
            calendar=str(frame.period.calendar),
            definition_version=figures.DEFINITION_VERSION,
            first_day=frame.period.starts_on,
            last_day=frame.period.ends_on,
            as_of=frame.as_of,
            taken_at=now,
            blocks=tuple(_blocks(frame, once.rows, received.rows)),
            received_by_post=_received_by_post(once.frame),
            returned_by_post=_returned_by_post(once.frame),
            posted=posted,
            posted_added=added,
            is_demo=drill.legs(frame, "c3").filter(dossier__is_demo=True).exists(),
            checks=tuple(check.to_json() for check in (*once.checks, *received.checks)),
        )


@contextmanager
def _one_moment() -> Iterator[None]:
    """Several statements, one state of the database: they cannot contradict one another."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _figures(
    agency: Agency, period: str, calendar: str, now: datetime, interagency: Interagency, by: By
) -> figures.Figures:
    question = Question(agency, period, calendar, interagency=interagency, by=by)
    return figures.compute(question, now)


def _blocks(frame: Frame, once: list[Row], received: list[Row]) -> Iterator[BlockFigures]:
    """Blocks in their order with the fields that were counted or are posted, zero ones too."""
    lodged = {row.key: row for row in once}
    all_rows = {**lodged, **{row.key: row for row in received}}
    got = {row.key: row for row in received}
    inside: defaultdict[int, list[FieldFigures]] = defaultdict(list)
    names: dict[int, str] = {}
    found = ProcedureField.objects.filter(pk__in=all_rows).select_related("block")
    for each in found.order_by("block__position", "position", "name"):
        key = str(each.pk)
        names[each.block_id] = each.block.name
        inside[each.block_id].append(
            FieldFigures(key, each.name, _cells(lodged.get(key)), _cells(got.get(key)))
        )
    told = _procedures(frame)
    negative, fees = _ended_without_result(frame), _fees(frame)
    for block, parts in inside.items():
        withdrawn, stopped = negative.get(block, (0, 0))
        yield BlockFigures(
            names[block],
            tuple(parts),
            withdrawn,
            stopped,
            fees.get(block, 0),
            str(block),
            tuple(told[block]),
        )


def _procedures(frame: Frame) -> dict[int, list[ProcedureFigures]]:
    """The procedures that had dossiers, by the block that their legs carry, in name order."""
    counted = natural.count(replace(frame, by=By.PROCEDURE))
    found = drill.legs(frame, "c3").order_by().values_list("procedure", "block").distinct()
    versions = ProcedureVersion.objects.filter(
        procedure__in=[int(pk) for pk in counted if pk], status=ProcedureVersion.Status.PUBLISHED
    )
    names = dict(versions.order_by("number").values_list("procedure", "name"))
    told: defaultdict[int, list[ProcedureFigures]] = defaultdict(list)
    for procedure, block in sorted(found, key=lambda pair: sort_key(names.get(pair[0], ""))):
        name = names.get(procedure, "Thủ tục khác")
        told[block].append(ProcedureFigures(name, counted[procedure]))
    return told


def _cells(row: Row | None) -> Cells:
    return Cells(**row.values) if row else Cells()


def _ended_without_result(frame: Frame) -> dict[int, tuple[int, int]]:
    """Withdrawn and stopped dossiers among the resolved, by block."""
    rows = (
        drill.legs(frame, "c7")
        .order_by()
        .values("block")
        .annotate(
            withdrawn=Count("pk", filter=Q(dossier__status=Status.WITHDRAWN)),
            stopped=Count("pk", filter=Q(dossier__status=Status.STOPPED)),
        )
    )
    return {row["block"]: (row["withdrawn"], row["stopped"]) for row in rows}


def _fees(frame: Frame) -> dict[int, int]:
    """Fees paid in the period, in đồng, by block; waived ones are not money."""
    paid = Q(
        dossier__fees__state=Payment.SETTLED,
        dossier__fees__settled_at__gte=frame.starts_at,
        dossier__fees__settled_at__lt=frame.moment,
    )
    rows = (
        drill.legs(frame, "c3")
        .filter(paid, is_forwarded=False)
        .order_by()
        .values("block")
        .annotate(vnd=Sum("dossier__fees__amount_vnd"))
    )
    return {row["block"]: row["vnd"] for row in rows}


def _received_by_post(frame: Frame) -> int:
    return drill.legs(frame, "c5").filter(channel=Channel.POST).count()


def _returned_by_post(frame: Frame) -> int:
    return drill.legs(frame, "c7").filter(dossier__delivery=Delivery.POST).count()


def _posted(frame: Frame) -> tuple[int, int]:
    """Procedures posted on the last day, and how many of them first in the period."""
    day = frame.as_of
    first_days = (
        Posting.objects.filter(agency__in=frame.agency_ids, since__lte=day)
        .order_by()
        .values("version__procedure")
        .annotate(first=Min("since"), still=Count("pk", filter=Q(until=None) | Q(until__gte=day)))
        .filter(still__gt=0)
        .values_list("first", flat=True)
    )
    since = list(first_days)
    return len(since), sum(first >= frame.first_day for first in since)
