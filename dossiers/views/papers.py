"""The papers of a dossier: looked at, and printed (each printing is kept)."""

from typing import cast
from uuid import UUID, uuid4

from csp.constants import SELF
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from agencies.models import User
from agencies.staff import staff_required
from dossiers import papers
from dossiers.papers import printing
from dossiers.views.detail import visible
from motcua.errors import DomainError


@staff_required()
@never_cache
@require_safe
def paper(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """The paper to look at, marked "BẢN XEM"; 404 when there is none."""
    found = visible(request, public_id)
    try:
        slip = printing.find(found, kind, _uuid(request.GET.get("slip")))
    except DomainError as error:
        raise Http404 from error
    if slip is None:
        slip = printing.draft(found, kind, timezone.now())
    slip.dossier = found
    return as_pdf(papers.preview(slip), f"{kind}-{found.code or 'chua-co-ma'}")


@staff_required()
@never_cache
@xframe_options_sameorigin
@require_POST
def print_slip(request: HttpRequest, public_id: UUID, kind: str) -> HttpResponse:
    """The paper itself; from the second time on it says that it is a copy.

    The page's own hidden frame may hold it, to print it at once.
    """
    found = visible(request, public_id)
    try:
        content = printing.print_slip(
            found,
            kind,
            actor=cast(User, request.user),
            now=timezone.now(),
            request_id=_uuid(request.POST.get("request_id")) or uuid4(),
            slip_id=_uuid(request.POST.get("slip")),
        )
    except DomainError as error:
        raise Http404 from error
    answer = as_pdf(content, f"{kind}-{found.code or 'chua-co-ma'}")
    answer._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return answer


def as_pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error
