"""Addresses of dossiers: work, intake, one dossier and its acts."""

from django.urls import path

from dossiers.views import acts, batch_intake, detail, files, intake, intake_aids, lists, offline

app_name = "dossiers"

urlpatterns = [
    path("tep/", files.upload, name="upload"),
    path("tep/<uuid:public_id>/", files.view, name="file"),
    path("tep/<uuid:public_id>/thu-nho/", files.thumbnail, name="thumbnail"),
    path("viec/", lists.work, name="work"),
    path("sw.js", offline.worker, name="worker"),
    path("mat-ket-noi/", offline.shell_page, name="offline_shell"),
    path("tiep-nhan/", intake.choose, name="intake"),
    path("tiep-nhan/hang-doi/", offline.queue, name="queue"),
    path("tiep-nhan/hang-doi/khoa/", offline.key, name="queue_key"),
    path("tiep-nhan/hang-doi/bo/", offline.drop, name="queue_drop"),
    path("tiep-nhan/<str:code>/ngoai-tuyen/", offline.send, name="offline"),
    path("tiep-nhan/dia-chi/", intake_aids.address, name="address"),
    path("tiep-nhan/nhap/<uuid:public_id>/bo/", intake_aids.drop_draft, name="drop_draft"),
    path("tiep-nhan/xong/<uuid:public_id>/", intake.done, name="done"),
    path("tiep-nhan/<str:code>/", intake.accept, name="accept"),
    path("tiep-nhan/<str:code>/nhieu/", batch_intake.batch, name="batch"),
    path("tiep-nhan/<str:code>/nguoi/", intake_aids.person, name="person"),
    path("tiep-nhan/<str:code>/nhap/", intake_aids.draft, name="draft"),
    path("tiep-nhan/<str:code>/hen-tra/", intake.due, name="due"),
    path("ho-so/", lists.everything, name="list"),
    path("ho-so/<uuid:public_id>/", detail.dossier, name="detail"),
    path("ho-so/<uuid:public_id>/giay-tiep-nhan.pdf", detail.receipt, name="receipt"),
    path("ho-so/<uuid:public_id>/xem/", detail.reveal, name="reveal"),
    path("ho-so/<uuid:public_id>/<slug:act>/", acts.act, name="act"),
]
