"""Việc của tôi and Hồ sơ: the work list and the list of all dossiers in one's scope."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from agencies.models import User
from agencies.staff import scope, staff_required
from dossiers.querysets import DossierQuerySet
from dossiers.time_left import time_left
from dossiers.work_filter import ListFilter, WorkFilter
from motcua import keyset
from motcua.htmx import wants_partial

PAGE_SIZE = 30


@staff_required()
@require_safe
@vary_on_headers("HX-Request")
def work(request: HttpRequest) -> HttpResponse:
    """Open dossiers, the most urgent first; suspended ones at the end."""
    form = WorkFilter(request.GET)
    dossiers = None
    if form.is_valid():
        user = cast(User, request.user)
        dossiers = form.work_of(user, scope(request), timezone.now())
    return _listed(request, form, dossiers, "lapses_at", "dossiers/work.html")


@staff_required()
@require_safe
@vary_on_headers("HX-Request")
def everything(request: HttpRequest) -> HttpResponse:
    """All dossiers of the scope, ended ones too, the last recorded first."""
    form = ListFilter(request.GET)
    dossiers = form.all_in(scope(request), timezone.now()) if form.is_valid() else None
    return _listed(request, form, dossiers, "-id", "dossiers/list.html")


def _listed(
    request: HttpRequest,
    form: ListFilter,
    dossiers: DossierQuerySet | None,
    order: str,
    template: str,
) -> HttpResponse:
    query = request.GET.copy()
    after = str((query.pop("after", None) or [""])[-1])
    context: dict[str, object] = {"form": form, "address": query.urlencode(), "after": after}
    if dossiers is not None:
        now = timezone.now()
        page = keyset.page(dossiers, order, after, PAGE_SIZE)
        context["page"] = page
        context["rows"] = [(dossier, time_left(dossier, now)) for dossier in page.rows]
    partial = "dossiers/_rows.html" if wants_partial(request) else template
    return render(request, partial, context, status=422 if dossiers is None else 200)
