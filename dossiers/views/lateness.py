"""Quá hạn: letters to sign, what is late or will be, one letter; the levels of warning."""

from typing import Any, cast
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from agencies.models import Agency, Role, User
from agencies.staff import scope, staff_required
from dossiers import apology, errors, late_lists, lateness
from dossiers.forms import show
from dossiers.late_forms import LetterForm, LevelsForm, SignManyForm
from dossiers.late_lists import LISTS, LateFilter
from dossiers.models import Dossier, WarningPolicy
from dossiers.time_left import time_left
from dossiers.views.detail import visible
from dossiers.warning_levels import Levels
from motcua import keyset
from motcua.errors import DomainError
from motcua.htmx import wants_partial

PAGE_SIZE = 30
WORKERS = (Role.CLERK, Role.OFFICER, Role.LEADER)
SETTERS = (Role.ADMINISTRATOR, Role.LEADER)


@staff_required(*WORKERS)
@never_cache
@require_safe
@vary_on_headers("HX-Request")
def late(request: HttpRequest) -> HttpResponse:
    """One of the four lists, with the counts of all."""
    form = LateFilter(request.GET)
    context: dict[str, Any] = {
        "form": form,
        "after": request.GET.get("after", ""),
        "may_set_levels": bool(scope(request).agencies_as(*SETTERS)),
    }
    if form.is_valid():
        context |= _listed(request, form)
    partial = "_rows.html" if wants_partial(request) else "list.html"
    status = 200 if form.is_valid() else 422
    return render(request, f"dossiers/lateness/{partial}", context, status=status)


def _listed(request: HttpRequest, form: LateFilter) -> dict[str, Any]:
    now, within = timezone.now(), scope(request)
    found = late_lists.with_letters(form.dossiers(within, now))
    page = keyset.page(found, form.order, request.GET.get("after", ""), PAGE_SIZE)
    query = request.GET.copy()
    query.pop("after", None)
    signs = form.chosen.slug == "drafts" and bool(within.agencies_as(Role.LEADER))
    return {
        "chosen": form.chosen,
        "address": query.urlencode(),
        "page": page,
        "rows": [(one, time_left(one, now)) for one in page.rows],
        "sign_form": SignManyForm() if signs and page.rows else None,
        "tabs": [
            (each, count, each.slug == form.chosen.slug)
            for each, count in zip(
                LISTS.values(), late_lists.counts(within, now).values(), strict=True
            )
        ],
    }


@staff_required(Role.LEADER)
@require_POST
def sign_many(request: HttpRequest) -> HttpResponse:
    """Each ticked letter is signed by itself; one that is refused keeps no other back."""
    form = SignManyForm(request.POST)
    ticked = [each for each in request.POST.getlist("dossier") if _is_uuid(each)][:PAGE_SIZE]
    if not ticked or not form.is_valid():
        messages.warning(request, "Chưa chọn thư nào để ký.")
        return HttpResponseRedirect(reverse("dossiers:late"))
    signed = 0
    for dossier in late_lists.chosen_of(scope(request), ticked):
        key = uuid5(form.cleaned_data["request_id"], str(dossier.public_id))
        try:
            apology.sign(
                dossier,
                actor=cast(User, request.user),
                now=timezone.now(),
                request_id=key,
                words=form.words(),
            )
            signed += 1
        except DomainError as error:
            said = "; ".join(error.fields.values()) or error.message
            messages.warning(request, f"{dossier.code}: {said}")
    if signed:
        messages.success(request, f"Đã ký {signed} thư xin lỗi.")
    return HttpResponseRedirect(reverse("dossiers:late"))


@staff_required(*WORKERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The letter of one dossier: written, signed or dropped."""
    dossier = visible(request, public_id)
    if request.method != "POST":
        form = LetterForm.of(lateness.letter_of(dossier), dossier.status)
        return _letter_page(request, dossier, form, 200)
    form = LetterForm(request.POST)
    if form.is_valid():
        try:
            said = _do(request, dossier, form)
        except DomainError as error:
            show(form, error)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("dossiers:apology", args=[public_id]))
    return _letter_page(request, dossier, form, 422)


def _do(request: HttpRequest, dossier: Dossier, form: LetterForm) -> str:
    if form.cleaned_data["seen"] != dossier.status:
        raise errors.DossierChanged
    given: dict[str, Any] = {
        "actor": cast(User, request.user),
        "now": timezone.now(),
        "request_id": form.cleaned_data["request_id"],
    }
    wanted = request.POST.get("do", "")
    if wanted == "drop":
        apology.drop(dossier, **given)
        return "Đã bỏ dự thảo thư xin lỗi."
    if wanted == "sign":
        apology.sign(dossier, **given, words=form.words())
        return "Đã ký thư xin lỗi và hẹn lại ngày trả."
    write = apology.edit if lateness.letter_of(dossier) else apology.draft
    write(dossier, **given, words=form.words())
    return "Đã lưu dự thảo thư xin lỗi."


def _letter_page(
    request: HttpRequest, dossier: Dossier, form: LetterForm, status: int
) -> HttpResponse:
    state = lateness.lateness_of(dossier)
    is_open = state.may_have_letter and not (state.letter and state.letter.signed_at)
    context = {
        "dossier": dossier,
        "left": time_left(dossier, timezone.now()),
        "lateness": state,
        "form": form,
        "may_write": is_open and lateness.may_write(dossier, scope(request)),
        "may_sign": is_open and bool(state.letter) and lateness.may_sign(dossier, scope(request)),
    }
    return render(request, "dossiers/lateness/letter.html", context, status=status)


@staff_required(*SETTERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def levels(request: HttpRequest) -> HttpResponse:
    """How many working days before the due date an agency's people are told."""
    own = scope(request).agencies_as(*SETTERS)
    agencies = Agency.objects.body_of_any(own).valid_on(timezone.localdate()).order_by("sort_key")
    in_force = Levels.read()
    form = LevelsForm(
        request.POST or None, agencies=agencies, initial=_levels_of(request, agencies, in_force)
    )
    if request.method == "POST" and form.is_valid():
        WarningPolicy.objects.update_or_create(
            agency=form.cleaned_data["agency"], defaults={"days": form.cleaned_data["days"]}
        )
        messages.success(request, "Đã lưu mức cảnh báo.")
        return HttpResponseRedirect(reverse("dossiers:warning_levels"))
    rows = [(each, sorted(in_force.of(each.pk)), each.pk in in_force.own) for each in agencies]
    context = {"form": form, "rows": rows}
    status = 422 if request.method == "POST" else 200
    return render(request, "dossiers/lateness/levels.html", context, status=status)


def _levels_of(request: HttpRequest, agencies: Any, in_force: Levels) -> dict[str, Any]:
    """What holds now for the agency that was asked for, or the first one."""
    asked = agencies.filter(code=request.GET.get("agency", "")).first() or agencies.first()
    return {"agency": asked.code, "days": in_force.of(asked.pk)} if asked else {}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
