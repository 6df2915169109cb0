"""Addresses of ratings: the tablet at the counter, and the leaders' list."""

from django.urls import path

from feedback import views

app_name = "feedback"

urlpatterns = [
    path("danh-gia/", views.ratings, name="list"),
    path("danh-gia/quay/", views.tablet, name="tablet"),
    path("danh-gia/quay/<int:pk>/mo/", views.open_tablet, name="open"),
    path("danh-gia/quay/cham/", views.rate, name="rate"),
    path("danh-gia/quay/ly-do/", views.explain, name="explain"),
    path("danh-gia/quay/bo-qua/", views.skip, name="skip"),
]
