"""Việc của tôi and Hồ sơ: the lists of the work, and all dossiers in one's scope."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect

from agencies.models import User
from agencies.staff import scope, staff_required
from dossiers import list_lines, saved_views, search, work_lists
from dossiers.bulk_acts import offered
from dossiers.models import Dossier
from dossiers.querysets import DossierQuerySet
from dossiers.work_filter import ListFilter, WorkFilter
from dossiers.work_lists import Desk
from motcua import keyset
from motcua.htmx import polled, wants_partial
from notifications import notices

PAGE_SIZE = 50
MOST_MATCHING = 1000


@dataclass(frozen=True)
class Tab:
    slug: str
    title: str
    group: str
    count: str
    is_current: bool


@staff_required()
@require_safe
@vary_on_headers("HX-Request")
def work(request: HttpRequest) -> HttpResponse:
    """One list of the work: the most urgent first, suspended ones at the end."""
    form = WorkFilter(request.GET, scope=scope(request))
    if (named := _named(request)) is not None:
        return named
    context: dict[str, Any] = {"source": "work"}
    if form.is_valid():
        at = desk_of(request, form.cleaned_data["whose"])
        context |= {"chosen": form.chosen, "bulk_acts": offered(form.chosen.slug)}
        context |= _rows(request, form, form.work_at(at))
        if not wants_partial(request):
            context["tabs"] = _tabs(at, form.chosen.slug)
    return _listed(request, form, context, "dossiers/work.html")


@staff_required()
@require_safe
@vary_on_headers("HX-Request")
def everything(request: HttpRequest) -> HttpResponse:
    """All dossiers of the scope, ended ones too, the last recorded first."""
    form = ListFilter(request.GET, scope=scope(request))
    if (named := _named(request)) is not None:
        return named
    context: dict[str, Any] = {"source": "list"}
    if form.is_valid():
        context |= _rows(request, form, form.all_in(scope(request)))
    return _listed(request, form, context, "dossiers/list.html")


@staff_required()
@never_cache
@polled
@require_safe
def counters(request: HttpRequest) -> HttpResponse:
    """The numbers beside the lists and in the navigation, asked for again every half minute."""
    at = desk_of(request, "")
    counts = work_lists.counts(at)
    # Only the page of the work has a place for each.
    is_there = urlsplit(request.headers.get("HX-Current-URL", "")).path == reverse("dossiers:work")
    shown = counts if is_there else {}
    context = {
        "tabs": [(slug, work_lists.shown(count)) for slug, count in shown.items()],
        "usual": work_lists.shown(counts[work_lists.usual(at.scope).slug]),
        "unread": notices.unread(at.user),
        "most_unread": notices.MOST,
    }
    return render(request, "dossiers/lists/_counters.html", context)


@staff_required()
@require_safe
def matching(request: HttpRequest) -> HttpResponse:
    """How many dossiers the filter of a work list matches, counted up to a thousand."""
    form = WorkFilter(request.GET, scope=scope(request))
    if not form.is_valid():
        return HttpResponse("")
    found = form.work_at(desk_of(request, form.cleaned_data["whose"])).order_by()
    count = found.values("pk")[: MOST_MATCHING + 1].count()
    text = "hơn 1.000" if count > MOST_MATCHING else f"{count:,}".replace(",", ".")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@staff_required()
@require_safe
def scanned(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The link of a paper's QR code leads whoever may see the dossier to it."""
    found = Dossier.objects.in_scope(scope(request)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return redirect(found)


def desk_of(request: HttpRequest, whose: str) -> Desk:
    return work_lists.desk(cast(User, request.user), scope(request), timezone.now(), whose)


def _named(request: HttpRequest) -> HttpResponse | None:
    """To the dossier itself, when its whole code or the link on its paper was typed or scanned."""
    typed = request.GET.get("q", "")
    found = search.exactly(scope(request), typed[:200]) if typed else None
    if found is None:
        return None
    address = found.get_absolute_url()
    partial = wants_partial(request)
    return HttpResponseClientRedirect(address) if partial else HttpResponseRedirect(address)


def _tabs(at: Desk, current: str) -> list[Tab]:
    counts = work_lists.counts(work_lists.for_office(at))
    return [
        Tab(
            each.slug,
            each.title,
            each.group,
            work_lists.shown(counts[each.slug]),
            each.slug == current,
        )
        for each in work_lists.ALL
    ]


def _rows(request: HttpRequest, form: ListFilter, dossiers: DossierQuerySet) -> dict[str, Any]:
    now, after = timezone.now(), request.GET.get("after", "")
    found = dossiers.for_list().only(*list_lines.COLUMNS)
    page = keyset.page(found, form.order(), after, PAGE_SIZE)
    return {
        "page": page,
        "rows": list_lines.lines(page.rows, now),
        "offices": len({dossier.held_by_id for dossier in page.rows}) > 1,
    }


def _listed(
    request: HttpRequest, form: ListFilter, context: dict[str, Any], template: str
) -> HttpResponse:
    query = request.GET.copy()
    after = str((query.pop("after", None) or [""])[-1])
    context |= {"form": form, "address": query.urlencode(), "after": after}
    if not wants_partial(request):
        route = f"dossiers:{context['source']}"
        context["saved_views"] = saved_views.of(cast(User, request.user), route)
    partial = "dossiers/_rows.html" if wants_partial(request) else template
    return render(request, partial, context, status=200 if "page" in context else 422)
