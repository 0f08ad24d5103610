"""Whether each canonical address is its own canonical form, and which addresses are told to be one.

Idempotence on every address that stands anywhere in the shared material; the table of pairs written for the tests; and
a table of pairs from the tests of other tools, whose policies disagree on purpose.
"""

import csv
import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from record import ROOT, SHARED, record
from winnow.core.urls import canonical_url, identity_keys

OWN = ROOT / "tests" / "core" / "address_pairs.csv"
ADDRESS = re.compile(r"https?://[^\s\"'<>|\\^`]+", re.IGNORECASE)
TEXT = (".csv", ".gz", ".xml", ".json", ".jsonl", ".opml", ".txt", ".html", ".md", ".rss", ".atom", ".rdf")


def addresses() -> Iterator[str]:
    """Every address in the material, as often as it stands there."""
    for path in sorted(SHARED.rglob("*")):
        if path.is_file() and path.suffix in TEXT:
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            yield from ADDRESS.findall(data.decode("utf-8", errors="replace"))


def idempotence() -> dict[str, object]:
    """How many addresses there are, and how many change when they are made canonical a second time."""
    distinct = list(dict.fromkeys(addresses()))
    started = perf_counter()
    forms = [(url, form) for url in distinct if (form := canonical_url(url)) is not None]
    seconds = perf_counter() - started
    moved = [url for url, form in forms if canonical_url(form) != form or identity_keys(form) != identity_keys(url)]
    for url in moved[:20]:
        print("moves:", url, canonical_url(url))
    return {
        "n": len(distinct),
        "n_canonical": len(forms),
        "n_moved": len(moved),
        "us_each": round(seconds / len(distinct) * 1e6, 1),
    }


def pairs(path: Path, one: str, other: str, relation: str, same: str) -> dict[str, int]:
    """How many pairs of one work are found and how many of two are merged."""
    counts = {"n_same": 0, "n_found": 0, "n_different": 0, "n_merged": 0}
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            is_one = bool(set(identity_keys(row[one] or "")) & set(identity_keys(row[other] or "")))
            kind, outcome = ("n_same", "n_found") if row[relation] == same else ("n_different", "n_merged")
            counts[kind] += 1
            counts[outcome] += is_one
    return counts


def main() -> None:
    """Measure and keep."""
    foreign = SHARED / "urls" / "url_equivalence_pairs.csv"
    figures = {
        "own_pairs": pairs(OWN, "one", "other", "relation", "same"),
        "pairs_of_other_tools": pairs(foreign, "url_a", "url_b", "same", "1"),
        "idempotence": idempotence(),
    }
    record("addresses", figures)


if __name__ == "__main__":
    main()
