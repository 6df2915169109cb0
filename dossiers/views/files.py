"""Uploads, and the files of dossiers shown in the browser; a stranger finds none of them."""

from typing import BinaryIO, cast
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.models import User
from agencies.staff import scope, staff_required
from dossiers import files
from dossiers.errors import FileRefused
from dossiers.models import StoredFile
from dossiers.sniffing import JPEG, PDF, PICTURES, PNG
from motcua.errors import DomainError

# What a browser draws by itself; everything else is saved.
_SHOWN = {PDF, JPEG, PNG}
# Nothing in a file may run, send, or fetch; Chromium draws a PDF in a sandbox too.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox allow-downloads"
)


@staff_required()
@never_cache
@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """One file, temporary until an act takes it."""
    given = request.FILES.get("file")
    rotation = request.POST.get("rotation", "0")
    try:
        if given is None:
            raise FileRefused("Chưa có tệp nào được gửi lên.")
        kept = files.store(
            cast(BinaryIO, given),
            given.name or "",
            stored_by=cast(User, request.user),
            now=timezone.now(),
            retention=StoredFile.Retention.TEMPORARY,
            rotation=int(rotation) if rotation.isdecimal() else -1,
        )
    except DomainError as error:
        return JsonResponse({"code": error.code, "message": error.message}, status=422)
    return JsonResponse(described(kept), status=201)


def described(kept: StoredFile) -> dict[str, object]:
    """What the page is told of an upload."""
    has_picture = kept.media_type == PDF or kept.media_type in PICTURES
    return {
        "id": str(kept.public_id),
        "name": kept.name,
        "size": kept.size,
        "pages": kept.pages,
        "type": kept.media_type,
        "url": reverse("dossiers:file", args=[kept.public_id]),
        "thumbnail": reverse("dossiers:thumbnail", args=[kept.public_id]) if has_picture else "",
    }


@staff_required()
@never_cache
@require_safe
def view(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The file itself, or its PDF/A copy (`?copy=archive`)."""
    found = _visible(request, public_id)
    if request.GET.get("copy") == "archive":
        copy = files.archive_of(found)
        if copy is None:
            raise Http404
        found = copy
    return shown(found)


@staff_required()
@never_cache
@require_safe
def thumbnail(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The first page, small."""
    key = files.thumbnail_key(_visible(request, public_id))
    if not default_storage.exists(key):
        raise Http404
    return _guarded(FileResponse(default_storage.open(key), content_type=JPEG))


def shown(found: StoredFile) -> HttpResponseBase:
    """The content, drawn by the browser where it can be, saved by it otherwise."""
    try:
        content = default_storage.open(found.storage_key)
    except FileNotFoundError as error:
        raise Http404 from error
    saved = found.media_type not in _SHOWN
    answer = FileResponse(
        content, as_attachment=saved, filename=found.name, content_type=found.media_type
    )
    return _guarded(answer)


def _guarded(answer: FileResponse) -> HttpResponseBase:
    answer["Content-Security-Policy"] = _POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _visible(request: HttpRequest, public_id: UUID) -> StoredFile:
    allowed = files.visible_to(cast(User, request.user), scope(request))
    return get_object_or_404(allowed, public_id=public_id)
