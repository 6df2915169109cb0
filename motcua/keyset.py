"""Pages of a long list by keyset: no COUNT, no OFFSET; page 1,000 costs what page 1 costs."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows, and the cursor behind the last of them ("" on the last page)."""

    rows: list[Row]
    after: str


def page(rows: "QuerySet[Row]", column: str, after: str, size: int) -> Page[Row]:
    """The `size` rows behind the cursor, by `column` ("-column" for descending) and id.

    An index on (column, id) answers it. Rows without a value come last upwards and first
    downwards, as PostgreSQL keeps them. A cursor that is none begins at the start.
    """
    name, is_descending = column.lstrip("-"), column.startswith("-")
    sign = "-" if is_descending else ""
    value, pk = _read(after)
    ordered = rows.order_by(f"{sign}{name}", f"{sign}pk")
    if pk is None:
        found = list(ordered[: size + 1])
    elif value is None:
        found = _behind_empty(ordered, name, pk, size + 1, is_descending=is_descending)
    else:
        found = list(_behind(ordered, name, value, pk, is_descending=is_descending)[: size + 1])
        if len(found) <= size and not is_descending:
            # The tail of the list: rows without a value.
            tail = rows.filter(**{f"{name}__isnull": True}).order_by("pk")
            found += tail[: size + 1 - len(found)]
    is_last = len(found) <= size
    return Page(found[:size], "" if is_last else _write(found[size - 1], name))


def _behind_empty(
    ordered: "QuerySet[Row]", name: str, pk: int, wanted: int, *, is_descending: bool
) -> "list[Row]":
    """Behind a row without a value; downwards those with one follow."""
    than = "lt" if is_descending else "gt"
    found = list(ordered.filter(**{f"{name}__isnull": True, f"pk__{than}": pk})[:wanted])
    if is_descending and len(found) < wanted:
        found += ordered.filter(**{f"{name}__isnull": False})[: wanted - len(found)]
    return found


def _behind(
    ordered: "QuerySet[Row]", name: str, value: Any, pk: int, *, is_descending: bool
) -> "QuerySet[Row]":
    """Bounded by the column first, so that the index starts at the cursor."""
    than, bound = ("lt", "lte") if is_descending else ("gt", "gte")
    behind = Q(**{f"{name}__{than}": value}) | Q(**{name: value, f"pk__{than}": pk})
    return ordered.filter(behind, **{f"{name}__{bound}": value})


def _write(row: Model, name: str) -> str:
    value = getattr(row, name)
    text = value.isoformat() if isinstance(value, datetime) else "" if value is None else str(value)
    kind = "t" if isinstance(value, datetime) else "n" if value is None else "s"
    return f"{row.pk}.{kind}{text}"


def _read(after: str) -> tuple[Any, int | None]:
    matched = re.fullmatch(r"(\d{1,18})\.([tns])(.*)", after, re.DOTALL)
    if matched is None or "\x00" in after:
        return None, None
    pk, kind, text = int(matched[1]), matched[2], matched[3]
    if kind != "t":
        return (text if kind == "s" else None), pk
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    return (moment, pk) if moment is not None and moment.tzinfo else (None, None)
