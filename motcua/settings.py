"""Settings of the portal: one file, values from the environment (motcua.env)."""

from pathlib import Path

from csp.constants import NONE, SELF

from motcua import localservices
from motcua.env import broker, database, env_bool, env_int, env_list, env_str
from motcua.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = localservices.here().var

DEBUG = env_bool("DEBUG", default=False)
# The demonstration: invented persons, provisional agency codes, no enforced MFA.
DEMO = env_bool("DEMO", default=True)
# Every secret below has a public default in the demonstration and none with DEMO=0.
SECRET_KEY = env_str("SECRET_KEY", "insecure-demonstration-key" if DEMO else None)
# Keys for citizens' numbers and phones: "id:base64(32 bytes),…"; the first one encrypts.
FIELD_KEYS = env_list(
    "FIELD_KEYS", "demo:bW90Y3VhLWRlbW9uc3RyYXRpb24ta2V5LTMyLWJ5dGU=" if DEMO else None
)
# Key of the hash by which those values are searched; apart, so that FIELD_KEYS can rotate.
FIELD_HASH_KEY = env_str("FIELD_HASH_KEY", "insecure-demonstration-hash-key" if DEMO else None)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
# The address that papers carry in their QR codes.
PUBLIC_URL = env_str("PUBLIC_URL", "http://127.0.0.1:8000" if DEMO else None)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "motcua.apps.StaticFiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "pgtrigger",
    "pghistory",
    "motcua",
    "calendars",
    "agencies",
    "procedures",
    "notifications",
    "dossiers",
    "feedback",
    "reports",
    "demonstration",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "motcua.middleware.SignInMiddleware",
    "motcua.middleware.IdleMiddleware",
    "motcua.middleware.PrivateMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "motcua.middleware.SecondFactorMiddleware",
    "motcua.middleware.AuditMiddleware",
]

ROOT_URLCONF = "motcua.urls"
WSGI_APPLICATION = "motcua.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "motcua.context.page",
            ],
        },
    }
]

# One look for every form: templates/django/forms/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Two roles: the owner migrates (manage.py chooses it by command), the application is limited by
# the grants of the migrations. Without addresses they are those of the private services.
DATABASE_APP_ROLE = env_str("DATABASE_APP_ROLE", "motcua_app")
DATABASE_URL = env_str("DATABASE_URL", "") or localservices.database_url()
DATABASE_OWNER_URL = (
    env_str("DATABASE_OWNER_URL", "")
    or env_str("DATABASE_URL", "")
    or localservices.database_url(owner=True)
)
DATABASE_AS_OWNER = env_bool("DATABASE_AS_OWNER", default=False)
DATABASES = {"default": database(DATABASE_OWNER_URL if DATABASE_AS_OWNER else DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_str("REDIS_URL", "") or localservices.redis_url()
CACHES = {
    "default": {
        "BACKEND": "motcua.cache.Cache",  # the portal goes on without it
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# Idle time-out: motcua.middleware.IdleMiddleware writes the session while somebody works.
SESSION_COOKIE_AGE = env_int("IDLE_MINUTES", 30) * 60

LANGUAGE_CODE = "vi"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
# Numbers are grouped where a template says so (intcomma): years and codes are not.
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["motcua.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = None if DEMO else Path(env_str("STATIC_ROOT", str(VAR_DIR / "static")))
# Of Tabler only the style sheets: its libraries name files that its package lacks.
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("tabler/css", BASE_DIR / "node_modules/@tabler/core/dist/css"),
]
MEDIA_ROOT = VAR_DIR / "media"
# Citizens' papers: for the portal's own user alone.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# A request with a file: the largest file and the form around it (motcua.uploads).
FILE_UPLOAD_HANDLERS = [
    "motcua.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
LARGEST_REQUEST = 24 * 1024 * 1024  # nginx: client_max_body_size 25m
# An office's certificate for signing results (motcua.signing); without it results are scans.
SIGNING_PKCS12 = env_str("SIGNING_PKCS12", "")
SIGNING_PASSWORD = env_str("SIGNING_PASSWORD", "")
SIGNING_STAMP = env_str("SIGNING_STAMP", "")  # a picture, drawn at the top right of page 1

# The demonstration serves static files from where they lie; production collects them first.
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "motcua.staticfiles.Storage"
    },
}

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["agencies.backend.RoleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "motcua.accounts.AccountAdapter"
MFA_ADAPTER = "motcua.accounts.MfaAdapter"
MFA_TOTP_ISSUER = "Một cửa"
# Locked out for five minutes after five failures for one name; counted in the shared cache.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "reset_password": "5/m/ip,3/h/key",
}
REQUIRE_MFA = env_bool("REQUIRE_MFA", default=not DEMO)

# The demonstration listens on plain HTTP on this machine only; production is HTTPS throughout.
HTTPS = env_bool("HTTPS", default=not DEMO)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$"]  # asked from inside, past nginx
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Only behind a proxy that sets this header itself (our nginx does): anybody else could forge it.
if env_bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "motcua.api.answer_refusal",
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# A message is a nudge to look at a row: it is acknowledged after the work, given again when the
# worker dies, and its result is kept nowhere.
CELERY_BROKER_URL = broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 15 * 60}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 9 * 60
CELERY_TASK_TIME_LIMIT = 10 * 60  # below the visibility time-out: nothing runs twice at once
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60  # on SIGQUIT: finish, or give the messages back
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE

# The ways out, by channel; the default says in the log that something would have gone out.
_CONSOLE = "notifications.gateways.console.Console"
EMAIL_HOST = env_str("EMAIL_HOST", "")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env_str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env_str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", "mot-cua@localhost")
MESSAGE_GATEWAYS = {
    "sms": env_str("SMS_GATEWAY", _CONSOLE),
    "email": "notifications.gateways.smtp.Smtp" if EMAIL_HOST else _CONSOLE,
    "zalo": env_str("ZALO_GATEWAY", _CONSOLE),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env_str("LOG_LEVEL", "WARNING" if DEMO else "INFO")},
}
