"""All addresses of the portal."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from motcua.health import healthz
from motcua.home import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("lich-truc/", include("agencies.urls")),
    path("thu-tuc/", include("procedures.urls")),
    path("", include("notifications.urls")),
    path("", include("dossiers.urls")),
    path("", include("feedback.urls")),
    path("", include("reports.urls")),
]
