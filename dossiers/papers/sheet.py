"""A paper as it is printed: head, fields in the form's order, signatures, notes."""

from dataclasses import dataclass
from datetime import datetime

from agencies.models import Agency
from dossiers.papers.barcodes import code128, qr
from dossiers.papers.content import Listed, Signature, Source, Table, Value
from dossiers.papers.fields import lookup_link
from dossiers.papers.form import CONTENTS
from motcua import papers

PREVIEW = "BẢN XEM"


@dataclass(frozen=True)
class Line:
    """One field of the form; `table` or `items` under its label."""

    key: str
    label: str
    value: str = ""
    table: Table | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What stands on the paper."""

    kind: str
    heading: papers.Heading
    number: str
    title: str
    # "Số: 05/HDHS", and the dossier's code
    reference: str
    code: str
    place: str
    day: str
    lines: tuple[Line, ...]
    signatures: tuple[Signature, ...]
    notes: tuple[str, ...]
    link: str
    created: datetime
    is_demo: bool
    mark: str = ""

    @property
    def title_words(self) -> tuple[str, str]:
        """Its last four words stay on one line: no "SƠ" alone on the second."""
        words = self.title.split()
        return " ".join(words[:-4]), " ".join(words[-4:])

    @property
    def qr(self) -> str:
        return qr(self.link)

    @property
    def bars(self) -> str:
        return code128(self.code) if self.code else ""


def made_of(source: Source, mark: str = "") -> Sheet:
    content, form, slip = CONTENTS[source.slip.kind], source.form, source.slip
    body = source.issuer.committee or source.issuer
    reference = f"Số: {slip.number:02d}/{form.suffix}" if slip.number is not None else ""
    return Sheet(
        kind=slip.kind,
        heading=heading(source.issuer),
        number=form.number,
        title=form.title,
        reference=reference,
        code=source.dossier.code or "",
        place=papers.place(body.name),
        day=papers.day_line(source.day),
        lines=tuple(_line(source, key) for key in form.fields if key in content.keys),
        signatures=content.signatures(source),
        notes=(*content.notes, *form.notes),
        link=lookup_link(source.dossier),
        created=source.created,
        is_demo=source.dossier.is_demo,
        mark=mark,
    )


def reprint(copy_number: int) -> str:
    """The first one is the original; nothing marks it."""
    return f"BẢN IN LẠI (lần {copy_number})" if copy_number > 1 else ""


def heading(agency: Agency) -> papers.Heading:
    above = agency.committee or agency.parent
    return papers.Heading(
        papers.in_capitals(above.name) if above else None, papers.in_capitals(agency.name)
    )


def _line(source: Source, key: str) -> Line:
    field = CONTENTS[source.slip.kind].field(key)
    value: Value = field.write(source)
    label = source.form.labels.get(key, field.label)
    if isinstance(value, Table):
        return Line(key, label, table=value)
    if isinstance(value, Listed):
        return Line(key, label, items=value.items)
    return Line(key, label, value)
