"""Feeds of every kind in the child process: what it brings back, and what it takes to break it."""

import io
import random
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import feedparser
import pytest

from winnow.core.errors import FetchError
from winnow.sources import parse
from winnow.sources.parse import Entry, Feed, parse_feed

# 2 s of processor, and what a busy machine adds.
PATIENCE = parse.WALL_SECONDS + 2
REFUSALS = {"not_a_feed", "too_complex", "parser_crashed", "encoding"}


def outcome(body: bytes, **options) -> str | int:
    started = time.monotonic()
    try:
        feed = parse_feed(body, **options)
    except FetchError as error:
        return error.code
    finally:
        assert time.monotonic() - started < PATIENCE
    return len(feed.entries) + feed.left_out


def test_a_feed_comes_back_as_values(rss):
    body = rss("<title>T &amp; x</title><link>/x</link><guid>g</guid><pubDate>Wed, 25 Nov 2026 12:00:00 GMT</pubDate>")
    assert parse_feed(body, content_type="application/rss+xml", address="https://a.test/feed") == Feed(
        title="Feed",
        entries=(Entry("g", "T & x", "", "https://a.test/x", datetime(2026, 11, 25, 12, tzinfo=UTC), ""),),
        left_out=0,
    )


def test_a_json_feed_comes_back_as_values():
    body = b'\xef\xbb\xbf {"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "\\ud800"}]}'
    assert parse_feed(body).entries == (Entry("1", "\ud800", "", "", None, ""),)


def every_seventh(folder):
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in (".json", ".jsonl")][
        ::7
    ]


@pytest.mark.parametrize("part", range(4))
def test_real_feeds_have_as_many_entries_as_feedparser_finds(feeds, part):
    paths = every_seventh(feeds)
    assert len(paths) >= 140
    for path in paths[part::4]:
        body = path.read_bytes()
        expected = feedparser.parse(io.BytesIO(body))
        known = len(expected.entries) if expected.version or expected.entries else "not_a_feed"
        assert (path.name, outcome(body)) == (path.name, "too_complex" if b"<!ENTITY" in body else known)


def mutated(body: bytes, rng: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.randint(1, 30)):
        start = rng.randrange(len(changed) + 1)
        end = start + rng.randint(0, 60)
        piece = [
            rng.randbytes(rng.randint(0, 9)),
            bytes(changed[start:end]) * 3,
            b"<![CDATA[",
            b"]]>",
            b"&",
            b"<",
            b">",
            b"-->",
        ]
        changed[start:end] = rng.choice(piece)
    return bytes(changed[: rng.choice([None, rng.randrange(len(changed) + 1)])])


@pytest.mark.parametrize("seed", range(4))
def test_mutated_feeds_end_in_a_count_or_a_typed_refusal(feeds, seed):
    rng = random.Random(seed)
    paths = [path for path in sorted(feeds.rglob("*")) if path.is_file() and 0 < path.stat().st_size < 200_000]
    found = [outcome(mutated(rng.choice(paths).read_bytes(), rng)) for _ in range(50)]
    assert {type(answer) for answer in found} == {int, str}
    assert {answer for answer in found if isinstance(answer, str)} <= REFUSALS


def test_x19_a_feed_cut_anywhere_is_a_count_or_a_typed_refusal(rss):
    body = rss(*(f"Title {number}" for number in range(40)))
    found = [outcome(body[:length]) for length in range(0, len(body), 1024)]
    assert found[0] == "not_a_feed"
    assert all(isinstance(answer, int) for answer in found[1:])


def test_x1_billion_laughs_are_refused():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    assert (
        outcome(f'<!DOCTYPE r [<!ENTITY a0 "ha">{entities}]><rss><channel>&a9;</channel></rss>'.encode())
        == "too_complex"
    )


def test_x2_external_entities_are_refused(tmp_path):
    (tmp_path / "secret").write_text("secret")
    for declaration in (
        f'a SYSTEM "file://{tmp_path}/secret"',
        'a SYSTEM "http://127.0.0.1:1/"',
        '% a SYSTEM "file:///x"',
    ):
        assert outcome(f"<!DOCTYPE r [<!ENTITY {declaration}>]><rss version='2.0'/>".encode()) == "too_complex"


def test_x3_a_chain_of_30000_entities_is_refused():
    chain = b"".join(b'<!ENTITY a%d "&a%d;">' % (number, number - 1) for number in range(1, 30_000))
    assert outcome(b"<!DOCTYPE r [" + chain + b"]><rss><channel>&a29999;</channel></rss>") == "too_complex"


def test_x4_100000_attributes_meet_the_limit_of_the_processor(rss):
    attributes = " ".join(f"a{number}='x'" for number in range(100_000))
    assert outcome(rss(f"<x {attributes}/><title>T</title>")) == "too_complex"


def test_x5_nesting_of_200000_elements_is_refused(rss):
    assert outcome(rss("<a>" * 200_000)) == "too_complex"


def test_x6_of_50000_items_the_newest_500_are_kept(rss):
    items = (f"<title>T{n}</title><pubDate>{1 + n % 28} Nov 2025 12:00:00 GMT</pubDate>" for n in range(50_000))
    feed = parse_feed(rss(*items))
    assert (len(feed.entries), feed.left_out) == (500, 49_500)
    assert {entry.published for entry in feed.entries} == {datetime(2025, 11, 28, 12, tzinfo=UTC)}


def test_x7_a_title_of_5_megabytes_comes_back_cut(rss):
    assert len(parse_feed(rss("x" * 5_000_000)).entries[0].title) == 64 * 1024


def test_x15_json_of_100000_nested_arrays_is_refused():
    assert outcome(b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"[" * 100_000) == "too_complex"


def test_x17_500_kilobytes_of_nested_divs_are_cut(rss):
    assert outcome(rss(f"<title>T</title><description><![CDATA[{'<div>' * 100_000}]]></description>")) == 1


@pytest.mark.parametrize(
    "body", [b"<" * 3_000_000, b"<!--" * 1_000_000, b"<![CDATA[" * 500_000, b"<a " * 3_000_000, b"&" * 3_000_000]
)
def test_floods_of_half_open_markup_end_in_a_typed_refusal(body):
    assert outcome(b"<rss>" + body) in (*REFUSALS, 0)


def test_a_feed_that_breaks_the_limits_holds_up_no_other_thread(rss):
    attributes = " ".join(f"a{number}='1'" for number in range(100_000))
    hostile = rss(f"<x {attributes}/>")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(outcome, [hostile, rss("T"), b"<html>", rss("T", "U")]))
    assert found == ["too_complex", 1, "not_a_feed", 2]


def test_f24_a_captive_portal_is_no_feed():
    assert outcome(b"<!doctype html><html><title>Sign in</title><p>Welcome", content_type="text/html") == "not_a_feed"


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "parser_crashed"),
        ("raise SystemExit(1)", "parser_crashed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too_complex"),
        ("import time; time.sleep(60)", "too_complex"),
    ],
)
def test_x3_however_the_child_dies_the_parent_answers(monkeypatch, code, refusal):
    real = subprocess.run
    monkeypatch.setattr(parse, "WALL_SECONDS", 0.5)
    monkeypatch.setattr(subprocess, "run", lambda command, **options: real([*command[:4], code], **options))
    assert outcome(b"<rss version='2.0'/>") == refusal


def test_the_child_sees_nothing_of_the_environment(monkeypatch):
    seen = {}
    real = subprocess.run

    def spy(command, **options):
        seen.update(command=command, **options)
        return real(command, **options)

    monkeypatch.setattr(subprocess, "run", spy)
    monkeypatch.setenv("SECRET_KEY", "secret")
    assert outcome(b"<rss version='2.0'/>") == 0
    assert seen["env"].keys() <= {"LD_LIBRARY_PATH"}
    assert "-I" in seen["command"]
