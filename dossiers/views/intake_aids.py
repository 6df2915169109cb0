"""What helps while the form is filled in: known persons, addresses in new units, drafts."""

from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from agencies import addresses
from agencies.models import User
from agencies.staff import held_scope, scope, staff_required
from dossiers import drafts, known, parties, plausibility
from dossiers.errors import PartyInvalid
from dossiers.forms import counters_of
from dossiers.models import Party
from dossiers.views.intake import TAKES_IN, one_in_force
from motcua.errors import DomainError

WHO = ("holder", "applicant")


@staff_required(*TAKES_IN)
@never_cache
@require_POST
def person(request: HttpRequest, code: str) -> HttpResponse:
    """Of a number or phone as typed: what is odd, who it is, what that person has open already."""
    version, who, now = one_in_force(code), _who(request), timezone.now()
    kind = _kind(request, who)
    number = _cleaned(parties.given_number, request.POST.get(f"{who}-citizen_id", ""))
    phone = _cleaned(parties.given_phone, request.POST.get(f"{who}-phone", ""))
    today = timezone.localdate(now)
    odd = plausibility.of_number(number, kind, today) + plausibility.of_phone(phone)
    context: dict[str, object] = {"who": who, "odd": odd, "kind": kind, "number": number}
    try:
        procedure_id = version.procedure_id if who == "holder" else None
        context |= _known(request, number, phone, kind, procedure_id)
    except DomainError as error:
        context["refusal"] = error.message
    return render(request, "dossiers/intake/_person.html", context)


@staff_required(*TAKES_IN)
@never_cache
@require_POST
def address(request: HttpRequest) -> HttpResponse:
    """The address in the units of today, to be taken over or not."""
    who = _who(request)
    typed = request.POST.get(f"{who}-address", "")
    reading = addresses.read(typed, timezone.localdate())
    return render(request, "dossiers/intake/_address.html", {"reading": reading, "who": who})


@staff_required(*TAKES_IN)
@never_cache
@require_POST
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """Saved as one types; 409 when the form was answered meanwhile."""
    version, user, now = one_in_force(code), cast(User, request.user), timezone.now()
    try:
        key = UUID(request.POST.get("intake_key", ""))
    except ValueError as error:
        raise Http404 from error
    places = [each.pk for each in counters_of(held_scope(request), timezone.localdate(now))]
    fields = {name: request.POST.getlist(name) for name in request.POST}
    try:
        drafts.save(key, version, fields, places=places, owner=user, now=now)
    except DomainError as error:
        return JsonResponse({"code": error.code, "message": error.message}, status=409)
    return JsonResponse({"saved": f"{timezone.localtime(now):%H:%M}"})


@staff_required(*TAKES_IN)
@require_POST
def drop_draft(request: HttpRequest, public_id: UUID) -> HttpResponse:
    if not drafts.drop(cast(User, request.user), public_id):
        raise Http404
    return redirect("dossiers:intake")


def _known(
    request: HttpRequest, number: str, phone: str, kind: str, procedure_id: int | None
) -> dict[str, object]:
    if not number and not phone:
        return {}
    viewer, now = cast(User, request.user), timezone.now()
    known.count_look_up(viewer)
    party = known.find(number, phone, kind)
    if party is None:
        return {}
    found: dict[str, object] = {
        "known": known.fill(party, viewer=viewer, now=now, address=request.META.get("REMOTE_ADDR"))
    }
    if procedure_id is not None and number:
        found["same"] = known.duplicates(party, procedure_id, scope=scope(request), now=now)
    return found


def _who(request: HttpRequest) -> str:
    who = request.POST.get("who", "")
    if who not in WHO:
        raise Http404
    return who


def _kind(request: HttpRequest, who: str) -> str:
    kind = request.POST.get(f"{who}-kind", "")
    return kind if kind in Party.Kind.values else Party.Kind.PERSON


def _cleaned(normal: Callable[[str], str], typed: str) -> str:
    """What cannot be a number yet is none; the form says so when it is sent."""
    try:
        return normal(typed[:40])
    except PartyInvalid:
        return ""
