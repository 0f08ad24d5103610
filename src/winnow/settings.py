"""Django's settings, from the environment and the home; `docs/reference/settings.md` lists what an operator may set."""

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pysqlite3
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from winnow.home import DATA, cache, home, secret, setting
from winnow.sources.links import is_web_address

# Debian 12's SQLite (3.40.1) can corrupt a WAL database that two processes write; this one is mended.
# Django looks for the name `sqlite3` alone, so the newer one takes its place before Django does.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

HOME = home()
CACHE = cache()
TAXONOMY = Path(setting("WINNOW_TAXONOMY") or DATA / "taxonomy.toml")
ENCODER = setting("WINNOW_ENCODER", "bundled")
EGRESS_ALLOW = setting("WINNOW_EGRESS_ALLOW")
BASE_URL = setting("WINNOW_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
if not is_web_address(BASE_URL):
    raise ImproperlyConfigured("WINNOW_BASE_URL: give the address of the site, such as https://winnow.example.org")
if not setting("WINNOW_AUDIT_WITHHELD", "6").isdecimal():
    raise ImproperlyConfigured("WINNOW_AUDIT_WITHHELD: give how many withheld works a week people look at, such as 6")
AUDIT_WITHHELD = int(setting("WINNOW_AUDIT_WITHHELD", "6"))
ANONYMOUS_REPORTS = setting("WINNOW_ANONYMOUS_REPORTS", "yes") == "yes"

SECRET_KEY = secret("WINNOW_SECRET_KEY")
DEBUG = False
_host = urlsplit(BASE_URL).hostname or ""
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", _host, *setting("WINNOW_ALLOWED_HOSTS").split()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_typer",
    "winnow.apps.WinnowConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    # Around the rest, so that what those refuse (a host, say) becomes a problem too.
    "winnow.api.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "winnow.web.errors.ErrorPages",
]
ROOT_URLCONF = "winnow.urls"
WSGI_APPLICATION = "winnow.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "winnow.web.context.everywhere",
            ],
            "builtins": ["winnow.templatetags.words"],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    """Django's entry for DATABASE_URL; empty means the embedded database of this home."""
    if not url:
        return _sqlite(HOME / "winnow.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL: give postgresql://user:password@host/name or sqlite:///path")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        # Tests too use a file: a server under test and its test are two threads, and write at the same time.
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
        "OPTIONS": {
            # Deferred transactions fail with "database is locked" when two writers upgrade at once.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA journal_size_limit=67108864;"
            ),
        },
    }


DATABASES = {"default": _database(setting("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "winnow.Account"
# People sign in by one-time link; there is no password to guess.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "winnow.web.errors.csrf_failed"
if BASE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# In a signed cookie: thanking an anonymous reader makes no row.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Their addresses bear a hash of their content (`{% asset %}`).
WHITENOISE_MAX_AGE = 30 * 24 * 3600

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
APPEND_SLASH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("WINNOW_LOG_LEVEL", "WARNING")},
    # Scanners try any host; the answer 400 is logged, a traceback for each would drown the rest.
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
}
