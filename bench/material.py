"""The labelled material that benchmarks measure with, as examples."""

import csv
from collections.abc import Sequence
from pathlib import Path

from record import SHARED
from winnow.core.text import document, fingerprint
from winnow.core.urls import identity_keys
from winnow.core.values import Example
from winnow.home import DATA


def starter() -> list[Example]:
    """The starter set that ships."""
    return [example for path in sorted((DATA / "gold").glob("*.csv")) for example in examples_of(path)]


def seed() -> list[Example]:
    """The seed set of another site."""
    return examples_of(SHARED / "made-with-ml" / "dataset.csv")


def lists() -> list[Example]:
    """Public lists that others wrote and labelled."""
    return examples_of(SHARED / "text" / "lists_labelled.csv")


def examples_of(path: Path) -> list[Example]:
    """The rows of a labelled file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_example(row) for row in csv.DictReader(file)]


def strangers(examples: Sequence[Example], known: Sequence[Example]) -> list[Example]:
    """Those whose work is not among the known ones, by address or title."""
    seen = {e.group for e in known if e.group} | {fingerprint(e.document.title) for e in known}
    return [e for e in examples if e.group not in seen and fingerprint(e.document.title) not in seen]


def _example(row: dict[str, str]) -> Example:
    keys = identity_keys(row.get("url", ""))
    text, group = document(row["title"], row["description"]), keys[0] if keys else ""
    return Example(text, row["tag"], row["id"], group, created_on=row.get("created_on", ""), url=row.get("url", ""))
