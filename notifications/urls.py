"""Addresses of the notices in the browser."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("thong-bao/", views.notices_list, name="list"),
    path("thong-bao/da-doc/", views.read_all, name="read_all"),
    path("thong-bao/<uuid:public_id>/", views.follow, name="follow"),
]
