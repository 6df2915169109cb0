"""The district's quarter report: snapshot and narrative become a paper, and the paper HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.template.loader import render_to_string

from agencies.models import Kind
from motcua import papers
from reports import annex, figure_blocks, narrative, periods, tokens
from reports.narrative import Reading
from reports.outline import DISTRICT_QUARTER, PAPER, SUBJECT, TITLE, Section
from reports.snapshot import Snapshot, Subject

SPACE = "\u2003\u2003"  # room for a number or a day that is given when the paper is issued


@dataclass(frozen=True)
class Node:
    """One piece of the body: `kind` is h1, h2, lead, p, item or subitem."""

    kind: str
    text: str


@dataclass(frozen=True)
class Paper:
    """Everything that is printed, element by element of Nghị định 30/2020/NĐ-CP."""

    heading: papers.Heading
    number: str
    place: str
    day: str
    title: str
    subject: str
    addressees: tuple[str, ...]
    grounds: tuple[str, ...]
    body: tuple[Node, ...]
    signature: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...]
    annex_title: str
    annex_of: str
    span: str
    cut_off: str
    calendar: str
    definition_version: str
    tables: tuple[annex.Table, ...]
    author: str
    created: datetime
    is_demo: bool
    is_draft: bool
    # what the reporter has yet to write, and what merely should be known
    missing: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())

    @property
    def warnings(self) -> list[str]:
        return [*self.missing, *self.notes]


def default_narrative(subject: Subject) -> dict[str, str]:
    """What a new draft starts from."""
    texts = {section.key: section.default for section in DISTRICT_QUARTER if section.default}
    return {**texts, **_default_paper(subject)}


def compose(
    snapshot: Snapshot, typed: Mapping[str, str], *, created: datetime, is_draft: bool
) -> Paper:
    """The paper, with warnings about what is blank or does not fit."""
    texts = {**default_narrative(snapshot.subject), **typed}
    values = tokens.values(snapshot)
    readings: dict[str, Reading] = {}
    body = [
        node
        for section in DISTRICT_QUARTER
        for node in _nodes(section, snapshot, texts, values, readings)
    ]
    symbol = texts["paper.symbol"]
    day = _day(texts["paper.dated"], snapshot.last_day)
    return Paper(
        heading=papers.Heading(
            papers.in_capitals(texts["paper.parent"]) if texts["paper.parent"] else None,
            papers.in_capitals(texts["paper.issuer"]),
        ),
        number=f"{SPACE}/{symbol}",
        place=texts["paper.place"],
        day=day,
        title=TITLE,
        subject=narrative.fill(SUBJECT, values, Reading()),
        addressees=_lines(texts["paper.addressees"]),
        grounds=_lines(texts["paper.grounds"]),
        body=tuple(_closed(body)),
        signature=tuple(line.upper() for line in _lines(texts["paper.signature"])),
        signer=texts["paper.signer"],
        recipients=_lines(texts["paper.recipients"]),
        annex_title=f"Kết quả giải quyết thủ tục hành chính {values['kỳ']}".upper(),
        annex_of=f"(Kèm theo Báo cáo số {SPACE}/{symbol} {day} của {texts['paper.issuer']})",
        span=annex.span(snapshot),
        cut_off=papers.short_date(snapshot.as_of),
        calendar=periods.NAMES[periods.Calendar(snapshot.calendar)],
        definition_version=snapshot.definition_version,
        tables=tuple(annex.tables(snapshot)),
        author=snapshot.subject.name,
        created=created,
        is_demo=snapshot.is_demo,
        is_draft=is_draft,
        missing=(*_missing(texts, readings), *_contradictions(snapshot)),
        notes=tuple(_notes(snapshot, texts)),
    )


def html(paper: Paper) -> str:
    return render_to_string("reports/paper/district_quarter.html", {"paper": paper})


def _nodes(
    section: Section,
    snapshot: Snapshot,
    texts: Mapping[str, str],
    values: Mapping[str, str],
    readings: dict[str, Reading],
) -> list[Node]:
    nodes = []
    if section.title:
        nodes.append(Node(f"h{section.level}", narrative.fill(section.title, values, Reading())))
    lines = figure_blocks.BLOCKS[section.figures](snapshot) if section.figures else []
    reading = narrative.read(section, texts.get(section.key, ""), values)
    readings[section.key] = reading
    return nodes + [Node(line.kind, line.text) for line in (*lines, *reading.lines)]


def _closed(body: list[Node]) -> list[Node]:
    """The last sentence of the text ends with "./."."""
    last = body[-1]
    return [*body[:-1], Node(last.kind, last.text.rstrip(" ./") + "./.")]


def _missing(texts: Mapping[str, str], readings: Mapping[str, Reading]) -> list[str]:
    """What keeps the report from being submitted."""
    found = []
    for section in DISTRICT_QUARTER:
        reading = readings[section.key]
        name = section.name
        found += [f"{name}: còn để trống ({blank or 'chưa ghi rõ'})." for blank in reading.blanks]
        found += [f"{name}: không có số liệu tên “{token}”." for token in reading.unknown]
    empty = [key for key in _NEEDED if not texts[key].strip()]
    return found + [f"Phần “{PAPER[key]}”: còn để trống." for key in empty]


def _notes(snapshot: Snapshot, texts: Mapping[str, str]) -> list[str]:
    found = []
    if snapshot.is_partial:
        day = papers.short_date(snapshot.as_of)
        found.append(f"Kỳ báo cáo chưa kết thúc: số liệu ước đến hết ngày {day}.")
    if not texts["paper.signer"].strip():
        found.append("Chưa có họ và tên người ký.")
    return found


def _contradictions(snapshot: Snapshot) -> list[str]:
    """The identities that fail: nobody signs figures that do not add up."""
    broken = [check for check in snapshot.checks if check["ok"] is False]
    return [f"Số liệu không khớp ({each['rule']}): {each['detail']}." for each in broken]


_NEEDED = (
    "paper.issuer",
    "paper.symbol",
    "paper.place",
    "paper.addressees",
    "paper.signature",
    "paper.recipients",
)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (line.strip(" ;.-–\t") for line in text.splitlines())))


def _day(written: str, last_day: date) -> str:
    try:
        return papers.day_line(date.fromisoformat(written.strip()))
    except ValueError:
        return f"ngày {SPACE} tháng {SPACE} năm {last_day.year}"


def _default_paper(subject: Subject) -> dict[str, str]:
    is_committee = subject.kind == Kind.COMMITTEE
    return {
        "paper.parent": "" if is_committee else subject.committee,
        "paper.issuer": subject.name,
        "paper.symbol": "BC-UBND" if is_committee else "BC-VP",
        "paper.place": papers.place(subject.committee),
        "paper.dated": "",
        "paper.addressees": subject.parent if is_committee else subject.committee,
        "paper.grounds": "",
        "paper.signature": "TM. Ủy ban nhân dân\nChủ tịch" if is_committee else "Thủ trưởng",
        "paper.signer": "",
        "paper.recipients": "Như trên\nLưu: VT",
    }
