"""A report's draft: opened, edited by several, submitted with a frozen snapshot.

Editors work on the whole page. Saving compares, section by section, what was typed, what stood
there when the page was opened (its fingerprint comes back with the form) and what stands there
now: sections that only one of two editors touched are put together, sections that both changed
are refused with both texts. The write itself is a compare-and-set on `revision`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import Agency, Role, User
from agencies.scope import Scope, scope_of
from motcua.errors import DomainError
from reports import district_quarter, output, questions, snapshot_taking
from reports.errors import DraftChanged, NotDraft, NotReady, NotReporter
from reports.models import Report
from reports.questions import Question
from reports.snapshot import Snapshot, Subject

EDITORS = (Role.REPORTER, Role.LEADER)
_TRIES = 5


@dataclass(frozen=True)
class Conflict:
    """Both editors changed this section: what stands there now, what the second one typed."""

    key: str
    theirs: str
    mine: str


class EditConflict(DomainError):
    """Nothing was saved and nothing is lost: the typed text goes back into the form."""

    code = "edit_conflict"
    message = "Người khác đã sửa cùng mục trong lúc bạn đang viết."

    def __init__(self, conflicts: list[Conflict], report: Report) -> None:
        self.conflicts, self.report = conflicts, report
        super().__init__(f"{_who(report)} đã sửa cùng mục trong lúc bạn đang viết.")


@dataclass(frozen=True)
class Saved:
    report: Report
    # sections that others changed meanwhile: kept as they wrote them
    from_others: list[str]


def may_edit(scope: Scope, agency: Agency) -> bool:
    return scope.has_role(agency.pk, *EDITORS)


def open_draft(
    kind: str, agency: Agency, period: str, calendar: str, *, actor: User, now: datetime
) -> Report:
    """The draft of this report: the one that exists, or a new one with neutral text."""
    _check_editor(actor, agency, now)
    output.check_kind(kind, period, calendar)
    questions.frame(Question(agency, period, calendar), now)  # refuses what has no figures
    key = {"kind": kind, "agency": agency, "period": period, "calendar": calendar}
    drafts = Report.objects.filter(**key, status=Report.Status.DRAFT)
    if found := drafts.first():
        return found
    before = Report.objects.filter(**key).order_by("-submitted_at").first()
    narrative = (
        before.narrative if before else district_quarter.default_narrative(Subject.of(agency))
    )
    try:
        with transaction.atomic():
            return Report.objects.create(
                **key, narrative=narrative, created_at=now, created_by=actor
            )
    except IntegrityError:  # a second click: the first one made it
        return drafts.get()


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save(
    report: Report,
    typed: Mapping[str, str],
    *,
    base: Mapping[str, str],
    actor: User,
    now: datetime,
) -> Saved:
    """Store what the editor changed; `base` holds the fingerprints the page was opened with."""
    _check_editor(actor, report.agency, now)
    for _ in range(_TRIES):
        current = Report.objects.select_related("agency", "edited_by").get(pk=report.pk)
        if current.status != Report.Status.DRAFT:
            raise NotDraft
        stands = {key: current.narrative.get(key, "") for key in typed}
        mine = {key for key in typed if fingerprint(typed[key]) != base.get(key)}
        theirs = {key for key in typed if fingerprint(stands[key]) != base.get(key)}
        both = [key for key in typed if key in mine & theirs and stands[key] != typed[key]]
        if both:
            conflicts = [Conflict(key, stands[key], typed[key]) for key in both]
            raise EditConflict(conflicts, current)
        changed = {key: typed[key] for key in mine}
        if not changed or _set(current, {**current.narrative, **changed}, actor, now):
            return Saved(current, sorted(theirs - mine))
    raise DraftChanged


def submit(report: Report, *, revision: int, actor: User, now: datetime) -> Report:
    """Freeze figures and text; afterwards the PDF is printed from this snapshot alone."""
    _check_editor(actor, report.agency, now)
    current = Report.objects.select_related("agency").get(pk=report.pk)
    if current.status != Report.Status.DRAFT:
        raise NotDraft
    if current.revision != revision:
        raise DraftChanged
    figures = snapshot_taking.take(current.agency, current.period, current.calendar, now)
    paper = district_quarter.compose(figures, current.narrative, created=now, is_draft=False)
    if paper.missing:
        raise NotReady(list(paper.missing))
    frozen = {
        "definition_version": figures.definition_version,
        "figures": figures.to_json(),
        "narrative": current.narrative,
    }
    draft = Report.objects.filter(pk=report.pk, status=Report.Status.DRAFT, revision=revision)
    if not draft.update(
        status=Report.Status.SUBMITTED, snapshot=frozen, submitted_at=now, submitted_by=actor
    ):
        raise DraftChanged
    return Report.objects.select_related("agency").get(pk=report.pk)


def figures_of(report: Report, now: datetime) -> Snapshot:
    """The figures beside the text: frozen ones of a submitted report, else those of now."""
    return output.source_of(report, now).snapshot


def _set(current: Report, narrative: dict[str, str], actor: User, now: datetime) -> bool:
    values = {"narrative": narrative, "edited_at": now, "edited_by": actor}
    same = Report.objects.filter(
        pk=current.pk, status=Report.Status.DRAFT, revision=current.revision
    )
    if not same.update(**values, revision=current.revision + 1):
        return False
    for name, value in values.items():
        setattr(current, name, value)
    current.revision += 1
    return True


def _check_editor(actor: User, agency: Agency, now: datetime) -> None:
    if not may_edit(scope_of(actor, timezone.localdate(now)), agency):
        raise NotReporter


def _who(report: Report) -> str:
    if report.edited_at is None:
        return "Người khác"
    return f"{report.edited_by or 'Người khác'} (lúc {timezone.localtime(report.edited_at):%H:%M})"
