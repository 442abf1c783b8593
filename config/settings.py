"""Every setting, read from the environment; nothing secret has a default outside the demo."""

import os
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF

from config import env, patient_postgresql

BASE_DIR = Path(__file__).resolve().parent.parent


def _text(name: str, default: str = "") -> str:
    return env.text(os.environ, name) or default


def _required(name: str, value: str | None) -> str:
    if value is None:
        raise env.OddSettingError(f"{name} is not set; `make run` sets everything for a demo")
    return value


DEMO = env.flag(os.environ, "DEMO")
DEBUG = False
SECRET_KEY = _required("SECRET_KEY", env.text(os.environ, "SECRET_KEY"))
CASEWORK_KEK = _required("CASEWORK_KEK", env.key(os.environ, "CASEWORK_KEK"))
CASEWORK_KEK_PREVIOUS = tuple(_text("CASEWORK_KEK_PREVIOUS").split())
"""Key-encryption keys of earlier times, newest first: they open, only the current one wraps."""
CASEWORK_INDEX_KEY = _required("CASEWORK_INDEX_KEY", env.key(os.environ, "CASEWORK_INDEX_KEY"))
DATA_DIR = Path(_text("DATA_DIR", str(BASE_DIR / ".data")))
JOURNAL_ANCHOR_FILE = _text("JOURNAL_ANCHOR_FILE")
SEND_JOURNAL_FILE = _text("SEND_JOURNAL_FILE")
"""What has left, one line a message: `replay_sends` reads it after a restore."""
ALLOWED_HOSTS = _text("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
SECURE = env.flag(os.environ, "SECURE_TRANSPORT", default=not DEMO)
"""True wherever TLS stands in front of us; the local demo speaks plain HTTP on loopback."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "csp",
    "django_filters",
    "django_linear_migrations",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "screening",
    "casework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "casework.web.middleware.PrivacyHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "casework.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "casework" / "templates"],  # before allauth's own
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["casework.web.tags"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "casework.web.context.page",
            ],
        },
    },
]

# Two roles: web and workers use `default`, which owns nothing; `owner` is for migrations alone.
_PATIENCE_SECONDS = int(_text("DATABASE_PATIENCE_SECONDS", "25"))
DATABASE_URL = _required("DATABASE_URL", env.text(os.environ, "DATABASE_URL"))
DATABASES = {
    "default": {
        **environ.Env.db_url_config(DATABASE_URL),
        "ENGINE": "config.patient_postgresql",
        "PATIENCE_SECONDS": _PATIENCE_SECONDS,
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": patient_postgresql.options(_PATIENCE_SECONDS),
    },
    "owner": {
        **environ.Env.db_url_config(_text("DATABASE_OWNER_URL", DATABASE_URL)),
        "OPTIONS": {"application_name": "casework-owner"},
    },
}
CACHES = {
    # Counters for log-in throttling. In PostgreSQL, so that they hold across workers and
    # do not fall away when Redis does.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "casework_counters",
    },
}

# People: session with a second factor outside the demo.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "casework.web.accounts.ClosedAdapter"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_REQUIRED = not DEMO
"""Whether a page asks for a second factor before it shows anything."""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 15 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "casework.web.errors.csrf_failure"

# Partners: OAuth2 client credentials; tokens hashed at rest, ten minutes at most.
IDP_OIDC_ADAPTER = "casework.api.oauth.PartnerAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 600
IDP_OIDC_ACCESS_TOKEN_FORMAT = "opaque"

SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" would blank the Origin of our own forms
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("ar", "العربية")]
"""Of the pages themselves; a language joins when its catalog does."""
TRANSLATIONS_REVIEWED = ["en"]
"""Languages of the pages whose catalog a person has read; a page in another one says so."""
PERSON_LANGUAGES = [("en", "English"), ("es", "Español"), ("ar", "العربية")]
"""In which a person may be asked; wording that is missing falls back to English and says so."""
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "language"
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [BASE_DIR / "casework" / "locale", BASE_DIR / "screening" / "locale"]
"""Named although both are apps: here our own words come before those of other packages."""

STATIC_URL = "static/"
STATIC_ROOT = _text("STATIC_ROOT", str(DATA_DIR / "static"))
STATICFILES_DIRS = [
    ("uswds", BASE_DIR / "node_modules" / "@uswds" / "uswds" / "dist"),
    ("htmx", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.port(os.environ, "EMAIL_PORT", default=8025)
EMAIL_HOST_USER = _text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag(os.environ, "EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = _text("DEFAULT_FROM_EMAIL", "reminders@localhost")
WEBHOOKS_TO_LOOPBACK = env.flag(os.environ, "WEBHOOKS_TO_LOOPBACK", default=DEMO)
"""Whether a webhook may lead to this machine, without TLS too: for the demo and for tests."""
MESSAGE_ID_DOMAIN = _text("MESSAGE_ID_DOMAIN", "reminders.invalid")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "casework.api.authentication.PartnerAuthentication",
        "casework.api.authentication.PersonAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["casework.api.permissions.HasPrincipal"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["casework.api.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["casework.api.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "casework.api.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "casework.api.openapi.ContractSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "casework.api.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Casework",
    "DESCRIPTION": "Screening, relief, clocks and referrals for organisations serving survivors.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

OUTBOX_LEASE_SECONDS = int(_text("OUTBOX_LEASE_SECONDS", "60"))
"""How long a message is one sender's; over twice as long as any send may take."""
FAULT_POINT = _text("FAULT_POINT") if env.flag(os.environ, "FAULT_POINTS_ALLOWED") else ""
"""Where a process of the fault tests drops dead; empty everywhere else."""

# No eta, no countdown, ever: see casework/services/sweep.py for where deadlines live.
CELERY_BROKER_URL = _text("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "casework.tasks.sweep", "schedule": 5.0, "options": {"expires": 30}},
    "relay": {"task": "casework.tasks.relay", "schedule": 5.0, "options": {"expires": 30}},
    "call": {"task": "casework.tasks.call", "schedule": 5.0, "options": {"expires": 30}},
    "check": {"task": "casework.tasks.check", "schedule": 3_600.0, "options": {"expires": 30}},
    "seal": {"task": "casework.tasks.seal", "schedule": 10.0, "options": {"expires": 30}},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"feeds": {"()": "config.log_masks.MasksFeedSecrets"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["feeds"]}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Request lines carry paths; ours carry no names, and bodies are never logged.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "WARNING"},
    },
}
