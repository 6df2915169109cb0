"""Sổ theo dõi hồ sơ: read, filtered, printed; a volume closed."""

import re
from typing import cast
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from agencies.models import User
from agencies.staff import scope, staff_required
from dossiers import register, register_paper
from dossiers.models import Dossier
from dossiers.querysets import DossierQuerySet
from dossiers.register import Filters
from dossiers.register_form import RegisterFilter
from dossiers.views.papers import as_pdf
from motcua import keyset
from motcua.errors import DomainError
from motcua.htmx import wants_partial

PAGE_SIZE = 50


@staff_required()
@never_cache
@require_safe
@vary_on_headers("HX-Request")
def lines(request: HttpRequest) -> HttpResponse:
    """The last lines first, fifty to a page."""
    form = RegisterFilter(request.GET, scope=scope(request))
    filters = form.asked() if form.is_valid() else None
    query = request.GET.copy()
    after = str((query.pop("after", None) or [""])[-1])
    context = {"form": form, "address": query.urlencode(), "after": after, "agency": form.agency}
    if filters is not None:
        found = page_of(register.entries(scope(request), filters), filters, after)
        context["page"] = found
        context["rows"] = [(one, register.row(one)) for one in found.rows]
    context["request_id"] = uuid4()
    context["may_close"] = form.agency and register.may_close(scope(request), form.agency)
    partial = "dossiers/register/_lines.html" if wants_partial(request) else _PAGE
    return render(request, partial, context, status=422 if form.errors else 200)


_PAGE = "dossiers/register/register.html"


@staff_required()
@never_cache
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """As much of it as a page can wait for, as a PDF; the whole of it goes through a worker."""
    form = RegisterFilter(request.GET, scope=scope(request))
    filters = form.asked() if form.is_valid() else None
    if filters is None or form.agency is None:
        raise Http404
    found = list(register.entries(scope(request), filters)[: register_paper.LINES + 1])
    if len(found) > register_paper.LINES:
        messages.warning(
            request,
            f"Nhiều hơn {register_paper.LINES} dòng: hãy chọn ít ngày hơn, hoặc xuất cả sổ ra tệp.",
        )
        return HttpResponseRedirect(f"{reverse('dossiers:register')}?{request.GET.urlencode()}")
    content = register_paper.render(form.agency, filters, found, timezone.localdate())
    return as_pdf(content, f"so-theo-doi-{filters.year}-{filters.volume or 'ca-nam'}")


@staff_required()
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """The volume that is open, as the page showed it."""
    form = RegisterFilter(request.POST, scope=scope(request))
    agency, volume = form.agency, request.POST.get("open_volume", "")
    if agency is None or not re.fullmatch(r"[0-9]{1,5}", volume):
        raise Http404
    try:
        register.close(
            agency,
            form.of_year,
            int(volume),
            actor=cast(User, request.user),
            now=timezone.now(),
            request_id=_key(request),
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Đã đóng quyển {volume}; hồ sơ sau vào quyển {int(volume) + 1}.")
    query = f"counter={agency.pk}&year={form.of_year}"
    return HttpResponseRedirect(f"{reverse('dossiers:register')}?{query}")


def page_of(found: DossierQuerySet, filters: Filters, after: str) -> keyset.Page[Dossier]:
    """Backwards: the newest line is what a clerk looks for."""
    if filters.is_old:
        return keyset.page(found, "-accepted_at", after, PAGE_SIZE)
    found = found.order_by("-register_volume", "-register_number")
    if (at := re.fullmatch(r"(\d{1,5})\.(\d{1,9})", after)) is not None:
        volume, number = int(at[1]), int(at[2])
        behind = Q(register_volume__lt=volume)
        behind |= Q(register_volume=volume, register_number__lt=number)
        found = found.filter(behind, register_volume__lte=volume)
    rows = list(found[: PAGE_SIZE + 1])
    if len(rows) <= PAGE_SIZE:
        return keyset.Page(rows, "")
    last = rows[PAGE_SIZE - 1]
    return keyset.Page(rows[:PAGE_SIZE], f"{last.register_volume}.{last.register_number}")


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("request_id", ""))
    except ValueError as error:
        raise Http404 from error
