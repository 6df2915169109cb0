"""Nhập hồ sơ: upload, map, check, import, undo; the work itself is a worker's."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.models import Agency
from agencies.staff import StaffRequest, scope, staff_required
from dossiers import import_runs, tasks
from dossiers.import_forms import ColumnsForm, UploadForm, WordsForm
from dossiers.import_runs import IMPORTERS
from dossiers.importing import glancing, listing, suggesting
from dossiers.importing.faults import DOSSIERS, EVENTS, Fault
from dossiers.models import ImportMapping, ImportRun
from motcua.errors import DomainError
from motcua.htmx import polled

_PAGE = 50


@staff_required(*IMPORTERS)
@require_safe
def runs(request: StaffRequest) -> HttpResponse:
    return _list(request, UploadForm(_own(request)))


@staff_required(*IMPORTERS)
@require_POST
def upload(request: StaffRequest) -> HttpResponse:
    form = UploadForm(_own(request), request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, 422)
    file = form.cleaned_data["file"]
    try:
        run = import_runs.upload(
            file,
            file.name,
            source=form.cleaned_data["source"],
            agency=form.cleaned_data["agency"],
            actor=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error("file", error.message)
        return _list(request, form, 422)
    return redirect("dossiers:import_columns", run.public_id)


@staff_required(*IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Which column is which; the sheets are chosen in the address (`?ho-so=`, `?su-kien=`)."""
    run = _one(request, public_id)
    if run.state not in import_runs.BEFORE_IMPORT:
        return redirect("dossiers:import_run", run.public_id)
    chosen = _sheets(request, run)
    posted = request.POST if request.method == "POST" else None
    glance = run.glance["sheets"]
    form = ColumnsForm(chosen, glance, run.mapping, _places(request), posted)
    if posted is not None and form.is_valid():
        return _mapped(request, run, form.mapping(run.mapping))
    context = {"run": run, "form": form, "sheets": chosen, "glance": glance}
    status = 422 if posted is not None else 200
    return render(request, "dossiers/importing/columns.html", context, status=status)


@staff_required(*IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Which word is which."""
    run = _one(request, public_id)
    if run.state not in import_runs.BEFORE_IMPORT or not run.mapping:
        return redirect("dossiers:import_run", run.public_id)
    posted = request.POST if request.method == "POST" else None
    form = _words(request, run, run.mapping, posted)
    if posted is not None and form.is_valid():
        mapping = {**run.mapping, "values": form.values(run.mapping)}
        return _after(run, lambda: _check(run, mapping, request))
    context = {"run": run, "form": form}
    status = 422 if posted is not None else 200
    return render(request, "dossiers/importing/words.html", context, status=status)


@staff_required(*IMPORTERS)
@require_safe
def one(request: StaffRequest, public_id: UUID) -> HttpResponse:
    return _shown(request, _one(request, public_id))


@staff_required(*IMPORTERS)
@require_safe
@polled
def progress(request: StaffRequest, public_id: UUID) -> HttpResponse:
    run = _one(request, public_id)
    answer = render(request, "dossiers/importing/_progress.html", {"run": run})
    if run.state not in import_runs.LIVE:
        answer["HX-Refresh"] = "true"
    return answer


@staff_required(*IMPORTERS)
@require_safe
def errors(request: StaffRequest, public_id: UUID) -> HttpResponse:
    run = _one(request, public_id)
    file = BytesIO()
    listing.write_xlsx((Fault(**each) for each in run.report.get("errors", ())), file)
    return HttpResponse(
        file.getvalue(),
        content_type=import_runs.XLSX,
        headers={"Content-Disposition": 'attachment; filename="loi-nhap-ho-so.xlsx"'},
    )


@staff_required(*IMPORTERS)
@require_POST
def bring(request: StaffRequest, public_id: UUID) -> HttpResponse:
    run = _one(request, public_id)
    return _stepped(request, run, lambda: import_runs.request_import(run))


@staff_required(*IMPORTERS)
@require_POST
def take_back(request: StaffRequest, public_id: UUID) -> HttpResponse:
    run = _one(request, public_id)
    return _stepped(request, run, lambda: import_runs.request_undo(run, actor=request.user))


def _one(request: StaffRequest, public_id: UUID) -> ImportRun:
    runs = import_runs.visible_to(request.user, scope(request))
    runs = runs.select_related("file", "agency", "requested_by", "undone_by")
    return get_object_or_404(runs, public_id=public_id)


def _sources(request: StaffRequest) -> Iterable[str]:
    """What the user's own agencies have brought in from."""
    known = ImportMapping.objects.filter(agency__in={each for each, _ in scope(request).roles})
    return known.order_by("source").values_list("source", flat=True).distinct()


def _list(request: StaffRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    runs = import_runs.visible_to(request.user, scope(request)).select_related("agency")
    runs = runs.select_related("requested_by", "file").defer("report", "glance", "mapping")
    context = {
        "form": form,
        "runs": runs.order_by("-uploaded_at")[:_PAGE],
        "sources": _sources(request),
    }
    return render(request, "dossiers/importing/list.html", context, status=status)


def _shown(
    request: HttpRequest, run: ImportRun, refusal: str = "", status: int = 200
) -> HttpResponse:
    pages = Paginator(run.report.get("errors", []), _PAGE)
    context = {
        "run": run,
        "refusal": refusal,
        "errors": pages.get_page(request.GET.get("trang")),
        "is_importable": import_runs.is_importable(run),
        "is_live": run.state in import_runs.LIVE,
        "is_open": run.state in import_runs.BEFORE_IMPORT,
    }
    return render(request, "dossiers/importing/run.html", context, status=status)


def _stepped(request: StaffRequest, run: ImportRun, step: Callable[[], Any]) -> HttpResponse:
    try:
        return _after(run, step)
    except DomainError as error:
        run.refresh_from_db()
        return _shown(request, run, error.message, 409)


def _after(
    run: ImportRun, step: Callable[[], Any], view: str = "dossiers:import_run"
) -> HttpResponse:
    """Do the step; the worker is nudged once it is committed."""
    with transaction.atomic():
        step()
        if run.state in import_runs.LIVE:
            tasks.nudge(tasks.work_on_import, run.pk)
    return redirect(view, run.public_id)


def _mapped(request: StaffRequest, run: ImportRun, mapping: dict[str, Any]) -> HttpResponse:
    """On to the words; without a strange one straight to the check."""
    if _words(request, run, mapping, None).fields:
        return _after(run, lambda: _map(run, mapping, request), "dossiers:import_words")
    return _after(run, lambda: _check(run, mapping, request))


def _words(
    request: StaffRequest, run: ImportRun, mapping: dict[str, Any], posted: Any
) -> WordsForm:
    with import_runs.on_disk(run.file) as path:
        found = glancing.words(path, mapping)
    return WordsForm(found, mapping, _places(request), posted)


def _map(run: ImportRun, mapping: dict[str, Any], request: StaffRequest) -> None:
    import_runs.map_columns(run, mapping, actor=request.user, now=timezone.now())


def _check(run: ImportRun, mapping: dict[str, Any], request: StaffRequest) -> None:
    _map(run, mapping, request)
    import_runs.request_check(run)


def _own(request: StaffRequest) -> list[Agency]:
    return list(Agency.objects.filter(pk__in=scope(request).agencies_as(*IMPORTERS)))


def _places(request: StaffRequest) -> list[Agency]:
    """Where dossiers may have been lodged: what the words of the file are matched with."""
    places = Agency.objects.filter(pk__in=scope(request).agency_ids)
    return list(places.order_by(F("valid_to").desc(nulls_first=True), "sort_key")[:500])


def _sheets(request: HttpRequest, run: ImportRun) -> dict[str, str]:
    names = {each["sheet"] for each in run.glance["sheets"]}
    found = suggesting.sheets(run.glance["sheets"])
    before = {ours: run.mapping.get(ours, {}).get("sheet", found[ours]) for ours in found}
    if before[DOSSIERS] in names and before[EVENTS] in {"", *names}:
        found = before
    asked = {DOSSIERS: request.GET.get("ho-so"), EVENTS: request.GET.get("su-kien")}
    if asked[DOSSIERS] in names:
        found[DOSSIERS] = cast(str, asked[DOSSIERS])
    if asked[EVENTS] in {"", *names} - {found[DOSSIERS]}:
        found[EVENTS] = cast(str, asked[EVENTS])
    return found
