"""One act on many dossiers: chosen in a list, confirmed, then watched while a worker does it."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.models import Role, User
from agencies.staff import scope, staff_required
from dossiers import bulk, bulk_acts, bulk_forms, errors, tasks
from dossiers.bulk_acts import BulkAct
from dossiers.bulk_forms import BulkForm
from dossiers.forms import show
from dossiers.models import BulkRun, Dossier, JobState
from dossiers.querysets import DossierQuerySet
from dossiers.views.exports import download
from dossiers.views.lists import desk_of
from dossiers.work_filter import WorkFilter
from motcua.errors import DomainError
from motcua.htmx import polled, wants_partial

WORKERS = (Role.CLERK, Role.OFFICER, Role.LEADER)
SHOWN = 20
FAILED_A_PAGE = 50


@staff_required(*WORKERS)
@never_cache
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """How many were chosen and what will be done with them; nothing is done yet."""
    back = f"{reverse('dossiers:work')}?{_query(request).urlencode()}"
    try:
        act = bulk_acts.known(request.POST.get("act", ""))
        found = _chosen(request, act)
        if not found:
            raise errors.BulkRefused("Chưa chọn hồ sơ nào.")
    except DomainError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(back)
    return _confirmation(request, _form(request, None, act, found), act, found)


@staff_required(*WORKERS)
@never_cache
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """The run is written and a worker is nudged; a second click finds the same run."""
    user, now = cast(User, request.user), timezone.now()
    try:
        act = bulk_acts.known(request.POST.get("act", ""))
        found = bulk_forms.opened(user, request.POST.get("items", ""))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("dossiers:work")
    form = _form(request, request.POST, act, found)
    if form.is_valid():
        key, given = form.cleaned_data["request_id"], form.arguments()
        try:
            run = bulk.start(user, act.name, given, found, now, key)
        except DomainError as error:
            show(form, error)
        else:
            tasks.nudge(tasks.do_in_bulk, run.pk)
            return redirect("dossiers:bulk_run", run.public_id)
    return _confirmation(request, form, act, found)


@staff_required()
@never_cache
@require_safe
def run(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _shown(request, _own(request, public_id))


@staff_required()
@never_cache
@polled
@require_safe
def progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same, asked for by the page itself."""
    return _shown(request, _own(request, public_id))


@staff_required(*WORKERS)
@require_POST
def retry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = _own(request, public_id)
    if bulk.retry(found, timezone.now()):
        tasks.nudge(tasks.do_in_bulk, found.pk)
    return redirect("dossiers:bulk_run", found.public_id)


@staff_required()
@never_cache
@require_safe
def papers(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """What was printed, as one PDF."""
    file = _own(request, public_id).file
    if file is None:
        raise Http404
    return download(file, inline=True)


def _own(request: HttpRequest, public_id: UUID) -> BulkRun:
    """Only for whoever asked for it; to others it does not exist."""
    own = BulkRun.objects.filter(requested_by=cast(User, request.user))
    found = own.select_related("file").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, run: BulkRun) -> HttpResponse:
    states = list(run.items.order_by().values_list("state", flat=True))
    failed = run.items.filter(state=JobState.FAILED).select_related("dossier")
    page = Paginator(failed, FAILED_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run,
        "act": bulk_acts.ACTS.get(run.act),
        "total": len(states),
        "done": states.count(JobState.DONE),
        "failed": states.count(JobState.FAILED),
        "over": len(states) - states.count(JobState.PENDING),
        "is_over": run.state not in bulk.LIVE,
        "page": page,
    }
    partial = wants_partial(request)
    return render(request, f"dossiers/bulk/{'_progress' if partial else 'run'}.html", context)


def _query(request: HttpRequest) -> QueryDict:
    return QueryDict(request.POST.get("query", "")[:4000])


def _chosen(request: HttpRequest, act: BulkAct) -> list[tuple[int, int]]:
    """Everything that the filter matches, or the boxes ticked on this page and on others."""
    if not request.POST.get("all"):
        ids = [*request.POST.getlist("chosen"), *request.POST.get("more", "").split(",")]
        return bulk_forms.chosen(_visible(request), _uuids(ids))
    form = WorkFilter(_query(request), scope=scope(request))
    if not form.is_valid():
        return []
    found = form.work_at(desk_of(request, form.cleaned_data["whose"]))
    return bulk_forms.all_of(found, form.order(), act)


def _visible(request: HttpRequest) -> DossierQuerySet:
    return Dossier.objects.in_scope(scope(request))


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[: bulk.MOST + 1]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _form(request: HttpRequest, typed: Any, act: BulkAct, found: list[tuple[int, int]]) -> BulkForm:
    user, today = cast(User, request.user), timezone.localdate()
    sealed = bulk_forms.sealed(user, found)
    held = bulk_forms.held_by(found)
    return BulkForm(typed, act=act, held=held, today=today, items=sealed)


def _confirmation(
    request: HttpRequest, form: BulkForm, act: BulkAct, found: list[tuple[int, int]]
) -> HttpResponse:
    first = [pk for pk, _ in found[:SHOWN]]
    context = {
        "form": form,
        "act": act,
        "count": len(found),
        "first": _visible(request).filter(pk__in=first).order_by("pk"),
        "rest": max(len(found) - SHOWN, 0),
    }
    status = 422 if form.errors else 200
    return render(request, "dossiers/bulk/confirm.html", context, status=status)
