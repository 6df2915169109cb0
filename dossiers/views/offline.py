"""Mất kết nối: what the browser needs to go on without a network, and what it sends afterwards."""

import base64
import json
from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.models import Role, User
from agencies.staff import held_scope, staff_required
from dossiers import drafts, errors, offline
from dossiers.forms import CounterForms, counters_of
from motcua import shell
from motcua.errors import DomainError
from motcua.htmx import polled
from procedures.models import ProcedureVersion

TAKES_IN = (Role.CLERK, Role.OFFICER, Role.LEADER)
# What changed since the citizen stood there; the others are mistakes in what was typed.
CONFLICTS = (
    errors.AgencyClosed,
    errors.DossierChanged,
    errors.KeyReplayed,
    errors.NoRuleSet,
    errors.VersionNotInForce,
)


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its version, what it keeps, and its script. It rules the whole site."""
    kept = {"version": shell.version(), "shell": reverse("dossiers:offline_shell")}
    known = json.dumps(kept | {"files": shell.files()})
    parts = ", ".join(json.dumps(static(name)) for name in shell.WORKER)
    script = f"self.KEPT = {known};\nimportScripts({parts});\n"
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@login_not_required
@require_safe
def shell_page(request: HttpRequest) -> HttpResponse:
    """What stands in for every page that the network does not give; nothing of anybody is on it."""
    return render(request, "dossiers/offline/shell.html")


@staff_required(*TAKES_IN)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Waiting, refused and sent entries; the browser alone knows them."""
    return render(request, "dossiers/offline/queue.html")


@staff_required(*TAKES_IN)
@require_safe
@never_cache
@polled
def key(request: HttpRequest) -> JsonResponse:
    """Whose browser this is now: the key of the queue, a fresh CSRF token, forms worth keeping."""
    user, now = cast(User, request.user), timezone.now()
    answer: dict[str, object] = {
        "owner": offline.owner_of(user),
        "key": base64.b64encode(offline.key_of(user)).decode(),
        "csrf": get_token(request),
    }
    if "forms" in request.GET:
        counters = counters_of(held_scope(request), timezone.localdate(now))
        codes = offline.usual([each.pk for each in counters], now)
        answer["forms"] = [reverse("dossiers:accept", args=[code]) for code in codes]
    return JsonResponse(answer)


@staff_required(*TAKES_IN)
@require_POST
@polled
def send(request: HttpRequest, code: str) -> JsonResponse:
    """One entry of the queue: 201 with the dossier, 409 or 422 with what stands against it."""
    officer, now = cast(User, request.user), timezone.now()
    try:
        taken_at = _moment(request.POST.get("taken_at", ""))
        wanted = _forms(request, code, taken_at).to_request(officer)
        dossier, is_new = offline.accept(wanted, officer=officer, taken_at=taken_at, now=now)
    except DomainError as error:
        status = 409 if isinstance(error, CONFLICTS) else 422
        body = {"code": error.code, "message": error.message, "fields": error.fields}
        return JsonResponse(body, status=status)
    drafts.drop(officer, wanted.intake_key)
    answer = {"code": dossier.code, "url": dossier.get_absolute_url()}
    return JsonResponse(answer, status=201 if is_new else 200)


@staff_required(*TAKES_IN)
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """A refused entry was given up at the counter: on record, without what stood in it."""
    try:
        entry = UUID(request.POST.get("key", ""))
        taken_at = _moment(request.POST.get("taken_at", "")).isoformat()
    except (ValueError, errors.MomentInvalid):
        return HttpResponse(status=422)
    known = {error.code for error in DomainError.__subclasses__()}
    reason = request.POST.get("reason", "")
    user = cast(User, request.user)
    offline.drop(entry, actor=user, taken_at=taken_at, reason=reason if reason in known else "-")
    return HttpResponse(status=204)


def _moment(text: str) -> datetime:
    """With its offset: a browser's local time alone says nothing."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise errors.MomentInvalid
    return moment


def _forms(request: HttpRequest, code: str, taken_at: datetime) -> CounterForms:
    """By the version that the form was made for; whether it is in force, intake says."""
    day, given = timezone.localdate(taken_at), request.POST.get("version", "")
    versions = ProcedureVersion.objects.for_list().filter(procedure__code=code, status="published")
    chosen = versions.filter(pk=given) if given.isdecimal() else versions.in_force(day)
    version = chosen.prefetch_related("components").first()
    if version is None:
        raise errors.VersionNotInForce
    counters = counters_of(held_scope(request), timezone.localdate())
    forms = CounterForms(request.POST, version=version, counters=counters)
    if not forms.is_valid():
        raise _invalid(forms)
    return forms


def _invalid(forms: CounterForms) -> errors.OfflineFormInvalid:
    """Every error with its field's label: the form itself is not on the screen."""
    parts = [forms.main, forms.holder, *([forms.applicant] if forms.has_applicant else ())]
    fields = {
        part.add_prefix(name): f"{part.fields[name].label}: {told[0]}"
        if name in part.fields
        else str(told[0])
        for part in parts
        for name, told in part.errors.items()
    }
    return errors.OfflineFormInvalid(" ".join(fields.values())[:1000], fields=fields)
