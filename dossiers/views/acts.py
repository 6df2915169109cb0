"""One act on one dossier: the form's text becomes the act's arguments."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from agencies.models import User
from agencies.staff import staff_required
from dossiers import errors, history
from dossiers.act_form import ActForm
from dossiers.act_forms import bound_form
from dossiers.ended_roles import tells_ended_roles
from dossiers.forms import show
from dossiers.models import DossierEvent
from dossiers.views.detail import back_to, case_of, page
from motcua.errors import DomainError


@tells_ended_roles
@staff_required()
@require_POST
def act(request: HttpRequest, public_id: UUID, act: str) -> HttpResponse:
    """Do it and go back to the dossier; refused, its page says why beside the field."""
    case = case_of(request, public_id)
    form = bound_form(act, case, request.POST)
    if form is None:
        raise Http404
    if form.is_valid():
        try:
            _refuse_changed(form)
            form.perform(cast(User, request.user), case.now)
        except errors.DossierChanged:
            form.case = case_of(request, public_id)
            show(form, _changed(form))
        except DomainError as error:
            show(form, error)
        else:
            messages.success(request, f"Đã ghi: {form.title}. {form.afterwards}".strip())
            return back_to(case.dossier)
    return page(request, form.case, refused=form)


def _refuse_changed(form: ActForm) -> None:
    """Whoever acts on what he saw is told first what others have done since."""
    case, typed = form.case, form.cleaned_data
    repeated = DossierEvent.objects.filter(request_id=typed["request_id"], actor=case.user)
    if repeated.exists():  # a second click: the act itself finds the first one
        return
    since = typed["since"]
    is_changed = since and history.changed_since(case.dossier, since, case.user)
    if typed["seen"] != case.dossier.status or is_changed:
        raise errors.DossierChanged


def _changed(form: ActForm) -> errors.DossierChanged:
    case, since = form.case, form.cleaned_data["since"]
    told = history.changed_since(case.dossier, since, case.user)
    if not told:
        return errors.DossierChanged()
    return errors.DossierChanged(
        f"Từ khi bạn mở trang, {'; '.join(told)}. Việc của bạn chưa được ghi: xem lại hồ sơ "
        "dưới đây rồi bấm lại nếu vẫn cần."
    )
