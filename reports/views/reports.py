"""Reports in the browser: list, a new draft, the editor, submission."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from agencies.models import Role
from agencies.staff import StaffRequest, scope, staff_required
from motcua import keyset
from motcua.errors import DomainError
from reports import district_quarter, drafting, figure_blocks, tokens
from reports.errors import NotReady
from reports.forms import NarrativeForm, NewReportForm
from reports.models import Report
from reports.narrative import Line
from reports.outline import DISTRICT_QUARTER, PAPER, SECTIONS, Section, Shape
from reports.snapshot import Snapshot

READERS = tuple(role for role in Role if role != Role.ADMINISTRATOR)
PAGE_SIZE = 30


@dataclass(frozen=True)
class Part:
    """A section on the editor's page: figures above, the text below, a conflict between."""

    section: Section
    figures: list[Line]
    field: BoundField | None
    base: str
    theirs: str | None


@staff_required(*READERS)
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    seen = scope(request)
    after = request.GET.get("after", "")
    rows = Report.objects.in_scope(seen).for_list()
    may_create = bool(seen.agencies_as(*drafting.EDITORS))
    context = {
        "page": keyset.page(rows, "-created_at", after, PAGE_SIZE),
        "after": after,
        "address": "",
        "form": NewReportForm(agency_ids=_own(request)) if may_create else None,
    }
    return render(request, "reports/list.html", context)


@staff_required(*drafting.EDITORS)
@require_POST
def report_new(request: StaffRequest) -> HttpResponse:
    form = NewReportForm(request.POST, agency_ids=_own(request))
    if form.is_valid():
        given = form.cleaned_data
        try:
            report = drafting.open_draft(
                given["kind"],
                given["agency"],
                given["period"],
                given["calendar"],
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error("period", error.message)
        else:
            return redirect(report)
    rows = Report.objects.in_scope(scope(request)).for_list()
    page = keyset.page(rows, "-created_at", "", PAGE_SIZE)
    context = {"page": page, "after": "", "address": "", "form": form}
    return render(request, "reports/list.html", context, status=422)


@staff_required(*READERS)
@require_safe
def report_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The editor for those who may write, the text as it will be printed for the others."""
    report = _report(request, public_id)
    if report.is_draft and drafting.may_edit(scope(request), report.agency):
        form = NarrativeForm(initial=report.narrative)
        return _editor(request, report, form, _bases(report.narrative))
    now = timezone.now()
    snapshot = drafting.figures_of(report, now)
    paper = _paper(report, snapshot)
    context = {"report": report, "paper": paper, "build": _last_build(report)}
    return render(request, "reports/report.html", context)


@staff_required(*drafting.EDITORS)
@require_POST
def report_save(request: StaffRequest, public_id: str) -> HttpResponse:
    report = _report(request, public_id)
    form = NarrativeForm(request.POST)
    base = {key: request.POST.get(f"base.{key}", "") for key in form.fields}
    if not form.is_valid():
        return _editor(request, report, form, base, status=422)
    typed = form.texts()
    try:
        saved = drafting.save(report, typed, base=base, actor=request.user, now=timezone.now())
    except drafting.EditConflict as conflict:
        return _conflict(request, conflict, typed, base)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(report)
    messages.success(request, "Đã lưu." + _from_others(saved.from_others))
    return redirect(report)


@staff_required(*drafting.EDITORS)
@require_POST
def report_submit(request: StaffRequest, public_id: str) -> HttpResponse:
    report = _report(request, public_id)
    revision = request.POST.get("revision", "")
    try:
        drafting.submit(
            report,
            revision=int(revision) if revision.isascii() and revision.isdigit() else 0,
            actor=request.user,
            now=timezone.now(),
        )
    except NotReady as error:
        messages.error(request, f"{error.message} {' '.join(error.missing[:3])}")
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Đã trình. Số liệu và nội dung được giữ nguyên từ đây.")
    return redirect(report)


@staff_required(*READERS)
@require_safe
def report_figures(request: HttpRequest, public_id: str) -> HttpResponse:
    """The figures beside the text, computed anew."""
    report = _report(request, public_id)
    snapshot = drafting.figures_of(report, timezone.now())
    return render(request, "reports/_figures.html", _figures(report, snapshot))


def _report(request: HttpRequest, public_id: str) -> Report:
    visible = Report.objects.in_scope(scope(request)).for_page()
    return get_object_or_404(visible, public_id=public_id)


def _own(request: HttpRequest) -> frozenset[int]:
    return scope(request).agencies_as(*drafting.EDITORS)


def _bases(narrative: Mapping[str, str]) -> dict[str, str]:
    keys = (*PAPER, *SECTIONS)
    return {key: drafting.fingerprint(narrative.get(key, "")) for key in keys}


def _paper(report: Report, snapshot: Snapshot) -> district_quarter.Paper:
    texts = report.snapshot["narrative"] if report.snapshot else report.narrative
    return district_quarter.compose(
        snapshot, texts, created=snapshot.taken_at, is_draft=report.is_draft
    )


def _conflict(
    request: HttpRequest,
    conflict: drafting.EditConflict,
    typed: Mapping[str, str],
    base: Mapping[str, str],
) -> HttpResponse:
    """The form with everything typed; a section that only others changed shows their text."""
    current = conflict.report.narrative
    shown, bases = dict(typed), dict(base)
    for key, text in typed.items():
        stands = current.get(key, "")
        is_mine = drafting.fingerprint(text) != base[key]
        if not is_mine:
            shown[key] = stands
        if not is_mine or any(each.key == key for each in conflict.conflicts):
            bases[key] = drafting.fingerprint(stands)
    messages.error(
        request,
        f"{conflict.message} Chưa lưu gì: chữ của bạn còn nguyên dưới đây, bản của họ ở bên trên"
        " từng mục. Sửa lại cho khớp rồi lưu.",
    )
    report = Report.objects.for_page().get(pk=conflict.report.pk)
    theirs = {each.key: each.theirs for each in conflict.conflicts}
    form = NarrativeForm(initial=shown)
    return _editor(request, report, form, bases, theirs=theirs, status=422)


def _editor(
    request: HttpRequest,
    report: Report,
    form: NarrativeForm,
    bases: Mapping[str, str],
    *,
    theirs: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    snapshot = drafting.figures_of(report, timezone.now())
    theirs = theirs or {}
    parts = [
        Part(
            section,
            figure_blocks.BLOCKS[section.figures](snapshot) if section.figures else [],
            None if section.shape is Shape.NONE else form[section.key],
            bases.get(section.key, ""),
            theirs.get(section.key),
        )
        for section in DISTRICT_QUARTER
    ]
    paper_parts = [(form[key], bases.get(key, ""), theirs.get(key)) for key in PAPER]
    context = {
        "report": report,
        "form": form,
        "parts": parts,
        "paper_parts": paper_parts,
        "paper": _paper(report, snapshot),
        "build": _last_build(report),
        **_figures(report, snapshot),
    }
    return render(request, "reports/edit.html", context, status=status)


def _figures(report: Report, snapshot: Snapshot) -> dict[str, object]:
    """The picker: tokens in groups, each number with the way to its dossiers."""
    groups: dict[str, list[tuple[tokens.Token, str]]] = {}
    for token in tokens.available(snapshot):
        groups.setdefault(token.group, []).append((token, _cell(report, token)))
    return {"report": report, "groups": groups, "snapshot": snapshot}


def _cell(report: Report, token: tokens.Token) -> str:
    if not token.column:
        return ""
    query = {
        "agency": report.agency.code,
        "period": report.period,
        "calendar": report.calendar,
        "interagency": token.interagency,
        "column": token.column,
    }
    if token.block:
        query |= {"by": "block", "key": token.block}
    try:
        return f"{reverse('reports:cell')}?{urlencode(query)}"
    except NoReverseMatch:
        return ""


def _from_others(keys: list[str]) -> str:
    if not keys:
        return ""
    names = [SECTIONS[key].name if key in SECTIONS else PAPER[key] for key in keys]
    return f" Người khác vừa sửa, phần của họ được giữ: {'; '.join(names)}."


def _last_build(report: Report) -> object:
    return report.builds.order_by("-pk").first()
