"""Figures in the browser: the table of II.06a, and the dossiers behind each of its numbers."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from agencies.models import Agency
from agencies.staff import held_roles, scope, staff_required
from motcua import keyset
from motcua.context import FIGURES
from motcua.errors import DomainError
from motcua.htmx import wants_partial
from reports import asking, drill, figures, periods, questions, rates
from reports.asking import FigureForm
from reports.cells import COLUMNS, Cells
from reports.errors import CellUnknown
from reports.figures import Figures
from reports.questions import Frame, Question

PAGE_SIZE = 50


@staff_required(*FIGURES)
@require_safe
@vary_on_headers("HX-Request")
def figure_table(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        try:
            question = form.question()
            frame = _frame(request, question, timezone.now())
            context |= _table(figures.answer_frame(question, frame))
        except DomainError as error:
            form.add_error(None, error.message)
    template = "_figure_table.html" if wants_partial(request) else "figures.html"
    status = 422 if form.errors else 200
    return render(request, f"reports/{template}", context, status=status)


@staff_required(*FIGURES)
@require_safe
def cell(request: HttpRequest) -> HttpResponse:
    """Exactly the dossiers that a figure counts: as many as it says."""
    form = _form(request)
    try:
        if form.is_valid():
            return _listed(request, form.question())
    except CellUnknown as error:
        raise Http404 from error
    except DomainError as error:
        form.add_error(None, error.message)
    return render(request, "reports/figures.html", {"form": form}, status=422)


def _listed(request: HttpRequest, question: Question) -> HttpResponse:
    frame = _frame(request, question, timezone.now())
    column, key = request.GET.get("column", ""), request.GET.get("key")
    legs = drill.legs(frame, column, key)
    after = request.GET.get("after", "")
    address = asking.address(question)
    here = address | {"column": column} | ({} if key is None else {"key": key})
    context = {
        "question": question,
        "frame": frame,
        "column": COLUMNS[column],
        "row": drill.name_of(frame, key),
        "count": legs.count(),
        "page": keyset.page(drill.for_list(legs), "-accepted_at", after, PAGE_SIZE),
        "after": after,
        "address": urlencode(here),
        "table": f"{reverse('reports:figures')}?{urlencode(address)}",
    }
    return render(request, "reports/cell.html", context)


def _form(request: HttpRequest) -> FigureForm:
    """Without a question, the default one; an agency outside the scope is not found."""
    agency_ids = scope(request).agency_ids
    if "agency" not in request.GET:
        own = Agency.objects.get(pk=held_roles(request)[0].agency_id)
        return FigureForm(asking.defaults(own, timezone.localdate()), agency_ids=agency_ids)
    form = FigureForm(request.GET, agency_ids=agency_ids)
    if not form.is_valid() and "agency" in form.errors:
        raise Http404
    return form


def _frame(request: HttpRequest, question: Question, now: datetime) -> Frame:
    """Whoever sees an agency sees its figures; those below it need scope over all of them."""
    frame = questions.frame(question, now)
    if question.below and not frame.agency_ids <= scope(request).agency_ids:
        raise Http404
    return frame


def _table(found: Figures) -> dict[str, object]:
    return {
        "found": found,
        "calendar": periods.NAMES[found.frame.period.calendar],
        "columns": COLUMNS,
        "rows": [(row.name, _numbers(found.question, row, row.key)) for row in found.rows],
        "total": _numbers(found.question, found.total, None),
        "rates": [(rates.NAMES[name], rate) for name, rate in found.rates.items()],
    }


def _numbers(question: Question, cells: Cells, key: str | None) -> list[tuple[int, str]]:
    """Each number with the address of its list."""
    query = asking.address(question) | ({} if key is None else {"key": key})
    at = reverse("reports:cell")
    return [
        (value, f"{at}?{urlencode(query | {'column': column})}")
        for column, value in cells.values.items()
    ]
