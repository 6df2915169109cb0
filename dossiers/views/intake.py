"""Tiếp nhận: find the procedure, fill in the form, answer the citizen in one of four ways."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from agencies.models import Agency, Role, User
from agencies.staff import held_scope, staff_required
from calendars.loading import working_time
from dossiers import drafts, grounds, intake
from dossiers.drafts import Content
from dossiers.forms import CounterForms, IntakeForm, counters_of, show
from dossiers.models import Capacity, Dossier
from dossiers.outcome_form import OutcomeForm
from dossiers.usual import usual_versions
from dossiers.views.detail import visible
from motcua.errors import DomainError
from motcua.htmx import wants_partial
from motcua.text import clean
from procedures.in_force import version_in_force
from procedures.models import Channel, ProcedureVersion
from procedures.querysets import VersionQuerySet

CHOICES = 20
TAKES_IN = (Role.CLERK, Role.OFFICER, Role.LEADER)


@staff_required(*TAKES_IN)
@require_safe
@vary_on_headers("HX-Request")
def choose(request: HttpRequest) -> HttpResponse:
    """Which procedure? What this counter takes most, own drafts, or words without accents."""
    now, words = timezone.now(), clean(request.GET.get("q", ""))[:200]
    versions = in_force().for_list()
    found = list(versions.search(words).order_by("sort_key", "pk")[:CHOICES]) if words else []
    context: dict[str, Any] = {"q": words, "versions": found, "is_cut": len(found) == CHOICES}
    if wants_partial(request) and words:
        return render(request, "dossiers/intake/_procedures.html", context)
    if not words:
        counters = counters_of(held_scope(request), timezone.localdate(now))
        context["usual"] = usual_versions(versions, [each.pk for each in counters], now)
    if wants_partial(request):
        return render(request, "dossiers/intake/_procedures.html", context)
    context["drafts"] = drafts.of(cast(User, request.user), now)
    return render(request, "dossiers/intake/choose.html", context)


@staff_required(*TAKES_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """The form of one procedure, and the answer to the citizen."""
    version, user, now = one_in_force(code), cast(User, request.user), timezone.now()
    counters = counters_of(held_scope(request), timezone.localdate(now))
    if request.method == "POST":
        forms = CounterForms(request.POST, version=version, counters=counters)
        outcome = OutcomeForm(request.POST)
        if dossier := _answer(forms, outcome, user):
            return redirect("dossiers:done", dossier.public_id)
        return _page(request, forms, outcome, status=422)
    restored = _restored(request, version)
    forms = CounterForms(None, version=version, counters=counters, restored=restored)
    return _page(request, forms, OutcomeForm(initial=restored or None))


@staff_required(*TAKES_IN)
@never_cache
@require_safe
def done(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was answered, with its paper one key away, and the way to the next citizen."""
    dossier = visible(request, public_id)
    return render(
        request, "dossiers/intake/done.html", {"dossier": dossier, "fees": dossier.fees.all()}
    )


@staff_required(*TAKES_IN)
@require_safe
def due(request: HttpRequest, code: str) -> HttpResponse:
    """The due date and the fees if it were accepted now (partial), with why."""
    version = one_in_force(code)
    counters = counters_of(held_scope(request), timezone.localdate())
    form = IntakeForm(request.GET, version=version, counters=counters)
    return render(
        request, "dossiers/intake/_due.html", {"version": version, **_preview(version, form)}
    )


def _answer(forms: CounterForms, outcome: OutcomeForm, officer: User) -> Dossier | None:
    """None when it was refused; why stands beside the fields then."""
    if [forms.is_valid(), outcome.is_valid()].count(False):
        return None
    try:
        wanted = forms.to_request(officer)
        missing, now = forms.main.missing(), timezone.now()
        dossier = outcome.answer(wanted, missing=missing, officer=officer, now=now)
    except DomainError as error:
        is_of_outcome = bool(error.fields) and set(error.fields) <= set(outcome.fields)
        show(outcome if is_of_outcome else forms.main, error)
        return None
    drafts.drop(officer, wanted.intake_key)
    return dossier


def _page(
    request: HttpRequest, forms: CounterForms, outcome: OutcomeForm, *, status: int = 200
) -> HttpResponse:
    version = forms.main.version
    key = str(forms.main["intake_key"].value())
    own = [] if status != 200 else drafts.of(cast(User, request.user), timezone.now())
    context = {
        "version": version,
        "forms": forms,
        "outcome": outcome,
        "drafts": [each for each in own if each.procedure_id == version.procedure_id],
        "key": key,
        **_preview(version, forms.main),
    }
    return render(request, "dossiers/intake/form.html", context, status=status)


def _restored(request: HttpRequest, version: ProcedureVersion) -> dict[str, Any] | None:
    """One's own draft; somebody else's does not exist."""
    if "nhap" not in request.GET:
        return None
    content = _draft(request)
    if content.version_id != version.pk:
        messages.warning(
            request,
            "Thủ tục đã có phiên bản mới kể từ khi lưu nháp: xin đánh dấu lại thành phần hồ sơ.",
        )
    return {name: values[-1] for name, values in content.fields.items() if values}


def _draft(request: HttpRequest) -> Content:
    try:
        content = drafts.read(cast(User, request.user), UUID(request.GET["nhap"]))
    except ValueError:
        content = None
    if content is None:
        raise Http404
    return content


def _preview(version: ProcedureVersion, form: IntakeForm) -> dict[str, object]:
    """What acceptance at this moment would promise and book; a refusal is shown in its place."""
    now, agency = timezone.now(), _chosen_agency(form)
    if agency is None:
        return {"refusal": "Chưa chọn nơi tiếp nhận."}
    is_assisted = form["capacity"].value() == Capacity.ASSISTED
    channel = Channel.ONLINE if is_assisted else str(form["channel"].value())
    try:
        found, notes = intake.preview_due(version, agency, channel, now)
    except DomainError as error:
        return {"refusal": error.message}
    fees = grounds.fees_of(version, channel)
    return {
        "due": found,
        "notes": notes,
        "fees": fees,
        "total": sum(fee.amount_vnd for fee in fees),
        "is_closed": not working_time(agency.calendar).is_counter_open(now),
    }


def _chosen_agency(form: IntakeForm) -> Agency | None:
    chosen = str(form["agency"].value() or next(iter(form.counters), ""))
    return form.counters.get(chosen)


def in_force() -> VersionQuerySet:
    return ProcedureVersion.objects.in_force(timezone.localdate())


def one_in_force(code: str) -> ProcedureVersion:
    version = version_in_force(code, timezone.localdate())
    if version is None:
        raise Http404
    return version
