"""Django's settings, from the environment and the home; `docs/reference/settings.md` lists what an operator may set."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import pysqlite3
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from winnow.catalogues import languages
from winnow.database_url import database_of
from winnow.environment import choice, is_on, number, setting, shares
from winnow.home import CHECKOUT, DATA, cache, home, secret
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


TRUSTED_PROXIES = number("WINNOW_TRUSTED_PROXIES", 0, most=10)
AUDIT_WITHHELD = number("WINNOW_AUDIT_WITHHELD", 6)
REJUDGED = number("WINNOW_REJUDGED", 10)
AUDIT_PUBLISHED = number("WINNOW_AUDIT_PUBLISHED", 12)
RETRAIN_DAYS = number("WINNOW_RETRAIN_DAYS", 7)
REVIEW_PRACTICE = is_on("WINNOW_REVIEW_PRACTICE", default=True)
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
REQUIRE_SECOND_FACTOR = is_on("WINNOW_REQUIRE_SECOND_FACTOR", default=False)
ANONYMOUS_REPORTS = is_on("WINNOW_ANONYMOUS_REPORTS", default=True)
ANONYMOUS_VOTES = is_on("WINNOW_ANONYMOUS_VOTES", default=False)

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
    "tls": choice("WINNOW_MAIL_TLS", ("starttls", "tls", "none"), "starttls"),
    "folder": HOME / _mail_folder if _mail_folder else None,
}
# Who is told by mail that somebody must look, and that it is in order again.
ALERT_MAIL = tuple(setting("WINNOW_ALERT_MAIL").replace(",", " ").split())

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

LOG_LEVEL = choice("WINNOW_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), "WARNING")
LOG_FORMAT = choice("WINNOW_LOG_FORMAT", ("plain", "json"), "plain")
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
