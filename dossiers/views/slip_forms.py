"""Biểu mẫu của địa phương: the list, a form and its preview, for a province's administrators."""

from typing import Any
from uuid import uuid4

from csp.constants import SELF
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.models import Agency, Role
from agencies.staff import scope, staff_required
from dossiers import papers, slip_forms
from dossiers.models import SlipForm, SlipKind
from dossiers.papers import sample
from dossiers.papers.form import CONTENTS
from dossiers.slip_form_form import SlipFormForm
from dossiers.views.papers import as_pdf
from motcua import pdf
from motcua.errors import DomainError


@staff_required(Role.ADMINISTRATOR)
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What the province has changed, and the papers that it may change."""
    context = {
        "province": slip_forms.may_edit(scope(request)).first(),
        "forms": slip_forms.of(scope(request)),
        "kinds": SlipKind.choices,
        "today": timezone.localdate(),
    }
    return render(request, "dossiers/papers/forms.html", context)


@staff_required(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in SlipKind.values:
        raise Http404
    return _edited(request, kind, None)


@staff_required(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    form = slip_forms.of(scope(request)).filter(pk=pk).first()
    if form is None:
        raise Http404
    return _edited(request, form.kind, form)


@staff_required(Role.ADMINISTRATOR)
@never_cache
@xframe_options_sameorigin
@require_POST
def preview(request: HttpRequest, kind: str) -> HttpResponse:
    """The form on invented words; the page shows it in a frame beside the fields."""
    if kind not in CONTENTS:
        raise Http404
    province = _province(request)
    form = _form(request.POST, province, kind, None)
    if not form.is_valid():
        return render(request, "dossiers/papers/_faults.html", {"form": form}, status=422)
    content = pdf.render(papers.html_of(sample.sheet_of(kind, form.form(), province)))
    answer = as_pdf(content, f"mau-{kind}-{uuid4().hex[:6]}")
    answer._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return answer


def _edited(request: HttpRequest, kind: str, existing: SlipForm | None) -> HttpResponse:
    province = existing.agency if existing else _province(request)
    form = _form(request.POST or None, province, kind, existing)
    if request.method == "POST" and form.judged():
        try:
            slip_forms.save(form.draft(), existing)
        except DomainError as error:
            form.add_error(None, next(iter(error.fields.values()), error.message))
        else:
            messages.success(request, f"Đã lưu mẫu: {form.title_of_kind}.")
            return HttpResponseRedirect(reverse("dossiers:slip_forms"))
    context = {"form": form, "kind": kind, "province": province, "has_preview": kind in CONTENTS}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "dossiers/papers/form.html", context, status=status)


def _form(typed: Any, province: Agency, kind: str, existing: SlipForm | None) -> SlipFormForm:
    day = existing.effective_from if existing else timezone.localdate()
    return SlipFormForm(typed, agency=province, kind=kind, day=day, existing=existing)


def _province(request: HttpRequest) -> Agency:
    """Forms are a province's: nobody below changes what the law has laid down."""
    province = slip_forms.may_edit(scope(request)).first()
    if province is None:
        raise Http404
    return province
