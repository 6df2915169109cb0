"""Lists as files, and lists under a name: asked for, watched, fetched by their owner alone."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.models import User
from agencies.staff import staff_required
from dossiers import exporting, saved_views, tasks
from dossiers.models import Export, SavedView, StoredFile
from motcua.errors import DomainError
from motcua.htmx import polled, wants_partial

SHOWN = 20


@staff_required()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    """One's own files; a POST asks for one more."""
    user, status = cast(User, request.user), 200
    if request.method == "POST":
        typed = request.POST
        try:
            made = exporting.request(
                user,
                kind=typed.get("kind", ""),
                format=typed.get("format", ""),
                query=typed.get("query", ""),
                now=timezone.now(),
            )
        except DomainError as error:
            messages.error(request, error.message)
            status = 422
        else:
            tasks.nudge(tasks.make_export, made.pk)
            return redirect("dossiers:export_progress", made.public_id)
    found = Export.objects.filter(requested_by=user).select_related("file").order_by("-pk")
    return render(request, "dossiers/exports/list.html", {"exports": found[:SHOWN]}, status=status)


@staff_required()
@never_cache
@polled
@require_safe
def progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    partial = wants_partial(request)
    template = f"dossiers/exports/{'_progress' if partial else 'progress'}.html"
    return render(request, template, {"export": _own(request, public_id)})


@staff_required()
@never_cache
@require_safe
def file(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    stored = _own(request, public_id).file
    if stored is None:
        raise Http404
    return download(stored)


def download(stored: StoredFile, *, inline: bool = False) -> HttpResponseBase:
    """What a worker made for somebody."""
    try:
        content = default_storage.open(stored.storage_key)
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        as_attachment=not inline,
        filename=stored.name,
        content_type=stored.media_type,
    )


@staff_required()
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """The filters of the list under a name, and back to it."""
    typed, user = request.POST, cast(User, request.user)
    route = typed.get("route", "")
    back = reverse(route) if route in saved_views.ROUTES else reverse("dossiers:work")
    address = f"{back}?{typed.get('query', '')}"
    try:
        view = saved_views.save(
            user, route=route, name=typed.get("name", ""), query=typed.get("query", "")
        )
    except DomainError as error:
        messages.error(request, next(iter(error.fields.values()), error.message))
    else:
        address = saved_views.address_of(view)
        messages.success(request, f"Đã lưu bộ lọc “{view.name}”.")
    return HttpResponseRedirect(address)


@staff_required()
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = SavedView.objects.filter(owner=cast(User, request.user), pk=pk).first()
    if view is None:
        raise Http404
    view.delete()
    messages.success(request, f"Đã xóa bộ lọc “{view.name}”.")
    return redirect(view.route)


def _own(request: HttpRequest, public_id: UUID) -> Export:
    """Only for whoever asked for it; to others it does not exist."""
    own = Export.objects.filter(requested_by=cast(User, request.user))
    found = own.select_related("file").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
