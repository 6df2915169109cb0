"""Nhiều hồ sơ giống nhau: one table, one dossier per row."""

from collections.abc import Mapping
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agencies.models import User
from agencies.staff import held_scope, staff_required
from dossiers.batch_intake import MORE, MOST, ROWS, BatchForm, rows_of, take_in
from dossiers.forms import counters_of
from dossiers.views.intake import TAKES_IN, one_in_force


@staff_required(*TAKES_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest, code: str) -> HttpResponse:
    """Sent again, it takes in what is left: the page of the answer may be reloaded safely."""
    version, now = one_in_force(code), timezone.now()
    counters = counters_of(held_scope(request), timezone.localdate(now))
    given = request.POST if request.method == "POST" else None
    common = BatchForm(given, version=version, counters=counters)
    rows, is_done = rows_of(given, _count(given)), True
    if given is not None and "more" not in given:
        user = cast(User, request.user)
        is_done = take_in(common, rows, version=version, counters=counters, officer=user, now=now)
    context = {"version": version, "common": common, "rows": rows, "is_full": len(rows) >= MOST}
    status = 200 if is_done else 422
    return render(request, "dossiers/intake/batch.html", context, status=status)


def _count(given: Mapping[str, str] | None) -> int:
    typed = (given or {}).get("rows", "")
    count = int(typed) if typed.isdecimal() else ROWS
    return max(1, min(count + (MORE if given and "more" in given else 0), MOST))
