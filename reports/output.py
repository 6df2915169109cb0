"""The files of a report: written whole or not at all, named KIND-CODE-PERIOD."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from agencies.models import Agency
from motcua import pdf
from reports import annex, district_quarter, periods, snapshot, snapshot_taking
from reports.errors import KindUnknown, NotAQuarter
from reports.models import Report
from reports.snapshot import Snapshot

# told after each step: percent, what is done next
Progress = Callable[[int, str], None]


@dataclass(frozen=True)
class File:
    kind: str
    path: str
    sha256: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Source:
    """What a report is printed from: figures, text, the date of the file."""

    snapshot: Snapshot
    narrative: dict[str, str]
    created: datetime
    is_draft: bool


def check_kind(kind: str, period: str, calendar: str) -> None:
    if kind not in Report.Kind.values:
        raise KindUnknown(f"Không có loại báo cáo {kind!r}; có: {', '.join(Report.Kind.values)}.")
    months = periods.parse(period, calendar)
    if months.last_month - months.first_month != 2:
        raise NotAQuarter


def source_of(report: Report, now: datetime) -> Source:
    """A submitted report is printed from its snapshot alone, a draft from the figures of now."""
    if report.snapshot is not None:
        frozen, created = report.snapshot, report.submitted_at
        assert created is not None
        figures = snapshot.from_json(frozen["figures"])
        return Source(figures, frozen["narrative"], created, is_draft=False)
    figures = snapshot_taking.take(report.agency, report.period, report.calendar, now)
    return Source(figures, report.narrative, now, is_draft=True)


def source_for(
    agency: Agency, kind: str, period: str, calendar: str, now: datetime, *, draft: bool
) -> Source:
    """The last submitted report unless the draft is asked for; else draft or default text."""
    reports = Report.objects.filter(agency=agency, kind=kind, period=period, calendar=calendar)
    submitted = reports.filter(status=Report.Status.SUBMITTED).order_by("-submitted_at").first()
    if submitted and not draft:
        return source_of(submitted, now)
    figures = snapshot_taking.take(agency, period, calendar, now)
    found = reports.filter(status=Report.Status.DRAFT).first()
    return Source(figures, found.narrative if found else {}, now, is_draft=draft)


def write(
    folder: Path, stem: str, source: Source, progress: Progress
) -> tuple[list[File], list[str]]:
    """PDF and XLSX in `folder`, with the warnings of the paper."""
    progress(30, "Soạn văn bản")
    paper = district_quarter.compose(
        source.snapshot, source.narrative, created=source.created, is_draft=source.is_draft
    )
    html = district_quarter.html(paper)
    progress(50, "Dàn trang PDF")
    made = [put(folder / f"{stem}.pdf", pdf.render(html), "pdf")]
    progress(85, "Lập phụ lục XLSX")
    made.append(put(folder / f"{stem}.xlsx", annex.workbook(source.snapshot), "xlsx"))
    return made, paper.warnings


def put(path: Path, content: bytes, kind: str) -> File:
    """Whoever reads the path finds the old file or the new one, never a part."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return File(kind, str(path), hashlib.sha256(content).hexdigest())
