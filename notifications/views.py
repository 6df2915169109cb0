"""Thông báo: the list, and what a notice leads to (the badge comes with the counters)."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.models import User
from agencies.staff import staff_required
from motcua import keyset
from notifications import notices

PAGE_SIZE = 50


@staff_required()
@never_cache
@require_safe
def notices_list(request: HttpRequest) -> HttpResponse:
    own = notices.of(cast(User, request.user))
    after = request.GET.get("after", "")
    page = keyset.page(own, "-id", after, PAGE_SIZE)
    unread = any(row.read_at is None for row in page.rows)
    context = {"page": page, "after": after, "address": "", "has_unread": unread}
    return render(request, "notifications/list.html", context)


@staff_required()
@require_POST
def follow(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Read it and go to where it leads."""
    notice = notices.read(cast(User, request.user), public_id, now=timezone.now())
    if notice is None:
        raise Http404
    return HttpResponseRedirect(notice.url or reverse("notifications:list"))


@staff_required()
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    notices.read_all(cast(User, request.user), now=timezone.now())
    return HttpResponseRedirect(reverse("notifications:list"))
