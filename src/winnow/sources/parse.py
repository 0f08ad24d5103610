"""Feeds to entries, parsed in a child process that may die instead of us.

One feed of 788 KB is enough to crash the parser's process, and 40,000 attributes keep it busy for 19 s.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from winnow.core.errors import FetchError

WALL_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed in plain text; `link` is http(s) or empty, `published` is in UTC.

    `links` are other addresses of the same work, `signals` what the feed counts of it.
    """

    id: str
    title: str
    summary: str
    link: str
    published: datetime | None
    author: str
    links: tuple[str, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed: its newest entries, and how many more it held."""

    title: str
    entries: tuple[Entry, ...]
    left_out: int


def parse_feed(body: bytes, *, content_type: str = "", address: str = "") -> Feed:
    """Parse RSS, Atom, RDF or JSON Feed; `address` is where relative links start from.

    Raises FetchError `not_a_feed`, `encoding`, `too_complex` (too deep, or beyond 2 s of processor,
    512 MiB or 6 s) or `parser_crashed`. Takes 0.1 s more than parsing alone.
    """
    question = json.dumps({"content_type": content_type, "address": address}).encode() + b"\n" + body
    answer = json.loads(_in_child(question))
    if "error" in answer:
        raise FetchError(answer["error"], answer["message"])
    return Feed(answer["title"], tuple(map(_entry, answer["entries"])), answer["left_out"])


def _in_child(question: bytes) -> bytes:
    # Isolated from the environment and the user's site; the paths are those of this process, so that
    # both see the same code. Nothing is inherited but the two pipes, and where the libraries of some Pythons lie.
    code = "import sys; sys.path[:] = sys.argv[1:]; from winnow.sources.parse_child import main; main()"
    command = [sys.executable, "-I", "-S", "-c", code, *map(os.path.abspath, sys.path)]
    try:
        done = subprocess.run(  # noqa: S603 -- this interpreter, and code that stands above
            command,
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"},
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_slow() from None
    if done.returncode == -signal.SIGXCPU:
        raise _too_slow()
    if done.returncode != 0:
        raise FetchError("parser_crashed", "the feed crashed the parser")
    return done.stdout


def _too_slow() -> FetchError:
    return FetchError("too_complex", "the feed takes too long to parse")


def _entry(fields: dict[str, Any]) -> Entry:
    written, links = fields.pop("published"), fields.pop("links", ())
    return Entry(**fields, links=tuple(links), published=datetime.fromisoformat(written) if written else None)
