"""What Django is told of the database that DATABASE_URL names."""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from winnow.home import home

# As patient with another's lock as the embedded database is; and a process that was frozen within a transaction loses it,
# so that its locks do not stop everybody else.
POSTGRESQL_LIMITS = "-c lock_timeout=20s -c idle_in_transaction_session_timeout=60s"
DRIVER_REMEDY = "run `make setup` with DATABASE_URL set, or `pip install psycopg[binary]`"


def database_of(url: str) -> dict[str, object]:
    """Django's entry for DATABASE_URL; empty means the embedded database of this home."""
    if not url:
        return _sqlite(home() / "winnow.sqlite3")
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
