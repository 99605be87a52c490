"""Dastan's settings, all of them from the environment; docs/settings.md describes each.

Without ``DATABASE_URL`` this is a development machine: an embedded PostgreSQL, a secret key in
``.secret_key``, local hosts only. With it, production rules: mistakes are system checks
(cms/checks.py) that stop every command and the server with a sentence.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from corsheaders.defaults import default_headers

from cms import embedded_postgres
from cms.environment import Environment
from cms.languages import canonical

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()


def _secret_key_of_this_clone() -> str:
    """The development key, made once, so that logins outlive a restart."""
    path = BASE_DIR / ".secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip() or secrets.token_urlsafe(50)
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


# Which rules hold

DEBUG = env.flag("DEBUG")
DATABASE_URL = env.text("DATABASE_URL")
PRODUCTION = bool(DATABASE_URL) and not DEBUG

SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_IS_SET = bool(SECRET_KEY)
if not SECRET_KEY:
    # In production the check dastan.E001 refuses to go on with a key made up for this process.
    SECRET_KEY = secrets.token_urlsafe(50) if PRODUCTION else _secret_key_of_this_clone()

# Where Dastan is reached

ALLOWED_HOSTS = env.items(
    "ALLOWED_HOSTS", [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
PUBLIC_URL = env.text("PUBLIC_URL").rstrip("/")
TRUSTED_PROXIES = env.items("TRUSTED_PROXIES")
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, least=1, most=65535)
WEB_WORKERS = env.number("WEB_WORKERS", 2, least=1, most=256)

try:
    _public = urlsplit(PUBLIC_URL)
except ValueError as error:
    env.mistakes.append(f"PUBLIC_URL is not a URL ({error}): {PUBLIC_URL}")
    PUBLIC_URL = ""
    _public = urlsplit("")
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"] if _public.netloc else []
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _public.scheme == "https"
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# The newsroom

NEWSROOM_NAME = env.text("NEWSROOM_NAME", "Dastan")
NEWSROOM_TIME_ZONE = env.text("NEWSROOM_TIME_ZONE", "Asia/Almaty")
NEWSROOM_LANGUAGES = [canonical(each) for each in env.items("NEWSROOM_LANGUAGES", ["en", "ru"])]
ARTICLE_URL_TEMPLATE = env.text("ARTICLE_URL_TEMPLATE", "/{language}/{slug}")
REGION_URL_TEMPLATE = env.text("REGION_URL_TEMPLATE", "/regions/{slug}")
TAG_URL_TEMPLATE = env.text("TAG_URL_TEMPLATE", "/tags/{slug}")
AUTHOR_URL_TEMPLATE = env.text("AUTHOR_URL_TEMPLATE", "/authors/{slug}")
FEED_FULL_TEXT = env.flag("FEED_FULL_TEXT")
WEBSUB_HUB = env.url("WEBSUB_HUB")

PREVIEW_URL_TEMPLATE = env.text("PREVIEW_URL_TEMPLATE")

if NEWSROOM_TIME_ZONE not in available_timezones():
    env.mistakes.append(f"NEWSROOM_TIME_ZONE is not a time zone: {NEWSROOM_TIME_ZONE}")
    NEWSROOM_TIME_ZONE = "Asia/Almaty"

USE_TZ = True
TIME_ZONE = NEWSROOM_TIME_ZONE
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]
# Before those of all apps: Django's own sentences that cms/desk/wording.py says better.
LOCALE_PATHS = [BASE_DIR / "cms" / "locale"]

# Exchange rates: where the banks' servers and the market feed are

RATES_SOURCES = ("nbk", "nbkr", "nbkr_weekly", "cbu", "nbt", "cbt")
RATES_SOURCE_URLS = env.urls("RATES_SOURCE_URLS", RATES_SOURCES)
OPEN_EXCHANGE_RATES_URL = env.url(
    "OPEN_EXCHANGE_RATES_URL", "https://openexchangerates.org/api/latest.json?app_id={key}"
)
OPEN_EXCHANGE_RATES_KEY = env.text("OPEN_EXCHANGE_RATES_KEY")

# What it is made of

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
    "django_prose_editor",
    "cms",
    "cms.changes",
    "cms.webhooks",
    "articles",
    "rates",
]

MIDDLEWARE = [
    "cms.metrics.MetricsMiddleware",
    "cms.api.problems.ProblemMiddleware",
    "cms.api.requests.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "cms.api.requests.TrailingSlashMiddleware",
    "cms.api.requests.CredentialsMiddleware",
    "cms.api.requests.LimitsMiddleware",
    "cms.api.requests.QueryStringMiddleware",
    "cms.api.caching.CachingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cms.desk.language.DeskLanguageMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.desk.policy.DeskPolicyMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The database

STATEMENT_TIMEOUT = env.number("STATEMENT_TIMEOUT", 0, least=0, most=3600)


def _database() -> dict[str, Any]:
    if not DATABASE_URL:
        return embedded_postgres.database(BASE_DIR)
    if not DATABASE_URL.startswith(("postgres://", "postgresql://")):
        env.mistakes.append("DATABASE_URL does not begin with postgres://; Dastan needs PostgreSQL")
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "unknown"}
    parsed: dict[str, Any] = environ.Env.db_url_config(DATABASE_URL)
    return parsed


DATABASES = {"default": _database()}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=2,
    options=f"-c statement_timeout={STATEMENT_TIMEOUT * 1000}",
)
DATABASES["default"]["CONN_MAX_AGE"] = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared counters

CACHE_URL = env.text("CACHE_URL")
if CACHE_URL and not CACHE_URL.startswith(("redis://", "rediss://", "unix://")):
    env.mistakes.append(f"CACHE_URL does not begin with redis://: {CACHE_URL}")
    CACHE_URL = ""
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if CACHE_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# Who may read the metrics

METRICS_TOKEN = env.text("METRICS_TOKEN")

# What each server process keeps in memory

RESPONSE_CACHE_MEGABYTES = env.number("RESPONSE_CACHE_MEGABYTES", 24, least=0, most=100_000)
FRAGMENT_CACHE_MEGABYTES = env.number("FRAGMENT_CACHE_MEGABYTES", 12, least=0, most=100_000)

# A CDN in front, and how answers are taken back from it

PURGE_BACKEND = env.text("PURGE_BACKEND")
PURGE_URL = env.items("PURGE_URL")
PURGE_HEADERS = env.pairs("PURGE_HEADERS")

# Static files: of the admin and of Swagger UI, served from the packages they come in

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

# Signing in

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]

# The API

THROTTLE_RATE = env.text("THROTTLE_RATE")

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["cms.api.rendering.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_THROTTLE_CLASSES": ["cms.api.throttling.AddressThrottle"],
    "DEFAULT_SCHEMA_CLASS": "cms.api.schema.Schema",
    "EXCEPTION_HANDLER": "cms.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Dastan",
    "DESCRIPTION": "What the newsroom has published, as JSON.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "cms.api.schema.finish",
        "articles.api.block_schema.add_blocks",
        "cms.changes.sync.schema.close_shapes",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

CORS_ALLOW_ALL_ORIGINS = True
CORS_URLS_REGEX = r"^/(api|feeds)/"
CORS_ALLOW_METHODS = ("GET", "HEAD", "OPTIONS")
CORS_ALLOW_HEADERS = (*default_headers, "if-none-match")
CORS_EXPOSE_HEADERS = ("ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy")

# The change log, on which phones' copies, webhooks and purges stand

CHANGES_KEPT_DAYS = env.number("CHANGES_KEPT_DAYS", 90, least=1, most=36_500)

# Webhooks: private hosts that may be told, by name or address

WEBHOOKS_PRIVATE_HOSTS = env.items("WEBHOOKS_PRIVATE_HOSTS")

# Logging: to the console, from where any service manager takes it

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # What a client did wrong is told to the client; our own mistakes are logged as errors.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

# What could not be read; cms/checks.py tells it

ENVIRONMENT_MISTAKES = tuple(env.mistakes)
