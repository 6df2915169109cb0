"""Whose role ended while the page was open? He is told so; a stranger learns nothing."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from agencies.models import Appointment, User
from agencies.scope import scope_of
from dossiers.models import Dossier

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# How long ago a page may have been opened.
WITHIN = timedelta(days=7)


def tells_ended_roles(view: View) -> View:
    """Instead of "not found" or "not allowed", for those who could see the dossier a while ago."""

    @wraps(view)
    def told(request: HttpRequest, public_id: UUID, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, public_id, *args, **kwargs)
        except (Http404, PermissionDenied):
            ended = _ended(request, public_id)
            if ended is None:
                raise
            return render(request, "dossiers/ended_role.html", {"ended": ended}, status=403)

    return cast(View, told)


def _ended(request: HttpRequest, public_id: UUID) -> Appointment | None:
    """The role by which the user saw this very dossier until it ended."""
    if not isinstance(request.user, User) or not request.user.is_active:
        return None
    today = timezone.localdate()
    last = (
        Appointment.objects.filter(
            user=request.user, valid_to__lt=today, valid_to__gte=today - WITHIN
        )
        .select_related("agency")
        .order_by("-valid_to", "-pk")
        .first()
    )
    if last is None or last.valid_to is None:
        return None
    scope = scope_of(request.user, last.valid_to)
    seen = Dossier.objects.in_scope(scope).filter(public_id=public_id).exists()
    return last if seen else None
