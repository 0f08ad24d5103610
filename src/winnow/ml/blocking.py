"""Under which keys a store finds what may be the same work: few, short, and equal where works are nearly so.

Titles: the whole, the name that it begins with, and three groups of its words, so that one word changed leaves a group untouched.
Descriptions: the least hashes of their runs of words (bottom-k sketch; Broder 1997, "On the resemblance and containment
of documents"), which two texts share about as often as they share runs.
Names: what a work is called, and what it points to, so that a paper and its code meet.
"""

import hashlib
from collections.abc import Iterable

from winnow.core.text import words
from winnow.core.values import Document
from winnow.ml.titles import compact, core_title, head, plain_words

# Raised when the keys below change; stored ones are then made again.
BLOCKING_VERSION = 1
N_GROUPS = 3
MIN_GROUP = 2
N_SKETCH = 3
RUN = 4
MIN_RUNS = 8
MAX_DESCRIPTION = 600


def blocking_keys(doc: Document, names: Iterable[str] = ()) -> tuple[int, ...]:
    """Keys of 63 bits, at most eight and one for each name, without repetition."""
    title = core_title(doc.title)
    keys = [_hash(f"title {name}") for name in (compact(title), head(title)) if name]
    keys += _groups(title)
    keys += _sketch(doc.description)
    keys += [_hash(f"name {name}") for name in sorted(names)]
    return tuple(dict.fromkeys(keys))


def _groups(title: str) -> list[int]:
    """The distinct words of a title, dealt by their hashes; a group of one word would find half of the store."""
    groups: list[list[str]] = [[] for _ in range(N_GROUPS)]
    for word in sorted(set(plain_words(title))):
        groups[_hash(word) % N_GROUPS].append(word)
    return [_hash(f"group {n} {' '.join(group)}") for n, group in enumerate(groups) if len(group) >= MIN_GROUP]


def _sketch(description: str) -> list[int]:
    said = words(description[:MAX_DESCRIPTION])
    runs = {_hash(f"run {' '.join(said[start : start + RUN])}") for start in range(len(said) - RUN + 1)}
    return sorted(runs)[:N_SKETCH] if len(runs) >= MIN_RUNS else []


def _hash(text: str) -> int:
    """A signed 64-bit column holds it, and no sign is needed."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") >> 1
