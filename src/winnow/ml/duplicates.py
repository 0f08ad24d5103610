"""Are two works one? A scorer of pairs, from shared names, titles and vectors. It sees no store and no network.

It leans towards "different": to merge two works loses one of them, to miss a pair shows a thing twice.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from winnow.core.text import fingerprint, words
from winnow.core.values import Document

MIN_BLOCK_WORDS = 4
# The thresholds stand where 2,551 real pairs leave no wrong "same" (see tests/ml/test_duplicates.py).
EQUAL_TITLE_NEAR = 0.85
RENAMED_NEAR = 0.9
CLOSE_TITLE = 0.95
CLOSE_NEAR = 0.9
MAYBE_TITLE, MAYBE_NEAR = 0.8, 0.7
# A title alone has to say this much to be nobody else's.
TELLING_WORDS = 6
# One work may have several of these; two of any other kind are two works.
_LOOSE_KINDS = frozenset({"url", "doi"})
# A repository keeps its name when its owner changes.
_MOVABLE_KINDS = frozenset({"github", "gitlab", "huggingface"})
_MONTHS = "january february march april may june july august september october november december"
_NUMBER = re.compile(rf"\d+(?:\.\d+)*|\b(?:[ivx]{{2,}}|{'|'.join(_MONTHS.split())})\b")


@dataclass(frozen=True, slots=True)
class Work:
    """One side of a pair: what it says, its typed names (`arxiv:1706.03762`), and its unit vector where there is one."""

    document: Document
    keys: frozenset[str] = frozenset()
    vector: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class DuplicateVerdict:
    """`evidence` says in words why; `score` from 0 to 1 orders what a person looks at."""

    verdict: Literal["same", "maybe", "different"]
    evidence: str
    score: float


def same_work(a: Work, b: Work) -> DuplicateVerdict:
    """Whether two works are one.

    A shared name decides; otherwise different names of one kind speak against it, as do other numbers in the titles
    (years, versions, parts of a series), and only equal titles with close descriptions speak for it.
    """
    shared = sorted(a.keys & b.keys)
    if shared:
        return DuplicateVerdict("same", f"both are {shared[0]}", 1.0)
    alike = fuzz.token_sort_ratio(_plain(a.document.title), _plain(b.document.title)) / 100
    near = 0.0 if a.vector is None or b.vector is None else min(1.0, float(np.dot(a.vector, b.vector)))
    score = round((alike + max(near, 0.0)) / 2, 4)
    if _numbers(a.document) != _numbers(b.document):
        return DuplicateVerdict("different", "the titles bear different numbers or dates", score / 2)
    kind = _contradiction(a.keys, b.keys)
    if kind and kind not in _MOVABLE_KINDS:
        return DuplicateVerdict("different", f"each has its own {kind}", score / 2)
    words_in_common = f"titles {alike:.0%} alike, texts {near:.2f} near"
    if _is_same(a.document, b.document, alike, near, moved=bool(kind)):
        return DuplicateVerdict("same", words_in_common, score)
    is_near = near >= MAYBE_NEAR or near == 0.0
    return DuplicateVerdict("maybe" if alike >= MAYBE_TITLE and is_near else "different", words_in_common, score)


def blocking_keys(doc: Document) -> tuple[str, ...]:
    """Keys under which a store finds candidates for the pair scorer: equal titles of four words or more."""
    if len(words(doc.title)) < MIN_BLOCK_WORDS:
        return ()
    return (f"title:{fingerprint(doc.title)}",)


def _is_same(a: Document, b: Document, alike: float, near: float, *, moved: bool) -> bool:
    """Whether title and text suffice. Without descriptions the vectors say no more than the titles do."""
    has_text = bool(a.description and b.description)
    n_words = len(words(a.title))
    if fingerprint(a.title) == fingerprint(b.title):
        enough = RENAMED_NEAR if moved else EQUAL_TITLE_NEAR
        return near >= enough if has_text else n_words >= TELLING_WORDS and not moved
    return has_text and not moved and n_words >= MIN_BLOCK_WORDS and alike >= CLOSE_TITLE and near >= CLOSE_NEAR


def _plain(title: str) -> str:
    return " ".join(words(title))


def _numbers(doc: Document) -> list[str]:
    return sorted(_NUMBER.findall(doc.title.lower()))


def _contradiction(a: Iterable[str], b: Iterable[str]) -> str:
    """The kind of name of which both have one, and not the same; empty where there is none."""
    kinds: defaultdict[str, int] = defaultdict(int)
    for side, keys in ((1, a), (2, b)):
        for key in keys:
            kinds[key.partition(":")[0]] |= side
    return next((kind for kind in sorted(kinds) if kinds[kind] == 3 and kind not in _LOOSE_KINDS), "")
