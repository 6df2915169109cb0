"""`/`: the page on which a user's work begins."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from motcua.context import navigation


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the first function of the user's roles; a page that says so when there is none."""
    for item in navigation(request).items:
        return HttpResponseRedirect(item.url)
    return render(request, "home.html")
