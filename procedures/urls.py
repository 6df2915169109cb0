"""Addresses of the catalogue, under /thu-tuc/."""

from django.urls import path, re_path

from procedures import step_views, views

app_name = "procedures"

urlpatterns = [
    path("", views.procedure_list, name="list"),
    re_path(r"^xuat\.(?P<kind>csv|xlsx)$", views.procedure_file, name="file"),
    path("<str:code>/buoc/", step_views.steps, name="steps"),
    path("<str:code>/buoc/lap/", step_views.begin, name="steps_begin"),
    path("<str:code>/buoc/bo/", step_views.drop, name="steps_drop"),
    path("<str:code>/", views.procedure_detail, name="detail"),
]
