"""One act on one dossier: the form's text becomes the act's arguments."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agencies.models import User
from agencies.staff import staff_required
from dossiers import errors
from dossiers.act_forms import bound_form
from dossiers.forms import show
from dossiers.views.detail import back_to, page, visible
from motcua.errors import DomainError


@staff_required()
@require_POST
def act(request: HttpRequest, public_id: UUID, act: str) -> HttpResponse:
    """Do it and go back to the dossier; refused, its page says why beside the field."""
    found = visible(request, public_id)
    form = bound_form(act, found, request.POST)
    if form is None:
        raise Http404
    if form.is_valid():
        try:
            if form.seen_status() != found.status:
                raise errors.DossierChanged
            form.perform(cast(User, request.user), timezone.now())
        except DomainError as error:
            show(form, error)
        else:
            messages.success(request, f"Đã ghi: {form.title}.")
            return back_to(found)
    return page(request, found, refused=form)
