"""Which dossiers stand behind a figure? As many as it says."""

from django.db.models import Q, QuerySet

from dossiers.models import Leg
from reports import breakdown, natural
from reports.cells import COLUMNS, Cells
from reports.errors import CellUnknown
from reports.questions import Frame


def legs(frame: Frame, column: str, key: str | None = None) -> QuerySet[Leg]:
    """The legs counted in a column, of one row when its key is given; newest acceptance first."""
    if column not in COLUMNS:
        raise CellUnknown
    found = natural.legs(frame).filter(natural.columns(frame)[column])
    if key is not None:
        found = found.filter(_in_row(frame, key))
    return found.order_by("-accepted_at", "-pk")


def for_list(found: QuerySet[Leg]) -> QuerySet[Leg]:
    """With what a page prints of each."""
    return found.select_related("dossier__version", "agency")


def _in_row(frame: Frame, key: str) -> Q:
    groups = breakdown.groups_of(frame, key)
    if frame.by is None or not groups:
        raise CellUnknown
    return Q(**{f"{natural.GROUPS[frame.by]}__in": groups})


def name_of(frame: Frame, key: str | None) -> str:
    """The printed name of the row with this key; "" for the total."""
    if key is None:
        return ""
    counted = {group: Cells() for group in breakdown.groups_of(frame, key)}
    return next((row.name for row in breakdown.rows(frame, counted) if row.key == key), key)


def codes(frame: Frame, column: str, key: str | None = None) -> list[str]:
    found = legs(frame, column, key).values_list("dossier__code", flat=True)
    return [str(code) for code in found]  # never null: what is counted was accepted
