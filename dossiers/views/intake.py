"""Tiếp nhận: find the procedure, fill in the form, see the due date before accepting."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from agencies.models import Role, User
from agencies.staff import scope, staff_required
from dossiers import intake
from dossiers.forms import CounterForms, IntakeForm, counters_of, show
from motcua.errors import DomainError
from motcua.htmx import wants_partial
from motcua.text import clean
from procedures.models import ProcedureVersion
from procedures.querysets import VersionQuerySet

CHOICES = 20
TAKES_IN = (Role.CLERK, Role.OFFICER, Role.LEADER)


@staff_required(*TAKES_IN)
@require_safe
@vary_on_headers("HX-Request")
def choose(request: HttpRequest) -> HttpResponse:
    """Which procedure? By words without accents, or by code."""
    words = clean(request.GET.get("q", ""))[:200]
    versions = _in_force().for_list()
    found = list(versions.search(words).order_by("sort_key", "pk")[:CHOICES]) if words else []
    template = "_procedures.html" if wants_partial(request) else "choose.html"
    context = {"q": words, "versions": found, "is_cut": len(found) == CHOICES}
    return render(request, f"dossiers/intake/{template}", context)


@staff_required(*TAKES_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """The form of one procedure, and the acceptance."""
    version, now = _version(code), timezone.now()
    given = request.POST if request.method == "POST" else None
    counters = counters_of(scope(request), timezone.localdate(now))
    forms = CounterForms(given, version=version, counters=counters)
    if given is not None and forms.is_valid():
        try:
            wanted = forms.to_request()
            dossier = intake.accept(wanted, officer=cast(User, request.user), now=now)
        except DomainError as error:
            show(forms.main, error)
        else:
            messages.success(request, f"Đã tiếp nhận hồ sơ {dossier.code}.")
            return HttpResponseRedirect(dossier.get_absolute_url())
    context = {"version": version, "forms": forms, **_preview(version, forms.main)}
    status = 200 if given is None else 422
    return render(request, "dossiers/intake/form.html", context, status=status)


@staff_required(*TAKES_IN)
@require_safe
def due(request: HttpRequest, code: str) -> HttpResponse:
    """The due date if it were accepted now (partial), with why."""
    version = _version(code)
    counters = counters_of(scope(request), timezone.localdate())
    form = IntakeForm(request.GET, version=version, counters=counters)
    return render(
        request, "dossiers/intake/_due.html", {"version": version, **_preview(version, form)}
    )


def _preview(version: ProcedureVersion, form: IntakeForm) -> dict[str, object]:
    """What acceptance at this moment would promise; a refusal is shown in its place."""
    chosen = str(form["agency"].value() or next(iter(form.counters), ""))
    agency = form.counters.get(chosen)
    if agency is None:
        return {"refusal": "Chưa chọn nơi tiếp nhận."}
    try:
        found, notes = intake.preview_due(
            version, agency, str(form["channel"].value()), timezone.now()
        )
    except DomainError as error:
        return {"refusal": error.message}
    return {"due": found, "notes": notes}


def _in_force() -> VersionQuerySet:
    return ProcedureVersion.objects.in_force(timezone.localdate())


def _version(code: str) -> ProcedureVersion:
    versions = _in_force().for_list().filter(procedure__code=code)
    return get_object_or_404(versions.prefetch_related("components", "fees"))
