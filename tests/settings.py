"""The portal's settings with what makes tests quick."""

from motcua.env import database
from motcua.settings import *  # noqa: F403
from motcua.settings import DATABASE_OWNER_URL, INSTALLED_APPS

# Tests make databases of their own: as the owner. What the application may not do is tested
# by stepping down (SET ROLE).
DATABASES = {"default": database(DATABASE_OWNER_URL)}

SECRET_KEY = "tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]  # for `make check`
# Made before the first release: no older code runs beside them. What comes later must be safe.
MIGRATION_LINTER_OPTIONS = {
    "ignore_name": ["0003_report_builds", "0003_sort_by_bytes", "0004_sort_by_bytes"],
}
WHITENOISE_USE_FINDERS = False  # would look through every file for each test client
