"""The register on paper: A4 landscape, the head of the form, so many lines to a part.

WeasyPrint's time grows with the cells and its memory with the document: more than LINES lines
are set in parts, one PDF of them all. Number and title are those of the rule set of the first
line's day, or the province's own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils import timezone

from agencies.models import Agency
from dossiers.models import Dossier, SlipKind
from dossiers.papers.content import Form
from dossiers.papers.form import Locals, form_of
from dossiers.papers.sheet import heading
from dossiers.register import Filters, row
from motcua import papers, pdf
from procedures.models import RuleSet

# Fifteen cells each: some 3,000 in a part.
LINES = 200


@dataclass(frozen=True)
class Part:
    """What stands on one run of pages."""

    heading: papers.Heading
    form: Form
    place: str
    day: str
    which: str
    rows: tuple[tuple[str, ...], ...]
    is_demo: bool


def render(agency: Agency, filters: Filters, entries: Iterable[Dossier], today: date) -> bytes:
    """The PDF; an empty register is one page with its head."""
    parts = list(_parts(agency, filters, list(entries), today))
    return pdf.render_many(
        [render_to_string("papers/register.html", {"part": part}) for part in parts]
    )


def _parts(
    agency: Agency, filters: Filters, entries: Sequence[Dossier], today: date
) -> Iterator[Part]:
    accepted_at = entries[0].accepted_at if entries else None
    form = _form(agency, timezone.localdate(accepted_at) if accepted_at else today)
    body = agency.committee or agency
    for start in range(0, max(len(entries), 1), LINES):
        lines = entries[start : start + LINES]
        yield Part(
            heading=heading(agency),
            form=form,
            place=papers.place(body.name),
            day=papers.day_line(today),
            which=_which(filters, lines),
            rows=tuple(row(line) for line in lines),
            is_demo=any(line.is_demo for line in lines),
        )


def _form(agency: Agency, day: date) -> Form:
    law = RuleSet.on(day)
    local = Locals([agency.pk], [SlipKind.REGISTER]).layout(SlipKind.REGISTER, agency.pk, day)
    return form_of(SlipKind.REGISTER, law.forms, local)


def _which(filters: Filters, lines: Sequence[Dossier]) -> str:
    said = [f"Năm: {filters.year}"]
    if filters.is_old:
        said.insert(0, "Hồ sơ theo sổ cũ")
    elif filters.volume is not None:
        said.insert(0, f"Quyển số: {filters.volume:02d}")
    numbers = [line.register_number for line in lines if line.register_number is not None]
    if numbers and filters.volume is not None:
        said.append(f"Từ số {numbers[0]} đến số {numbers[-1]}")
    return " · ".join(said)
