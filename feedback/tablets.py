"""A tablet at a counter: a session that can do nothing but rate, till the end of the day.

A clerk opens it; from then on the machine is the citizens', so the clerk's own session on it is
closed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from agencies.models import Agency

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_KEY = "tablet"
_HOURS = 14


def open_at(request: HttpRequest, counter: Agency) -> None:
    """The clerk's session on this machine ends; the tablet's begins."""
    logout(request)
    request.session[_KEY] = {"counter": counter.pk, "on": timezone.localdate().isoformat()}
    request.session.set_expiry(_HOURS * 3600)


def close(request: HttpRequest) -> None:
    request.session.flush()


def counter_of(request: HttpRequest) -> Agency | None:
    """Of today's tablet, while its counter is open for business."""
    kept = request.session.get(_KEY) or {}
    today = timezone.localdate()
    if kept.get("on") != today.isoformat():
        return None
    return Agency.objects.valid_on(today).filter(pk=kept["counter"]).first()


def tablet_required(view: View) -> View:
    """For tablets alone; the counter is the view's second argument."""

    @wraps(view)
    def closed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        counter = counter_of(request)
        if counter is not None:
            return view(request, counter, *args, **kwargs)
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())

    return cast(View, login_not_required(closed))
