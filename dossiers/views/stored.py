"""The holder's electronic store at the counter: what may be used again, and a look into it."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies.models import Role, User
from agencies.staff import staff_required
from dossiers import known, store
from dossiers.models import Party
from dossiers.views.files import shown
from motcua.errors import DomainError
from procedures.models import ProcedureVersion

SERVES = (Role.CLERK, Role.OFFICER, Role.LEADER)


@staff_required(*SERVES)
@never_cache
@require_POST
def offered(request: HttpRequest, code: str) -> HttpResponse:
    """By the exact number typed (not in the address: it is personal data); a partial."""
    now = timezone.now()
    in_force = ProcedureVersion.objects.in_force(timezone.localdate(now))
    version = get_object_or_404(in_force.filter(procedure__code=code))
    viewer, number = cast(User, request.user), request.POST.get("holder-citizen_id", "")
    try:
        if number.strip():
            known.count_look_up(viewer, "store")
        papers = store.papers_of(
            request.POST.get("holder-kind") or Party.Kind.PERSON,
            number,
            viewer=viewer,
            now=now,
            address=request.META.get("REMOTE_ADDR"),
        )
    except DomainError:  # half a number so far, or too many of them
        papers = []
    listed = list(version.components.values_list("pk", "name")) if papers else []
    context = {"papers": papers, "offers": store.offers(listed, papers)}
    return render(request, "dossiers/files/_store.html", context)


@staff_required(*SERVES)
@never_cache
@require_POST
def paper(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The paper itself, before it is attached: only with the citizen present."""
    if request.POST.get("present") != "on":
        raise Http404
    found = store.look_into(
        public_id,
        viewer=cast(User, request.user),
        now=timezone.now(),
        address=request.META.get("REMOTE_ADDR"),
    )
    if found is None:
        raise Http404
    return shown(found.file)
