"""What the site is known by, and what protects it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from winnow.core.hosts import is_own
from winnow.unsafe.refusals import refuses

LEAST_KEY, LEAST_KEY_SIGNS = 32, 10
PROTECTORS = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
_HOST = re.compile(
    r"(?=.{1,253}$)\.?[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*|\[[0-9a-f:.]+\]", re.IGNORECASE
)


@refuses("E004", "WINNOW_SECRET_KEY", "leave it empty to have one made, or give 32 random signs or more")
def _key_can_be_guessed() -> Iterator[str]:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if any(len(key) < LEAST_KEY or len(set(key)) < LEAST_KEY_SIGNS for key in keys):
        yield "it (or a key of WINNOW_SECRET_KEY_FALLBACKS) can be guessed, and sessions with it"


@refuses("E005", "WINNOW_ALLOWED_HOSTS", "name the hosts of the site")
def _any_host() -> Iterator[str]:
    if "*" in settings.ALLOWED_HOSTS:
        yield "with * whoever writes a Host header writes our links"


@refuses("E006", "WINNOW_ALLOWED_HOSTS", "give bare names such as winnow.example.org, separated by blanks")
def _no_host() -> Iterator[str]:
    for host in settings.ALLOWED_HOSTS:
        if host and host != "*" and not _HOST.fullmatch(host):
            yield f"{host!r} is no name of a host"


@refuses("E007", "WINNOW_BASE_URL", "put a proxy with TLS before it, and give the address with https")
def _plain_address() -> Iterator[str]:
    parts = urlsplit(settings.BASE_URL)
    if parts.scheme == "http" and not is_own(parts.hostname or ""):
        yield "passwords and sessions would cross the internet in the clear"


@refuses("E008", "WINNOW_BASE_URL", "give scheme and host alone, such as https://winnow.example.org")
def _address_with_more() -> Iterator[str]:
    parts = urlsplit(settings.BASE_URL)
    if parts.username is not None or parts.path or parts.query or parts.fragment:
        yield "it holds more than scheme, host and port, and stands in links and mails"


@refuses("E030", "DEBUG", "take it out of the module that DJANGO_SETTINGS_MODULE names")
def _shows_its_inside() -> Iterator[str]:
    if settings.DEBUG:
        yield "pages of errors would show settings and code to strangers"


@refuses("E031", "MIDDLEWARE", "put it back into the module that DJANGO_SETTINGS_MODULE names")
def _unprotected() -> Iterator[str]:
    for name in PROTECTORS:
        if name not in settings.MIDDLEWARE:
            yield f"{name} is missing"
