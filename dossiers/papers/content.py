"""What a statutory paper is made of: fields in the order of its form, signatures, notes.

Each paper's own module holds one `Content`; number, title and whatever a circular or a province
changes come over it as data (dossiers.papers.form).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from agencies.models import Agency
from dossiers.models import Dossier, Slip


@dataclass(frozen=True)
class Cell:
    """Several lines in one cell of a table."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """`narrow`: the columns that take no more room than they need."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | Cell, ...], ...]
    narrow: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Listed:
    items: tuple[str, ...]


Value = str | Table | Listed


@dataclass(frozen=True)
class Form:
    """What the law and the province say of the paper on the day: data over a `Content`."""

    number: str
    title: str
    fields: tuple[str, ...]
    labels: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    suffix: str = ""


@dataclass(frozen=True)
class Source:
    """Where a paper's fields take their values: rows that are loaded already."""

    slip: Slip
    dossier: Dossier
    issuer: Agency
    form: Form
    # The day printed on the paper.
    day: date
    created: datetime


@dataclass(frozen=True)
class Field:
    """One field: without a label its value is a sentence of its own."""

    key: str
    label: str
    write: Callable[[Source], Value]
    # Dots to write on, where the value is not known.
    is_open: bool = True


@dataclass(frozen=True)
class Signature:
    who: str
    how: str
    name: str = ""


@dataclass(frozen=True)
class Content:
    """The paper as the circulars print it."""

    kind: str
    fields: tuple[Field, ...]
    signatures: Callable[[Source], tuple[Signature, ...]]
    # "HDHS" in "Số: 05/HDHS"; empty for papers that carry the dossier's code alone.
    suffix: str = ""
    notes: tuple[str, ...] = ()
    # What is loaded with the dossiers, beside what every paper needs.
    needs: tuple[Any, ...] = ()
    # Is it the decision or the letter of the head, with a seal?
    is_sealed: bool = False

    def field(self, key: str) -> Field:
        return next(one for one in self.fields if one.key == key)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.fields)


SIGN_HERE = "(Ký và ghi rõ họ tên)"
SEALED = "(Ký, ghi rõ họ tên và đóng dấu)"
