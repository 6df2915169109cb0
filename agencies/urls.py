"""Addresses of the counters' rosters, under /lich-truc/."""

from django.urls import path

from agencies import views

app_name = "agencies"

urlpatterns = [
    path("", views.week, name="week"),
    path("them/", views.add, name="add"),
    path("chep/", views.copy, name="copy"),
    path("bo/", views.remove, name="remove"),
    path("ca/", views.hours, name="hours"),
    path("ca/sua/", views.change_hours, name="change_hours"),
]
