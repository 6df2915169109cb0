"""The catalogue in the staff's browser: list, one procedure with its history, files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from agencies.models import Level, Role
from agencies.staff import held_roles, holds, staff_required
from motcua import keyset
from motcua.htmx import wants_partial
from procedures import export
from procedures.forms import CatalogueFilter
from procedures.models import Posting, Procedure, ProcedureVersion

PAGE_SIZE = 30
FILES = {
    "csv": (export.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        export.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@staff_required()
@require_safe
@vary_on_headers("HX-Request")
def procedure_list(request: HttpRequest) -> HttpResponse:
    form = CatalogueFilter(request.GET)
    is_valid = form.is_valid()
    context: dict[str, object] = {"form": form, "address": _without(request, "after")}
    if is_valid:
        versions = form.versions(timezone.localdate())
        after = request.GET.get("after", "")
        context["page"] = keyset.page(versions, "sort_key", after, PAGE_SIZE)
        context["after"] = after
    template = "_results.html" if wants_partial(request) else "list.html"
    return render(request, f"procedures/{template}", context, status=200 if is_valid else 422)


@staff_required()
@require_safe
def procedure_file(request: HttpRequest, kind: str) -> HttpResponse:
    """What the list shows, wholly, as a file that import_procedures reads."""
    form = CatalogueFilter(request.GET)
    if not form.is_valid():
        return render(request, "procedures/list.html", {"form": form}, status=422)
    write, media_type = FILES[kind]
    content = write(form.versions(timezone.localdate()).order_by("sort_key", "pk"))
    name = f"thu-tuc-{timezone.localdate():%Y%m%d}.{kind}"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@staff_required()
@require_safe
def procedure_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One version (`?v=`; else the one in force, else the newest) and the history of all."""
    procedure = get_object_or_404(Procedure, code=code)
    published = ProcedureVersion.objects.filter(procedure=procedure, status="published")
    history = list(published.select_related("decision", "abolished_by").order_by("-number"))
    today = timezone.localdate()
    in_force = [version for version in history if version.is_in_force(today)]
    asked = [v for v in history if str(v.number) == request.GET.get("v")]
    chosen = (asked or in_force or history)[:1]
    shown = get_object_or_404(
        published.for_list().prefetch_related("components", "steps", "fees"),
        pk=chosen[0].pk if chosen else 0,
    )
    own = {each.agency_id for each in held_roles(request)}
    postings = Posting.objects.at(own).of(procedure).on(today).select_related("agency", "version")
    context = {
        "version": shown,
        "history": history,
        "postings": postings,
        "current": in_force[0] if in_force else None,
        "today": today,
        "is_keeper": holds(request, Role.ADMINISTRATOR, level=Level.PROVINCE),
    }
    return render(request, "procedures/detail.html", context)


def _without(request: HttpRequest, key: str) -> str:
    """The query string of this page without one key: what the next page's link begins with."""
    query = request.GET.copy()
    query.pop(key, None)
    return query.urlencode()
