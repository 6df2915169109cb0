"""Building a report from its page: start, progress, files."""

from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from agencies.staff import StaffRequest, scope, staff_required
from motcua.htmx import wants_partial
from reports import building, tasks
from reports.models import Report, ReportBuild
from reports.views.reports import READERS

# htmx stops asking when it is answered with this.
STOP_POLLING = 286
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@staff_required(*READERS)
@require_POST
def build_start(request: StaffRequest, public_id: str) -> HttpResponse:
    visible = Report.objects.in_scope(scope(request))
    report = get_object_or_404(visible, public_id=public_id)
    with transaction.atomic():
        build = building.request(report, user=request.user, now=timezone.now())
        transaction.on_commit(partial(tasks.build_report.delay, build.pk))
    if wants_partial(request):
        return _progress(request, build)
    return redirect(report)


@staff_required(*READERS)
@require_safe
def build_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    return _progress(request, _build(request, public_id))


@staff_required(*READERS)
@require_safe
def build_file(request: HttpRequest, public_id: str, kind: str) -> HttpResponseBase:
    build = _build(request, public_id)
    made = next((file for file in build.files if file["kind"] == kind), None)
    if made is None:
        raise Http404
    path = Path(settings.MEDIA_ROOT) / made["path"]
    try:
        content = path.open("rb")
    except FileNotFoundError as error:
        raise Http404("Tệp không còn; xin lập lại báo cáo.") from error
    return FileResponse(content, as_attachment=True, filename=path.name, content_type=TYPES[kind])


def _build(request: HttpRequest, public_id: str) -> ReportBuild:
    builds = ReportBuild.objects.select_related("report")
    visible = builds.filter(report__agency__in=scope(request).agency_ids)
    return get_object_or_404(visible, public_id=public_id)


def _progress(request: HttpRequest, build: ReportBuild) -> HttpResponse:
    build.refresh_from_db()
    is_over = build.status not in building.LIVE
    status = STOP_POLLING if is_over else 200
    return render(request, "reports/_build.html", {"build": build}, status=status)
