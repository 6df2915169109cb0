"""The page of one dossier, and the full view of a masked number."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.models import User
from agencies.staff import scope, staff_required
from dossiers import story, unmasking
from dossiers.act_form import ActForm, Case
from dossiers.ended_roles import tells_ended_roles
from dossiers.models import Dossier
from dossiers.page import Page
from motcua.htmx import wants_partial


def visible(request: HttpRequest, public_id: UUID) -> Dossier:
    """The dossier, if it is in the user's scope; to anyone else it does not exist."""
    try:
        return story.one(scope(request), public_id)
    except Dossier.DoesNotExist as error:
        raise Http404 from error


def case_of(request: HttpRequest, public_id: UUID) -> Case:
    user = cast(User, request.user)
    return Case(visible(request, public_id), scope(request), user, timezone.now())


@tells_ended_roles
@staff_required()
@never_cache
@require_safe
def dossier(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return page(request, case_of(request, public_id))


def page(
    request: HttpRequest, case: Case, *, refused: ActForm | None = None, revealed: Any = None
) -> HttpResponse:
    """The page; with the form of a refused act it answers 422."""
    shown = Page(case, refused)
    context = {"dossier": case.dossier, "page": shown, "story": shown.story, "revealed": revealed}
    status = 200 if refused is None else 422
    return render(request, "dossiers/detail.html", context, status=status)


@staff_required()
@never_cache
@require_POST
def reveal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The full number or phone of a party, once; who looked is kept."""
    case = case_of(request, public_id)
    found = case.dossier
    role, _, what = request.POST.get("what", "").partition(".")
    party = {"holder": found.holder, "applicant": found.applicant}.get(role)
    if party is None or what not in unmasking.KINDS:
        raise Http404
    value = unmasking.reveal(
        party,
        what,
        dossier=found,
        viewer=case.user,
        now=case.now,
        address=request.META.get("REMOTE_ADDR"),
    )
    if wants_partial(request):
        return render(request, "dossiers/_revealed.html", {"value": value})
    return page(request, case, revealed={"what": f"{role}.{what}", "value": value})


def back_to(found: Dossier) -> HttpResponseRedirect:
    return HttpResponseRedirect(found.get_absolute_url())
