"""Feeds that mean harm, and good ones that were damaged: the same for the same seed."""

import random
from collections.abc import Callable, Iterator, Sequence

HEAD = b"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>"
TAIL = b"</channel></rss>"
ITEM = b"<item><title>T</title><link>https://a.test/1</link></item>"
SPLICES = (
    b"<item>", b"</item>", b"</channel>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#0;", b"&#xFFFFFFFF;", b"&nbsp;", b"&a;",
    b"<?xml version='1.1' encoding='utf-7'?>", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"\x00", b"\xff\xfe", b"\xed\xa0\x80",
    b"xml:base='javascript:1'", b"\xe2\x80\xae", b"<", b">", b'"', b"'", b"{", b"}", b"[", b"]", b":", b",", b"null", b"1e999",
)  # fmt: skip


def mutants(good: Sequence[bytes], n: int, *, seed: int) -> Iterator[bytes]:
    """`n` feeds; a tenth of them is made by hand in growing sizes, the rest are good ones, damaged."""
    rng = random.Random(seed)
    for number in range(n):
        yield rng.choice(ATTACKS)(rng) if number % 10 == 0 else damaged(rng.choice(good), rng, good)


def damaged(feed: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    """One to six hurts, one after the other."""
    for _ in range(rng.randint(1, 6)):
        feed = rng.choice(HURTS)(feed, rng, others)
    return feed


def _cut(feed: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    return feed[: rng.randrange(len(feed) + 1)]


def _flip(feed: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    hurt = bytearray(feed)
    for _n in range(min(len(hurt), rng.randint(1, 30))):
        hurt[rng.randrange(len(hurt))] = rng.randrange(256)
    return bytes(hurt)


def _splice(feed: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    place = rng.randrange(len(feed) + 1)
    return feed[:place] + rng.choice(SPLICES) * rng.choice((1, 1, 1, 50, 5000)) + feed[place:]


def _repeat(feed: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(feed) + 1)
    piece = feed[start : start + rng.randint(1, 2000)]
    return feed[:start] + piece * rng.choice((2, 10, 300)) + feed[start:]


def _drop(feed: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(feed) + 1)
    return feed[:start] + feed[start + rng.randint(1, 500) :]


def _join(feed: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    return feed[: rng.randrange(len(feed) + 1)] + other[rng.randrange(len(other) + 1) :]


def _recode(feed: bytes, rng: random.Random, _: Sequence[bytes]) -> bytes:
    return feed.decode("utf-8", "replace").encode(
        rng.choice(("utf-16", "utf-32", "utf-7", "cp037", "utf-16-le")), "replace"
    )


HURTS: tuple[Callable[[bytes, random.Random, Sequence[bytes]], bytes], ...] = (
    _cut, _flip, _splice, _splice, _repeat, _drop, _join, _recode,
)  # fmt: skip


def _size(rng: random.Random, largest: int) -> int:
    return int(10 ** rng.uniform(1, len(str(largest)) - 1))


ATTACKS: tuple[Callable[[random.Random], bytes], ...] = (
    lambda rng: HEAD + ITEM * _size(rng, 100_000) + TAIL,
    lambda rng: HEAD + b"<a>" * _size(rng, 1_000_000) + TAIL,
    lambda rng: HEAD + b"<item " + b"".join(b"a%d='' " % n for n in range(_size(rng, 100_000))) + b"/>" + TAIL,
    lambda rng: HEAD + b"<item><title>" + b"x" * _size(rng, 10_000_000) + b"</title></item>" + TAIL,
    lambda rng: (
        HEAD + b"<item><description>" + b"&lt;div&gt;" * _size(rng, 1_000_000) + b"</description></item>" + TAIL
    ),
    lambda rng: b"<!DOCTYPE a [<!ENTITY b 'c'>" + b"<!ENTITY d '&b;&b;'>" * _size(rng, 10_000) + b"]>" + HEAD + TAIL,
    lambda rng: HEAD + b"<item><title>" + b"&amp;" * _size(rng, 1_000_000) + b"</title></item>" + TAIL,
    lambda rng: HEAD + b"<item><title><![CDATA[" + b"<b>" * _size(rng, 1_000_000) + TAIL,
    lambda rng: HEAD + b"<!--" * _size(rng, 1_000_000),
    lambda rng: HEAD + b"<item><pubDate>" + b"9" * _size(rng, 1_000_000) + b"</pubDate></item>" + TAIL,
    lambda rng: HEAD + b"<item><link>https://" + b"a/" * _size(rng, 1_000_000) + b"</link></item>" + TAIL,
    lambda rng: HEAD + b"".join(b"<item xmlns:n%d='u%d'/>" % (n, n) for n in range(_size(rng, 100_000))) + TAIL,
    lambda rng: b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * _size(rng, 1_000_000),
    lambda rng: (
        b'{"version": "https://jsonfeed.org/version/1", "items": [' + b'{"id": 1},' * _size(rng, 1_000_000) + b"{}]}"
    ),
    lambda rng: (
        b'{"version": "https://jsonfeed.org/version/1", "title": "'
        + b"\\ud800" * _size(rng, 100_000)
        + b'", "items": []}'
    ),
    lambda rng: b"\0" * _size(rng, 1_000_000) + HEAD + TAIL,
    lambda rng: HEAD + b"<item><title>" + "\u0300".encode() * _size(rng, 1_000_000) + b"</title></item>" + TAIL,
    lambda rng: bytes(rng.randrange(256) for _ in range(_size(rng, 100_000))),
)
