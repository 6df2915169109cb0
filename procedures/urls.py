"""Addresses of the catalogue, under /thu-tuc/."""

from django.urls import path, re_path

from procedures import views

app_name = "procedures"

urlpatterns = [
    path("", views.procedure_list, name="list"),
    re_path(r"^xuat\.(?P<kind>csv|xlsx)$", views.procedure_file, name="file"),
    path("<str:code>/", views.procedure_detail, name="detail"),
]
