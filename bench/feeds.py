"""Are real feeds read with the number of entries that feedparser reads; do hostile ones end in a count or a typed error.

`feeds.py [N]`: every feed of the six test corpora beside the checkout, by what the child process answers, then N
(10,000) hostile and mutated ones, each in a child process of its own, as gathering does it.
"""

import io
import json
import os
import resource
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import feedparser

from hostile_feeds import mutants
from record import SHARED, quantiles, record
from winnow.core.errors import FetchError
from winnow.core.intervals import clopper_pearson
from winnow.sources.parse import parse_feed
from winnow.sources.parse_child import ADDRESS_SPACE, _answer

CORPORA = ("feedjira", "feedparser", "lemon24-reader", "netnewswire", "node-feedparser", "rss-parser")
ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json")
N = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000


def main() -> None:
    """Compare, mutate, record."""
    figures: dict[str, object] = {}
    real = [path for corpus in CORPORA for path in feeds_of(SHARED / "feeds" / corpus)]
    differing = [path for path in real if not is_alike(path)]
    share = clopper_pearson(len(real) - len(differing), len(real))
    figures["real feeds"] = {
        "n": len(real),
        "read alike": round(share.value, 4),
        "interval": [round(share.low, 4), round(share.high, 4)],
        "differing": [str(path.relative_to(SHARED / "feeds")) for path in differing],
    }
    ends: Counter[str] = Counter()
    seconds: list[float] = []
    good = [path.read_bytes() for path in real if path.stat().st_size < 200_000]
    with ThreadPoolExecutor(2) as pool:
        for end, taken in pool.map(outcome, mutants(good, N, seed=1)):
            ends[end] += 1
            seconds.append(taken)
    figures["hostile feeds"] = {"n": N, "ends": dict(ends.most_common()), "wall seconds": quantiles(seconds)}
    figures["hostile feeds: untyped ends"] = ends["crash"]
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Enforced by the system; what a child reports as its largest would be that of the process which it was started from.
    figures["hostile feeds: address space of a child, MiB, at most"] = ADDRESS_SPACE / 2**20
    figures["hostile feeds: processor seconds each"] = round((usage.ru_utime + usage.ru_stime) / N, 3)
    record("feeds", figures)


def feeds_of(folder: Path) -> list[Path]:
    """Every file that is a feed by its name; what feedparser itself takes for none is no feed to compare with."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())


def is_alike(path: Path) -> bool:
    """Whether both readers see the same number of entries; JSON, which feedparser does not know, by its list of items."""
    body = path.read_bytes()
    answer = _answer(body, "", "")
    return len(answer.get("entries", ())) - ("error" in answer) == theirs(path, body)


def theirs(path: Path, body: bytes) -> int:
    """The oracle's count; -1 where it sees no feed."""
    if path.suffix == ".json":
        try:
            feed = json.loads(body)
            return len(feed["items"]) if "jsonfeed.org" in str(feed.get("version")) else -1
        except (ValueError, KeyError, AttributeError):
            return -1
    parsed = feedparser.parse(io.BytesIO(body))
    return len(parsed.entries) if parsed.entries or parsed.version else -1


def outcome(body: bytes) -> tuple[str, float]:
    """How reading one feed ended, and after how many seconds."""
    started = time.perf_counter()
    try:
        end = "count" if parse_feed(body).entries is not None else "crash"
    except FetchError as error:
        end = error.code
    except Exception as error:  # noqa: BLE001 -- whatever else comes out is what is looked for
        end = "crash"
        sys.stderr.write(f"{type(error).__name__}: {error} {body[:80]!r}\n")
    return end, time.perf_counter() - started


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
