"""The page of one dossier, its receipt, and the full view of a masked number."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.models import User
from agencies.staff import scope, staff_required
from dossiers import receipts, story, unmasking
from dossiers.act_forms import act_forms
from dossiers.models import Dossier
from dossiers.time_left import time_left
from motcua.errors import DomainError
from motcua.htmx import wants_partial


def visible(request: HttpRequest, public_id: UUID) -> Dossier:
    """The dossier, if it is in the user's scope; to anyone else it does not exist."""
    try:
        return story.one(scope(request), public_id)
    except Dossier.DoesNotExist as error:
        raise Http404 from error


@staff_required()
@never_cache
@require_safe
def dossier(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return page(request, visible(request, public_id))


def page(
    request: HttpRequest, found: Dossier, *, refused: Any = None, revealed: Any = None
) -> HttpResponse:
    """The page; with the form of a refused act it answers 422."""
    forms = act_forms(found, scope(request), refused)
    context = {
        "dossier": found,
        "story": story.tell(found),
        "left": time_left(found, timezone.now()),
        "acts": forms,
        "components": found.components.all(),
        "fees": found.fees.all(),
        "supplements": found.supplements.order_by("number"),
        "step": found.step_runs.filter(done_at=None).select_related("agency", "officer").first(),
        "revealed": revealed,
    }
    status = 200 if refused is None else 422
    return render(request, "dossiers/detail.html", context, status=status)


@staff_required()
@never_cache
@require_safe
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mẫu 01 as a PDF; 404 before acceptance."""
    found = visible(request, public_id)
    try:
        content = receipts.receipt_pdf(found)
    except DomainError as error:
        raise Http404 from error
    name = f"giay-tiep-nhan-{found.code}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@staff_required()
@never_cache
@require_POST
def reveal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The full number or phone of a party, once; who looked is kept."""
    found = visible(request, public_id)
    role, _, what = request.POST.get("what", "").partition(".")
    party = {"holder": found.holder, "applicant": found.applicant}.get(role)
    if party is None or what not in unmasking.KINDS:
        raise Http404
    value = unmasking.reveal(
        party,
        what,
        dossier=found,
        viewer=cast(User, request.user),
        now=timezone.now(),
        address=request.META.get("REMOTE_ADDR"),
    )
    if wants_partial(request):
        return render(request, "dossiers/_revealed.html", {"value": value})
    return page(request, found, revealed={"what": f"{role}.{what}", "value": value})


def back_to(found: Dossier) -> HttpResponseRedirect:
    return HttpResponseRedirect(found.get_absolute_url())
