"""What connectors to JSON interfaces share: bounded answers, careful reading of fields, pages from the newest on."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from winnow.core.errors import FetchError
from winnow.core.values import Candidate
from winnow.egress.client import Client, Response
from winnow.sources.base import MAX_ENTRIES
from winnow.sources.markup import plain
from winnow.sources.strict_json import DECODER

# Ten times what the largest page of a known interface holds; JSON takes thirty times its size in memory.
MAX_BYTES = 4 * 1024 * 1024
# HTML inside of JSON is read in this process: stripping 8 KiB takes 5 ms at the worst.
MAX_MARKUP = 8 * 1024
MAX_PAGES = 3


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list: its candidates, the address of the next page (or nothing), and the answer that held it."""

    candidates: tuple[Candidate, ...]
    next: str
    response: Response


def get_json(
    client: Client,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    etag: str = "",
    interval: float | None = None,
) -> tuple[Any, Response]:
    """The value and the answer; None where nothing changed. Raises FetchError, `not_json` for what cannot be read."""
    response = client.fetch(
        address, headers={"Accept": "application/json", **(headers or {})}, etag=etag, interval=interval
    )
    return (None if response.status == 304 else read_json(response)), response


def read_json(response: Response) -> Any:
    """The value of an answer. Raises FetchError `too_large` or `not_json`."""
    if len(response.body) > MAX_BYTES:
        raise FetchError("too_large", f"the server sent more than {MAX_BYTES >> 20} MiB of JSON")
    try:
        return DECODER.decode(response.body.decode(json.detect_encoding(response.body)).removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise FetchError("not_json", "the server sent something that is no JSON") from None


def newest_first(first: str, known: str, ask: Callable[[str], Leaf]) -> tuple[tuple[Candidate, ...], str, Response]:
    """Read a list from its newest end until the entry `known` turns up, at most MAX_PAGES pages.

    Returns the candidates, the entry that is the newest now, and the first answer.
    """
    leaf = answered = ask(first)
    found = list(leaf.candidates)
    for _ in range(MAX_PAGES - 1):
        if not leaf.next or not leaf.candidates or any(one.external_id == known for one in found):
            break
        leaf = ask(leaf.next)
        found += leaf.candidates
    dated = max(
        (one for one in found if one.published_at is not None), key=lambda one: one.published_at or _NEVER, default=None
    )
    return tuple(found[:MAX_ENTRIES]), dated.external_id if dated else known, answered.response


_NEVER = datetime.min.replace(tzinfo=UTC)


def mapping(value: Any) -> dict[str, Any]:
    """The value where it is an object, else an empty one: what is missing and what is odd look alike."""
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def string(holder: Mapping[str, Any], *path: str) -> str:
    """The text at the end of a path of names; numbers become text, anything else is nothing."""
    value: Any = holder
    for name in path:
        value = mapping(value).get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def numbers(holder: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, float]:
    """The counts under the names that they have there, by the names that they have here."""
    found = {ours: holder.get(theirs) for ours, theirs in names.items()}
    return {
        name: float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    }


def moment(value: Any) -> datetime | None:
    """A moment from seconds since 1970; None for what is none."""
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def text_of(markup: str) -> str:
    """The text of a little HTML."""
    return plain(markup[:MAX_MARKUP], is_markup=True)


def with_query(address: str, **parameters: str) -> str:
    """The address with these parameters, where it does not name them itself."""
    parts = urlsplit(address)
    given = parse_qsl(parts.query, keep_blank_values=True)
    names = {name for name, _ in given}
    asked = [*given, *((name, value) for name, value in parameters.items() if name not in names)]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(asked, safe=":,"), ""))


def replaced_query(address: str, **parameters: str) -> str:
    """The address with these parameters in the place of those that it had under their names."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in parameters]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode([*kept, *parameters.items()], safe=":,"), ""))


def parts_of(address: str) -> SplitResult:
    """An address taken apart; one that cannot be is empty."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def host_of(address: str) -> str:
    """The host of an address in lower case, without `www.`; empty where there is none."""
    return (parts_of(address).hostname or "").removeprefix("www.")


def may_know(address: str, hosts: Collection[str]) -> bool:
    """Whether a secret may be shown to an address: the service itself over https, or this machine."""
    host = host_of(address)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in hosts and address.lower().startswith("https://")
