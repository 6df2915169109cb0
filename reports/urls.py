"""Addresses of figures (/so-lieu/, /api/figures/) and of reports (/bao-cao/)."""

from django.urls import path

from reports.api.figures import FiguresView
from reports.views import builds, figures, reports

app_name = "reports"

urlpatterns = [
    path("api/figures/", FiguresView.as_view(), name="api_figures"),
    path("so-lieu/", figures.figure_table, name="figures"),
    path("so-lieu/ho-so/", figures.cell, name="cell"),
    path("bao-cao/", reports.report_list, name="list"),
    path("bao-cao/moi/", reports.report_new, name="new"),
    path("bao-cao/<uuid:public_id>/", reports.report_page, name="report"),
    path("bao-cao/<uuid:public_id>/luu/", reports.report_save, name="save"),
    path("bao-cao/<uuid:public_id>/trinh/", reports.report_submit, name="submit"),
    path("bao-cao/<uuid:public_id>/so-lieu/", reports.report_figures, name="report_figures"),
    path("bao-cao/<uuid:public_id>/lap/", builds.build_start, name="build"),
    path("bao-cao/lan-lap/<uuid:public_id>/", builds.build_progress, name="progress"),
    path("bao-cao/lan-lap/<uuid:public_id>/tep/<str:kind>/", builds.build_file, name="file"),
]
