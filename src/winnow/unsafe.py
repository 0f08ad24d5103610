"""Configurations that no process starts with: each by name, with what is wrong and how to mend it.

What cannot even be read (a number that is none) is refused by `settings.py`; `docs/reference/refusals.md` lists both.
"""

import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from winnow import home
from winnow.core.disks import NETWORK_FILES, kind_of_disk
from winnow.core.hosts import is_here, is_own
from winnow.egress.addresses import Allowance
from winnow.egress.mail import Relay
from winnow.models import ReviewTask
from winnow.sources.credentials import REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET

GROUP_OR_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
GROUP_OR_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
LEAST_KEY, LEAST_KEY_SIGNS = 32, 10
# A clock before this day has lost its battery: leases, links and certificates would be judged by it.
WRITTEN_AT = 1_790_000_000
# Wider than these is not "a network of one's own".
WIDEST = {4: 8, 6: 16}
# The machine's own secrets, handed out by clouds to whatever asks from within.
METADATA = tuple(map(ip_address, ("169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254")))
GUESSED_FIRST = frozenset({"", "admin", "changeme", "change-me", "password", "postgres", "root", "secret", "winnow"})
PROTECTORS = (
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
_HOST = re.compile(
    r"(?=.{1,253}$)\.?[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*|\[[0-9a-f:.]+\]", re.IGNORECASE
)

Look = Callable[[], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is unsafe: `id` as in the reference, the `setting`, what is wrong and how to mend it."""

    id: str
    setting: str
    fault: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.fault}; {self.remedy} ({self.id})"


LOOKS: dict[str, tuple[str, str, Look]] = {}


def refuses(id_: str, setting: str, remedy: str) -> Callable[[Look], Look]:
    """Enter a look into the list; it yields what is wrong."""

    def enter(look: Look) -> Look:
        LOOKS[f"winnow.{id_}"] = (setting, remedy, look)
        return look

    return enter


def unsafe() -> list[Refusal]:
    """All that is unsafe in this configuration."""
    return [Refusal(id_, setting, fault, remedy) for id_, (setting, remedy, look) in LOOKS.items() for fault in look()]


def refuse_unsafe() -> None:
    """Raises ImproperlyConfigured, naming everything, where anything is unsafe."""
    if found := unsafe():
        raise ImproperlyConfigured(". ".join(map(str, found)))


@refuses("E002", "WINNOW_HOME", "take the right away: chmod go-w on that folder")
def _home_is_open() -> Iterator[str]:
    if settings.HOME.stat().st_mode & GROUP_OR_OTHERS_WRITE:
        yield f"others on this machine may write in {settings.HOME}"


@refuses("E003", "WINNOW_SECRET_KEY", "chmod 600 that file")
def _secrets_are_legible() -> Iterator[str]:
    file = settings.HOME / "secret_key"
    if file.exists() and file.stat().st_mode & (GROUP_OR_OTHERS_READ | GROUP_OR_OTHERS_WRITE):
        yield f"others on this machine may read {file}"


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


@refuses("E010", "WINNOW_EGRESS_ALLOW", "mend that entry, or leave it out")
def _allowance_is_none() -> Iterator[str]:
    try:
        Allowance.parse(settings.EGRESS_ALLOW)
    except ValueError as error:
        yield str(error)


@refuses("E011", "WINNOW_EGRESS_ALLOW", "name the networks of your own that hold your feeds")
def _allowance_is_everything() -> Iterator[str]:
    for network in _allowed().networks:
        if network.prefixlen < WIDEST[network.version]:
            yield f"{network} takes the guard of addresses away"


@refuses("E012", "WINNOW_EGRESS_ALLOW", "name the hosts that you mean, without that address")
def _allowance_of_metadata() -> Iterator[str]:
    allowed = _allowed()
    for address in METADATA:
        is_within = any(address in network for network in allowed.networks if network.version == address.version)
        if is_within or any(host == str(address) for host, _port in allowed.endpoints):
            yield f"it opens {address}, where clouds hand out the secrets of a machine"


@refuses("E013", "WINNOW_MAIL_TLS", "give starttls or tls")
def _mail_in_the_clear() -> Iterator[str]:
    relay = _relay()
    if relay.tls == "none" and relay.host and not is_here(relay.host):
        yield f"mails, with their links, would go to {relay.host} in the clear"


@refuses("E014", "WINNOW_MAIL_USER", "give both WINNOW_MAIL_USER and WINNOW_MAIL_PASSWORD, or neither")
def _half_a_sign_in() -> Iterator[str]:
    relay = _relay()
    if bool(relay.user) != bool(relay.password):
        yield "there is one half of a sign-in to the relay"


@refuses("E015", "WINNOW_MAIL_FROM", "give an address such as Winnow <winnow@example.org>")
def _no_sender() -> Iterator[str]:
    sender = settings.MAIL_FROM
    if sender and not _is_address(sender):
        yield f"{sender!r} is no address of mail"


@refuses("E016", "WINNOW_MAIL_FOLDER", "leave one of the two out")
def _mail_goes_nowhere() -> Iterator[str]:
    relay = _relay()
    if relay.folder and relay.host:
        yield "mails would stay in the folder, though WINNOW_MAIL_HOST names a relay"


@refuses("E017", "DATABASE_URL", "add ?sslmode=verify-full, or reach the server through a network of your own")
def _database_in_the_clear() -> Iterator[str]:
    host = _entry().get("HOST", "")
    mode = _entry()["OPTIONS"].get("sslmode", "")
    if host and not host.startswith("/") and not is_own(host) and mode not in ("require", "verify-ca", "verify-full"):
        yield f"{host} would be spoken to without TLS"


@refuses("E018", "DATABASE_URL", "leave that option out")
def _database_forgets() -> Iterator[str]:
    options = str(_entry()["OPTIONS"].get("options", ""))
    if found := re.search(r"synchronous_commit\s*=\s*(off|false|no|0)\b", options):
        yield f"with {found[0]} what was acknowledged may be lost"


@refuses("E019", "DATABASE_URL", "keep it on a disk of this machine, or use PostgreSQL")
def _database_on_a_network() -> Iterator[str]:
    if (file := _embedded()) and (kind := kind_of_disk(file, _mounts())) in NETWORK_FILES:
        yield f"{file} lies on {kind}, where two processes corrupt an embedded database"


@refuses("E020", "DATABASE_URL", "take the right away: chmod go-w")
def _database_is_open() -> Iterator[str]:
    file = _embedded()
    for path in (file, file.parent) if file else ():
        # A folder in which each may remove only what is theirs is none where ours can be replaced.
        is_sticky = path.is_dir() and path.stat().st_mode & stat.S_ISVTX
        if path.exists() and path.stat().st_mode & GROUP_OR_OTHERS_WRITE and not is_sticky:
            yield f"others on this machine may write {path}"


@refuses("E021", "DATABASE_URL", "make the folder, or correct the address")
def _database_has_no_folder() -> Iterator[str]:
    if (file := _embedded()) and not file.parent.is_dir():
        yield f"there is no folder {file.parent}"


@refuses("E022", "WINNOW_TAXONOMY", "name a file of approved tags, or leave it out")
def _no_taxonomy() -> Iterator[str]:
    if not settings.TAXONOMY.is_file():
        yield f"there is no file {settings.TAXONOMY}"


@refuses("E023", "NAME_FILE", "leave one of the two out")
def _said_twice() -> Iterator[str]:
    for name in sorted(home.ASKED):
        if os.environ.get(name) and os.environ.get(f"{name}_FILE"):
            yield f"{name} and {name}_FILE are both given"


@refuses("E024", "NAME_FILE", "take the right away: chmod go-w")
def _secret_can_be_exchanged() -> Iterator[str]:
    for name in sorted(home.ASKED):
        file = os.environ.get(f"{name}_FILE")
        if file and Path(file).stat().st_mode & GROUP_OR_OTHERS_WRITE:
            yield f"others on this machine may write {file}, which {name}_FILE names"


@refuses("E025", "WINNOW_...", "correct the name; docs/reference/settings.md lists them")
def _misspelt() -> Iterator[str]:
    known = {name + ending for name in home.ASKED for ending in ("", "_FILE")}
    for name in sorted(os.environ):
        if name.startswith("WINNOW_") and name not in known and (meant := get_close_matches(name, known, 1, 0.9)):
            yield f"there is no {name}; {meant[0]} perhaps"


@refuses("E026", "WINNOW_REVIEW_SHARES", f"the reasons are {', '.join(sorted(ReviewTask.Reason.values))}")
def _no_reason() -> Iterator[str]:
    for reason in settings.REVIEW_SHARES.keys() - set(ReviewTask.Reason.values):
        yield f"{reason!r} is no reason of a task"


@refuses("E027", "WINNOW_REDDIT_CLIENT_ID", "give it with WINNOW_REDDIT_CLIENT_SECRET, or give neither")
def _half_an_application() -> Iterator[str]:
    pair = [settings.CREDENTIALS[name] for name in (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET)]
    if any(pair) and not all(pair):
        yield "there is one half of an application at Reddit"


@refuses("E028", "the clock", "set the clock of this machine")
def _clock_is_behind() -> Iterator[str]:
    if time.time() < WRITTEN_AT:
        yield f"it says {time.strftime('%Y-%m-%d', time.gmtime())}, which is before this release was written"


@refuses("E029", "WINNOW_HOME", "choose a folder outside the program")
def _home_is_served() -> Iterator[str]:
    program = Path(__file__).parent
    if settings.HOME.resolve().is_relative_to(program):
        yield f"{settings.HOME} lies in the program, whose static files anybody may read"


@refuses("E030", "DEBUG", "take it out of the module that DJANGO_SETTINGS_MODULE names")
def _shows_its_inside() -> Iterator[str]:
    if settings.DEBUG:
        yield "pages of errors would show settings and code to strangers"


@refuses("E031", "MIDDLEWARE", "put it back into the module that DJANGO_SETTINGS_MODULE names")
def _unprotected() -> Iterator[str]:
    for name in PROTECTORS:
        if name not in settings.MIDDLEWARE:
            yield f"{name} is missing"


@refuses("E032", "DATABASE_URL", "give the account of the database a password that nobody guesses")
def _database_password() -> Iterator[str]:
    entry = _entry()
    host, password = entry.get("HOST", ""), entry.get("PASSWORD", "")
    if password and host and not host.startswith("/") and not is_here(host) and password in GUESSED_FIRST:
        yield f"the password for {host} is among the first that are tried"


@refuses("E033", "WINNOW_ALERT_MAIL", "give addresses such as ada@example.org, with commas between them")
def _nobody_is_told() -> Iterator[str]:
    for told in settings.ALERT_MAIL:
        if not _is_address(told):
            yield f"{told!r} is no address of mail, and nobody would hear of an alert"


def _mounts() -> str:
    file = Path("/proc/mounts")
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


def _is_address(text: str) -> bool:
    return text.isprintable() and bool(re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(text)[1]))


def _relay() -> Relay:
    told: dict[str, Any] = settings.MAIL_RELAY
    return Relay(**told)


def _entry() -> dict[str, Any]:
    """What Django is told of the database."""
    return dict(settings.DATABASES["default"])


def _embedded() -> Path | None:
    entry = _entry()
    return Path(entry["NAME"]) if entry["ENGINE"].endswith("sqlite3") else None


def _allowed() -> Allowance:
    """What the guard lets through; nothing where it cannot be read, which is a refusal of its own."""
    try:
        return Allowance.parse(settings.EGRESS_ALLOW)
    except ValueError:
        return Allowance()
