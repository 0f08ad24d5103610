"""Django's settings, from the environment and the home; `docs/reference/settings.md` lists what an operator may set."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import pysqlite3
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from winnow.catalogues import languages
from winnow.home import CHECKOUT, DATA, cache, home, secret, setting
from winnow.sources.credentials import GITHUB_TOKEN, REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET, X_TOKEN
from winnow.sources.links import is_web_address

# Debian 12's SQLite (3.40.1) can corrupt a WAL database that two processes write; this one is mended.
# Django looks for the name `sqlite3` alone, so the newer one takes its place before Django does.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

HOME = home()
CACHE = cache()
TAXONOMY = Path(setting("WINNOW_TAXONOMY") or DATA / "taxonomy.toml")
ENCODER = setting("WINNOW_ENCODER", "bundled")
PROJECT = Path(setting("WINNOW_PROJECT") or CHECKOUT / "project")
RELEASE_TEMPLATES = Path(setting("WINNOW_RELEASE_TEMPLATES") or DATA / "release")
# What services know this installation by; from the environment or files, never from the database.
CREDENTIALS = {
    GITHUB_TOKEN: setting("WINNOW_GITHUB_TOKEN"),
    REDDIT_CLIENT_ID: setting("WINNOW_REDDIT_CLIENT_ID"),
    REDDIT_CLIENT_SECRET: setting("WINNOW_REDDIT_CLIENT_SECRET"),
    X_TOKEN: setting("WINNOW_X_TOKEN"),
}
EGRESS_ALLOW = setting("WINNOW_EGRESS_ALLOW")
BASE_URL = setting("WINNOW_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
if not is_web_address(BASE_URL):
    raise ImproperlyConfigured("WINNOW_BASE_URL: give the address of the site, such as https://winnow.example.org")


def number(name: str, default: int, most: int = 1_000_000) -> int:
    """A setting that is a whole number from 0 to `most`."""
    given = setting(name, str(default))
    if not (given.isascii() and given.isdecimal() and int(given[:10]) <= most):
        raise ImproperlyConfigured(f"{name}: give a whole number of at most {most:,}, such as {default}")
    return int(given)


def is_on(name: str, default: str) -> bool:
    """A setting that is yes or no; another word would be taken for one of the two by guessing."""
    given = setting(name, default)
    if given not in ("yes", "no"):
        raise ImproperlyConfigured(f"{name}: give yes or no")
    return given == "yes"


def shares(name: str) -> dict[str, int]:
    """A setting of the form `reported=4, audit=4`: whole numbers by name."""
    pairs = [part.split("=") for part in setting(name).replace(",", " ").split()]
    if not all(len(pair) == 2 and pair[1].isdecimal() for pair in pairs):
        raise ImproperlyConfigured(f"{name}: give names with whole numbers, such as reported=4, audit=4")
    return {key: int(value) for key, value in pairs}


TRUSTED_PROXIES = number("WINNOW_TRUSTED_PROXIES", 0, most=10)
AUDIT_WITHHELD = number("WINNOW_AUDIT_WITHHELD", 6)
REJUDGED = number("WINNOW_REJUDGED", 10)
AUDIT_PUBLISHED = number("WINNOW_AUDIT_PUBLISHED", 12)
RETRAIN_DAYS = number("WINNOW_RETRAIN_DAYS", 7)
REVIEW_PRACTICE = is_on("WINNOW_REVIEW_PRACTICE", "yes")
REVIEW_BLIND = number("WINNOW_REVIEW_BLIND", 50, most=100)
REVIEW_OVERLAP = number("WINNOW_REVIEW_OVERLAP", 10, most=100)
REVIEW_SHARES = shares("WINNOW_REVIEW_SHARES")
# Each request of an address counts, whatever it asks; what is dear has limits of its own.
REQUESTS_A_MINUTE = number("WINNOW_REQUESTS_A_MINUTE", 6000)
PAGES_A_MINUTE = number("WINNOW_PAGES_A_MINUTE", 120)
# By name, in place of those in the code: how often somebody may do something.
LIMITS = shares("WINNOW_LIMITS")
EDIT_HOURS = number("WINNOW_EDIT_HOURS", 24)
HIDDEN_GOLD = number("WINNOW_HIDDEN_GOLD", 3)
REQUIRE_SECOND_FACTOR = is_on("WINNOW_REQUIRE_SECOND_FACTOR", "no")
ANONYMOUS_REPORTS = is_on("WINNOW_ANONYMOUS_REPORTS", "yes")
ANONYMOUS_VOTES = is_on("WINNOW_ANONYMOUS_VOTES", "no")

# Backups by schedule, where a folder is named.
_backup_folder = setting("WINNOW_BACKUP_FOLDER")
BACKUP_FOLDER = Path(_backup_folder) if _backup_folder else None
BACKUP_HOURS = number("WINNOW_BACKUP_HOURS", 24)
BACKUP_KEEP = number("WINNOW_BACKUP_KEEP", 7)

# A copy of the registry in MLflow, where a place is named.
MLFLOW_URI = setting("WINNOW_MLFLOW_URI")

# Mail goes to one relay, or into a folder (below the home unless it begins with a slash); with neither none is sent.
MAIL_FROM = setting("WINNOW_MAIL_FROM")
_mail_folder = setting("WINNOW_MAIL_FOLDER")
MAIL_RELAY = {
    "host": setting("WINNOW_MAIL_HOST"),
    "port": number("WINNOW_MAIL_PORT", 587, most=65_535),
    "user": setting("WINNOW_MAIL_USER"),
    "password": setting("WINNOW_MAIL_PASSWORD"),
    "tls": setting("WINNOW_MAIL_TLS", "starttls"),
    "folder": HOME / _mail_folder if _mail_folder else None,
}
# Who is told by mail that somebody must look, and that it is in order again.
ALERT_MAIL = tuple(setting("WINNOW_ALERT_MAIL").replace(",", " ").split())
if MAIL_RELAY["tls"] not in ("starttls", "tls", "none"):
    raise ImproperlyConfigured("WINNOW_MAIL_TLS: give starttls, tls or none")

SECRET_KEY = secret("WINNOW_SECRET_KEY")
# What was signed with one of these still holds, and is signed anew by the key above.
SECRET_KEY_FALLBACKS = setting("WINNOW_SECRET_KEY_FALLBACKS").split()
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
    # Around the static files too.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "winnow.api.etags.EtagMiddleware",
    # Around the rest, so that what those refuse (a host, say) becomes a problem too.
    "winnow.api.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "winnow.web.language.ReaderLanguage",
    "winnow.web.zone.ReaderZone",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "winnow.web.value.CountViews",
    "winnow.web.errors.ErrorPages",
    "winnow.api.parameters.ParameterMiddleware",
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
            "builtins": ["django.templatetags.i18n", "winnow.templatetags.words"],
        },
    },
]


# As patient with another's lock as the embedded database is; and a process that was frozen within a transaction loses it,
# so that its locks do not stop everybody else.
POSTGRESQL_LIMITS = "-c lock_timeout=20s -c idle_in_transaction_session_timeout=60s"
DRIVER_REMEDY = "run `make setup` with DATABASE_URL set, or `pip install psycopg[binary]`"


def database_of(url: str) -> dict[str, object]:
    """Django's entry for DATABASE_URL; empty means the embedded database of this home."""
    if not url:
        return _sqlite(HOME / "winnow.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL: give postgresql://user:password@host/name or sqlite:///path")
    return _postgresql(parts)


def _postgresql(parts: SplitResult) -> dict[str, object]:
    """What stands behind a question mark goes to the driver, as in any address of PostgreSQL: sslmode, host of a socket."""
    if find_spec("psycopg") is None:
        raise ImproperlyConfigured(f"DATABASE_URL: the driver of PostgreSQL is not installed; {DRIVER_REMEDY}")
    options = {"options": POSTGRESQL_LIMITS, **dict(parse_qsl(parts.query))}
    try:
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL: {error}") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "winnow.embedded_sqlite3",
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


DATABASES = {"default": database_of(setting("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "winnow.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# Memory-hard and in the standard library; Django's own default, PBKDF2, is worked out by graphics cards.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name"]},
    },
]
LOGIN_URL = "/sign-in"
SESSION_ENGINE = "winnow.web.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "winnow.web.errors.csrf_failed"
if BASE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # Browsers take cookies of such names only over https and from this very host.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
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
LOCALE = Path(setting("WINNOW_LOCALE") or HOME / "locale")
LOCALE_PATHS = [str(LOCALE)]
_catalogues = languages(LOCALE)
LANGUAGES = [(code, code) for code in dict.fromkeys(["en", *_catalogues])]
# Without a catalogue no sentence is even looked up.
USE_I18N = bool(_catalogues)

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
APPEND_SLASH = False

LOG_LEVEL = os.environ.get("WINNOW_LOG_LEVEL", "WARNING")
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise ImproperlyConfigured("WINNOW_LOG_LEVEL: give DEBUG, INFO, WARNING, ERROR or CRITICAL")
LOG_FORMAT = setting("WINNOW_LOG_FORMAT", "plain")
if LOG_FORMAT not in ("plain", "json"):
    raise ImproperlyConfigured("WINNOW_LOG_FORMAT: give plain or json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "winnow.logs.Plain", "format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "winnow.logs.Json"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Scanners try any host; the answer 400 is logged, a traceback for each would drown the rest.
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
}
