"""Addresses of dossiers: work, intake, one dossier and its acts."""

from django.urls import path

from dossiers.views import acts, detail, intake, lists

app_name = "dossiers"

urlpatterns = [
    path("viec/", lists.work, name="work"),
    path("tiep-nhan/", intake.choose, name="intake"),
    path("tiep-nhan/<str:code>/", intake.accept, name="accept"),
    path("tiep-nhan/<str:code>/hen-tra/", intake.due, name="due"),
    path("ho-so/", lists.everything, name="list"),
    path("ho-so/<uuid:public_id>/", detail.dossier, name="detail"),
    path("ho-so/<uuid:public_id>/giay-tiep-nhan.pdf", detail.receipt, name="receipt"),
    path("ho-so/<uuid:public_id>/xem/", detail.reveal, name="reveal"),
    path("ho-so/<uuid:public_id>/<slug:act>/", acts.act, name="act"),
]
