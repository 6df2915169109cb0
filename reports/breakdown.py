"""Which rows does a table of figures have, in which order, under which names?

What was counted, and zero rows for what the subject posts (niêm yết) during the period: a field
without dossiers is reported as 0, not left out.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Q

from agencies.models import Agency, Level
from procedures.models import Block, Channel, Posting, Procedure, ProcedureField, ProcedureVersion
from reports.cells import Cells, Row, total
from reports.natural import Group
from reports.questions import By, Frame

# (group, key, name) in the order of printing
Labels: TypeAlias = list[tuple[Group, str, str]]


def rows(frame: Frame, counted: dict[Group, Cells]) -> list[Row]:
    if frame.by is None:
        return []
    labels = LABELS[frame.by](frame, counted)
    merged: dict[tuple[str, str], list[Cells]] = {}
    for group, key, name in labels:
        merged.setdefault((key, name), []).append(counted.get(group, Cells()))
    return [Row.of(key, name, total(cells)) for (key, name), cells in merged.items()]


def _blocks(frame: Frame, counted: Iterable[Any]) -> Labels:
    shown = set(counted) | _posted(frame, "version__field__block_id")
    found = Block.objects.filter(pk__in=shown)
    return [(block.pk, str(block.pk), block.name) for block in found]


def _fields(frame: Frame, counted: Iterable[Any]) -> Labels:
    shown = set(counted) | _posted(frame, "version__field_id")
    found = ProcedureField.objects.filter(pk__in=shown)
    return [(field.pk, str(field.pk), field.name) for field in found]


def _procedures(frame: Frame, counted: Iterable[Any]) -> Labels:
    shown = set(counted) | _posted(frame, "version__procedure_id")
    versions = ProcedureVersion.objects.filter(procedure__in=shown).order_by("effective_from")
    latest: dict[int, tuple[str, str]] = {}
    for version in versions.only("procedure_id", "name", "sort_key", "effective_from"):
        if version.procedure_id not in latest or version.effective_from <= frame.as_of:
            latest[version.procedure_id] = (version.sort_key, version.name)
    labels = [
        (latest.get(procedure.pk, ("", procedure.code)), procedure)
        for procedure in Procedure.objects.filter(pk__in=shown)
    ]
    labels.sort(key=lambda label: (label[0][0], label[1].code))
    return [(procedure.pk, procedure.code, named[1]) for named, procedure in labels]


def _agencies(frame: Frame, counted: Iterable[Any]) -> Labels:
    return [(found.pk, found.code, found.name) for found in _holders(frame, counted)]


def _levels(frame: Frame, counted: Iterable[Any]) -> Labels:
    order = list(Level)
    holders = sorted(_holders(frame, counted), key=lambda found: order.index(Level(found.level)))
    return [(found.pk, found.level, Level(found.level).label) for found in holders]


def _holders(frame: Frame, counted: Iterable[Any]) -> list[Agency]:
    shown = set(counted) | _posted(frame, "agency_id")
    return list(Agency.objects.filter(pk__in=shown).order_by("sort_key", "pk"))


def _channels(frame: Frame, counted: Iterable[Any]) -> Labels:
    return [(channel.value, channel.value, channel.label) for channel in Channel]


LABELS: dict[By, Callable[[Frame, Iterable[Any]], Labels]] = {
    By.BLOCK: _blocks,
    By.FIELD: _fields,
    By.PROCEDURE: _procedures,
    By.AGENCY: _agencies,
    By.LEVEL: _levels,
    By.CHANNEL: _channels,
}


def _posted(frame: Frame, what: str) -> set[Any]:
    """Posted by the subject on some day from the period's first to the day asked for."""
    first: date = frame.period.starts_on
    posted = Posting.objects.filter(
        Q(until__isnull=True) | Q(until__gte=first),
        agency__in=frame.agency_ids,
        since__lte=frame.as_of,
    )
    return set(posted.order_by().values_list(what, flat=True).distinct())


def groups_of(frame: Frame, key: str) -> list[Group]:
    """The groups behind the row with this key; none when there cannot be such a row."""
    if frame.by == By.CHANNEL:
        return [channel for channel in Channel.values if channel == key]
    subject = Agency.objects.filter(pk__in=frame.agency_ids)
    if frame.by == By.AGENCY:
        return list(subject.filter(code=key).values_list("pk", flat=True))
    if frame.by == By.LEVEL:
        return list(subject.filter(level=key).values_list("pk", flat=True))
    if frame.by == By.PROCEDURE:
        return list(Procedure.objects.filter(code=key).values_list("pk", flat=True))
    is_number = key.isascii() and key.isdigit() and len(key) < 10
    return [int(key)] if frame.by and is_number else []
