"""Does this request want a part of the page or the whole of it? Did somebody click, or a timer?"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def wants_partial(request: HttpRequest) -> bool:
    """True for an htmx swap; false for boosted links and restored history."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def polled(view: View) -> View:
    """For what pages ask every few seconds by themselves: it does not keep the session alive."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.by_timer = True  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return cast(View, marked)


def is_polled(request: HttpRequest) -> bool:
    return getattr(request, "by_timer", False)
