"""Files brought to a dossier: its result, and papers scanned after intake."""

from functools import partial
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies.models import User
from agencies.staff import staff_required
from dossiers import result
from dossiers.file_forms import AttachForm, FileForm, ResultForm
from dossiers.party_form import show
from dossiers.views.detail import back_to, visible
from motcua.errors import DomainError


@staff_required()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ghi kết quả: one paper of the result."""
    return _filed(request, public_id, ResultForm, "dossiers/files/record.html", "Đã ghi kết quả.")


@staff_required()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Bổ sung bản chụp: files for the papers that have none."""
    return _filed(request, public_id, AttachForm, "dossiers/files/attach.html", "Đã ghi bản chụp.")


def _filed(
    request: HttpRequest, public_id: UUID, made: type[FileForm], template: str, done: str
) -> HttpResponse:
    found = visible(request, public_id)
    is_sent = request.method == "POST"
    given = (request.POST, request.FILES) if is_sent else (None, None)
    form = made(*given, dossier=found)
    if is_sent and form.is_valid():
        try:
            form.perform(cast(User, request.user), timezone.now())
        except DomainError as error:
            show(form, error)
        else:
            messages.success(request, done)
            return back_to(found)
    context = {"dossier": found, "form": form, "results": partial(result.of, found)}
    return render(request, template, context, status=422 if is_sent else 200)
