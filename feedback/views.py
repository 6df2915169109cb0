"""The tablet that asks for a rating, and the leaders' list of ratings."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agencies.models import Agency, Role
from agencies.staff import scope, staff_required
from dossiers import permission
from feedback import listing, rating, tablets
from feedback.errors import NothingToRate
from feedback.models import Rating
from feedback.tablets import tablet_required
from motcua.errors import DomainError
from motcua.htmx import wants_partial

READERS = (Role.LEADER, Role.CONTROLLER, Role.INSPECTOR, Role.REPORTER)
REASONS = ("Phải chờ lâu", "Trễ hẹn", "Hướng dẫn chưa rõ", "Thái độ phục vụ")


@staff_required(*READERS)
@never_cache
@require_safe
def ratings(request: HttpRequest) -> HttpResponse:
    """How the counters of one's scope are rated, and the last ratings, opening on dossiers."""
    form = listing.Period(request.GET)
    since, until = form.bounds()
    found = listing.within(scope(request), since, until)
    context = {
        "form": form,
        "counts": listing.counts(found),
        "last": listing.last(found, only_low=form.only_low()),
    }
    status = 200 if form.is_valid() else 422
    return render(request, "feedback/ratings.html", context, status=status)


@login_not_required
@never_cache
def tablet(request: HttpRequest) -> HttpResponse:
    """The tablet's screen; to a clerk the question which counter it shall stand at."""
    counter = tablets.counter_of(request)
    if counter is not None:
        return shown(request, counter)
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return choose(request)


@require_safe
def shown(request: HttpRequest, counter: Agency) -> HttpResponse:
    return _screen(request, counter)


@staff_required(*permission.STAFF)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/choose.html", {"counters": _counters(request)})


@staff_required(*permission.STAFF)
@require_POST
def open_tablet(request: HttpRequest, pk: int) -> HttpResponse:
    """This machine is the citizens' from now on."""
    counter = get_object_or_404(_counters(request), pk=pk)
    tablets.open_at(request, counter)
    return HttpResponseRedirect(reverse("feedback:tablet"))


@tablet_required
@never_cache
@require_POST
def rate(request: HttpRequest, counter: Agency) -> HttpResponse:
    """One touch."""
    now = timezone.now()
    try:
        made = rating.rate(
            _number(request.POST.get("handover")),
            counter=counter,
            score=_number(request.POST.get("score")),
            now=now,
        )
    except NothingToRate:
        return _thanks(request, counter, None)
    except DomainError:
        return _screen(request, counter)
    return _thanks(request, counter, made)


@tablet_required
@never_cache
@require_POST
def explain(request: HttpRequest, counter: Agency) -> HttpResponse:
    """Why it was not good, by one more touch."""
    reason = str(request.POST.get("reason", ""))
    number = _number(request.POST.get("rating"))
    rating.explain(number, counter=counter, reason=reason, now=timezone.now())
    return _thanks(request, counter, None)


@tablet_required
@require_POST
def skip(request: HttpRequest, counter: Agency) -> HttpResponse:
    """The citizen does not want to."""
    skipped = request.session.get("skipped", [])
    request.session["skipped"] = [*skipped[-20:], _number(request.POST.get("handover"))]
    return _screen(request, counter)


def _screen(request: HttpRequest, counter: Agency) -> HttpResponse:
    """Asking or waiting; 204 when that is what the tablet shows already."""
    skipped = request.session.get("skipped", [])
    asked = rating.waiting(counter, timezone.now()).exclude(pk__in=skipped).first()
    shown = str(asked.pk) if asked else "-"
    if wants_partial(request) and request.GET.get("shown") == shown:
        return HttpResponse(status=204)
    return _shown(request, {"counter": counter, "asked": asked, "shown": shown})


def _thanks(request: HttpRequest, counter: Agency, made: Rating | None) -> HttpResponse:
    is_low = made is not None and made.score < Rating.Score.SATISFIED
    reasons = REASONS if is_low else ()
    return _shown(
        request, {"counter": counter, "thanked": True, "rating": made, "reasons": reasons}
    )


def _shown(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    template = "feedback/_tablet.html" if wants_partial(request) else "feedback/tablet.html"
    return render(request, template, {"scores": Rating.Score.choices, **context})


def _counters(request: HttpRequest) -> Any:
    """Where the clerk works: the counters of the committees too, counters first."""
    own = scope(request).agencies_as(*permission.STAFF)
    found = Agency.objects.body_of_any(own).valid_on(timezone.localdate())
    return found.order_by("kind", "sort_key")


def _number(typed: str | None) -> int:
    return int(typed) if typed is not None and typed.isascii() and typed.isdigit() else 0
