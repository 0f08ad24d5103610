"""From the text of a URL to what is asked of whom; odd forms are refused before any look-up."""

import re
import string
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin, urlsplit

import idna

from winnow.core.errors import FetchError
from winnow.egress.addresses import is_numeric

MAX_URL = 8192
_PORTS = {"http": 80, "https": 443}
# Parsers disagree about these, and what one reads as a path another reads as a host.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to ask for. `host` is ASCII and without brackets; `path` holds the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as they stand in a URL and in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """What must be equal for two targets to be of one site."""
        return self.scheme, self.host, self.port

    @property
    def url(self) -> str:
        """The whole in ASCII, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"

    def redirected(self, location: bytes) -> "Target":
        """Where a redirect leads; raises FetchError for all that `parse_target` refuses and for a step down to http."""
        if not location:
            raise FetchError("protocol", "the server redirects without saying where to")
        try:
            url = urljoin(self.url, quote(location, safe=string.punctuation))
        except ValueError as error:
            raise _bad("the redirect leads to an address that cannot be read") from error
        target = parse_target(url)
        if self.scheme == "https" and target.scheme == "http":
            raise _bad("the redirect leads from https down to http")
        return target


def parse_target(url: str) -> Target:
    """Read a URL strictly. Raises FetchError `bad_address`, or `blocked_address` for a disguised IPv4 address."""
    if len(url) > MAX_URL or _FORBIDDEN.search(url):
        raise _bad("the address is too long, or holds a blank, a control character or a backslash")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _bad("the address cannot be read") from error
    if parts.scheme not in _PORTS:
        raise _bad("the address does not begin with http:// or https://")
    if "@" in parts.netloc:
        raise _bad("the address holds a user name or a password")
    if port == 0:
        raise _bad("the address names port 0")
    path = quote(parts.path or "/", safe=string.punctuation)
    query = f"?{quote(parts.query, safe=string.punctuation)}" if parts.query else ""
    host = _bracketed(parts.hostname or "") if "[" in parts.netloc else _host(parts.hostname or "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path + query)


def _bracketed(host: str) -> str:
    try:
        address = IPv6Address(host)
    except ValueError as error:
        raise _bad("the address in brackets cannot be read") from error
    if address.scope_id is not None:
        raise _bad("the address in brackets names a network interface")
    return str(address)


def _host(host: str) -> str:
    host = _ascii(host).removesuffix(".")
    if _NAME.fullmatch(host) is None:
        raise _bad("the address names no host that can be looked up")
    if is_numeric(host) and not _is_dotted_quad(host):
        raise FetchError("blocked_address", "the address hides an IPv4 address behind an unusual notation")
    return host


def _ascii(host: str) -> str:
    """The name as it is looked up; look-alikes that fold into other characters (circled digits) are refused."""
    if host.isascii():
        return host
    # The ideographic full stop is no look-alike to Unicode, but resolvers take it for a dot.
    if unicodedata.normalize("NFKC", host).replace("。", ".") != unicodedata.normalize("NFC", host):
        raise _bad("the address names a host in look-alike characters")
    try:
        return idna.encode(host).decode("ascii")
    except idna.IDNAError as error:
        raise _bad("the address names no host that can be looked up") from error


def _is_dotted_quad(host: str) -> bool:
    try:
        return str(IPv4Address(host)) == host
    except ValueError:
        return False


def _bad(reason: str) -> FetchError:
    return FetchError("bad_address", reason)
