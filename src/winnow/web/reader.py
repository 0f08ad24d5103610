"""Who reads: an account by its rows, anybody else by a signed cookie of bounded size.

The cookie holds numbers of works, slugs of tags and two times; nothing that says who somebody is, and no row is made.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from winnow.core.readers import KINDS, Reader, visiting
from winnow.queries import readers
from winnow.services.readers import NOTED_EVERY, bring_along, note_visit
from winnow.web.access import account_of

COOKIE = "winnow-reader"
SALT = "winnow.reader"
LIVES_SECONDS = 365 * 24 * 3600
# How much of each is kept; with numbers of eight digits and slugs of full length all of it stays below 4,096 bytes.
LIMITS = {"voted": 30, "saved": 100, "hidden": 60, "read": 30}
MAX_FOLLOWED = 12
_TIMES = ("visited_at", "left_at")
_FLAGS = ("is_learning", "is_welcomed", "news")
_KEPT = "winnow.reader"


def reader_of(request: HttpRequest) -> Reader:
    """What the visitor keeps, read once a request."""
    if _KEPT not in request.META:
        account = account_of(request)
        request.META[_KEPT] = readers.reader_of(account) if account else _of_cookie(request)
    reader: Reader = request.META[_KEPT]
    return reader


def arrive(request: HttpRequest) -> Reader:
    """The visitor is here to see what is new: the same, with this visit noted."""
    account, reader, now = account_of(request), reader_of(request), timezone.now()
    request.META[_KEPT] = note_visit(account=account, reader=reader, now=now) if account else visiting(reader, now)
    return reader_of(request)


def remember(request: HttpRequest, response: HttpResponse, reader: Reader | None = None) -> HttpResponse:
    """Let the browser of somebody without an account keep the reader; without one, that this visit took place.

    Raises nothing for what is too much: the oldest goes.
    """
    if account_of(request) is not None:
        return response
    kept = reader if reader is not None else reader_of(request)
    before = _of_cookie(request)
    if reader is not None or kept.left_at != before.left_at or _is_stale(before, kept):
        _set(response, dump(kept))
    return response


def move_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Somebody has signed in: what they kept before becomes the account's, and the cookie ends."""
    account, reader = account_of(request), _of_cookie(request)
    if account is not None and reader != Reader():
        bring_along(account=account, reader=reader)
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def dump(reader: Reader) -> str:
    """The reader as the value of a cookie."""
    lists = {name: getattr(reader, name)[:limit] for name, limit in LIMITS.items()}
    lists["followed"] = reader.followed[-MAX_FOLLOWED:]
    times = {name: time.isoformat() for name in _TIMES if (time := getattr(reader, name)) is not None}
    flags = {name: value for name in _FLAGS if (value := getattr(reader, name)) != getattr(Reader(), name)}
    kept = {name: some for name, some in lists.items() if some}
    return signing.dumps(kept | times | flags, salt=SALT, compress=True)


def load(value: str) -> Reader:
    """The reader that `dump` wrote; a new one where it was not we who wrote it, or an older version of us."""
    try:
        plain: Mapping[str, Any] = signing.loads(value, salt=SALT)
        kept: dict[str, Any] = {name: plain[name] for name in _FLAGS if name in plain}
        kept |= {name: tuple(plain[name]) for name in (*LIMITS, "followed") if name in plain}
        kept |= {name: datetime.fromisoformat(plain[name]) for name in _TIMES if name in plain}
        return Reader(**kept)
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return Reader()


def is_full(reader: Reader, kind: str) -> bool:
    """Whether a cookie can keep no more of a kind without letting go of the oldest."""
    return len(getattr(reader, KINDS[kind])) >= LIMITS[KINDS[kind]]


def _of_cookie(request: HttpRequest) -> Reader:
    return load(request.COOKIES[COOKIE]) if COOKIE in request.COOKIES else Reader()


def _is_stale(before: Reader, kept: Reader) -> bool:
    if kept.visited_at is None:
        return False
    return before.visited_at is None or kept.visited_at - before.visited_at >= NOTED_EVERY


def _set(response: HttpResponse, value: str) -> None:
    response.set_cookie(
        COOKIE,
        value,
        max_age=LIVES_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
