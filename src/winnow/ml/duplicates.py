"""Are two works one? A scorer of pairs, from shared names, titles, texts and vectors. It sees no store and no network.

It leans towards "different": to merge two works loses one of them, to miss a pair shows a thing twice.
"same" may merge by itself; "maybe" is put before a person.
The thresholds are round numbers set by hand; nothing was fitted. Whoever set them had seen how the likenesses spread over
all of the labelled pairs on which `bench/duplicates.py` measures, so that its figures are a little kind.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from winnow.core.text import words
from winnow.core.values import Document
from winnow.ml.titles import compact, core_title, head, numbers, plain_words, purpose

Verdict = Literal["same", "maybe", "different"]

# Equal titles: how near the texts must be to merge, and to be worth a look.
EQUAL_NEAR, EQUAL_MAYBE, EQUAL_MAYBE_BARE = 0.85, 0.5, 0.3
# A title alone has to say this much to be nobody else's, and to be said about the same time.
TELLING_WORDS = 6
TELLING_TIME = timedelta(days=60)
MIN_EQUAL_WORDS = 3
# Nearly equal titles.
CLOSE_TITLE, CLOSE_NEAR, MIN_CLOSE_WORDS = 0.95, 0.9, 4
MAYBE_TITLE, MAYBE_NEAR = 0.9, 0.8
MAYBE_BARE, MIN_BARE_WORDS = 0.85, 3
# `Moss` and `Moss: parsers for all`.
NAMED_NEAR = 0.85
# One long text under two titles, as when a paper is renamed.
LONG_TEXT, LONG_TITLE, LONG_SAME, LONG_MAYBE = 200, 0.4, 0.9, 0.7
SHORT_TEXT, SHORT_TITLE, SHORT_MAYBE = 60, 0.6, 0.98
# A moved repository keeps its description to the letter.
MOVED_TEXT, MIN_MOVED_TEXT = 0.97, 40
# One address names the other: as the code of the paper. How much the two must have in common beside that.
LINKED = 0.6
_MAX_TEXT = 600
# One work may have several of these; two of any other kind are two works.
_LOOSE_KINDS = frozenset({"url", "doi"})
# A repository keeps its name when its owner changes.
_MOVABLE_KINDS = frozenset({"github", "gitlab", "huggingface"})
_ONE_OF_MANY = re.compile(
    r"\b(?:re-?)?implement\w*|\bunofficial\b|\bports?\b|\breproduc\w*|\bclones?\b|\btutorials?\b|\bexamples?\b"
)


@dataclass(frozen=True, slots=True)
class Work:
    """One side of a pair.

    What it says, its typed names (`arxiv:1706.03762`), its unit vector where there is one, the names of works that it
    points to as being itself elsewhere (a paper's code), when it is from, and by whom (`ml.authors`).
    """

    document: Document
    keys: frozenset[str] = frozenset()
    vector: NDArray[np.float32] | None = None
    links: frozenset[str] = frozenset()
    dated_at: datetime | None = None
    authors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DuplicateVerdict:
    """`evidence` says in words why; `score` from 0 to 1 orders what a person looks at."""

    verdict: Verdict
    evidence: str
    score: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two works have in common, each from 0 to 1; `text` is 0 unless both have a description."""

    title: float
    near: float
    text: float
    is_equal_title: bool
    is_named_alike: bool
    n_words: int
    n_text: int
    n_descriptions: int

    @property
    def score(self) -> float:
        """Titles and vectors count alike."""
        return round((self.title + self.near) / 2, 4)

    def in_words(self) -> str:
        """The evidence as a person reads it."""
        texts = f", descriptions {self.text:.0%} alike" if self.n_text else ""
        return f"titles {self.title:.0%} alike, texts {self.near:.2f} near{texts}"


def same_work(a: Work, b: Work) -> DuplicateVerdict:
    """Whether two works are one.

    A shared name decides. Otherwise different names of one kind speak against it, as do other numbers in the titles
    (years, versions, parts of a series) and other purposes (a survey and its subject).
    """
    shared = sorted(a.keys & b.keys)
    if shared:
        return DuplicateVerdict("same", f"both are {shared[0]}", 1.0)
    like = likeness(a, b)
    if against := _against(a, b):
        return DuplicateVerdict("different", against, like.score / 2)
    kinds = _contradictions(a.keys, b.keys)
    if kinds:
        return _moved(a, b, like, kinds)
    linked = sorted((a.links & b.keys) | (b.links & a.keys))
    if linked:
        is_enough = max(like.near, like.title) >= LINKED
        return DuplicateVerdict(
            "same" if is_enough else "maybe", f"one links to {linked[0]}; {like.in_words()}", like.score
        )
    return _by_author(a, b, like, _by_text(a, b, like))


def _by_author(a: Work, b: Work, like: Likeness, by_text: Verdict) -> DuplicateVerdict:
    """What the bylines add, where both name people: one author of an equal title settles it, none takes it back.

    One long text stays one work, whoever is named: bylines are cut and reordered.
    """
    said = like.in_words()
    if not a.authors or not b.authors:
        return DuplicateVerdict(by_text, said, like.score)
    shared = sorted(a.authors & b.authors)
    if shared and by_text == "maybe" and like.is_equal_title and like.n_words >= MIN_EQUAL_WORDS:
        return DuplicateVerdict("same", f"{said}, both by {shared[0]}", like.score)
    is_one_text = like.n_text >= LONG_TEXT and like.text >= LONG_SAME
    if not shared and by_text == "same" and not is_one_text:
        return DuplicateVerdict("maybe", f"{said}, by other people", like.score)
    return DuplicateVerdict(by_text, said, like.score)


def likeness(a: Work, b: Work) -> Likeness:
    """What the words and the vectors of two works have in common."""
    title_a, title_b = core_title(a.document.title), core_title(b.document.title)
    text_a, text_b = a.document.description.lower(), b.document.description.lower()
    n_text = min(len(text_a), len(text_b), _MAX_TEXT)
    heads = {head(title_a), head(title_b)} - {""}
    near = 0.0 if a.vector is None or b.vector is None else float(np.dot(a.vector, b.vector))
    return Likeness(
        title=fuzz.token_sort_ratio(" ".join(words(title_a)), " ".join(words(title_b))) / 100,
        near=min(1.0, max(0.0, near)),
        # A description is often cut short on one side: the shorter one says how far to compare.
        text=fuzz.ratio(text_a[:n_text], text_b[:n_text]) / 100 if n_text else 0.0,
        is_equal_title=compact(title_a) == compact(title_b) != "",
        is_named_alike=compact(title_a) in heads or compact(title_b) in heads,
        n_words=min(len(plain_words(title_a)), len(plain_words(title_b))),
        n_text=n_text,
        n_descriptions=bool(text_a) + bool(text_b),
    )


def _against(a: Work, b: Work) -> str:
    """What in the titles says that these are two; empty where nothing does."""
    if numbers(a.document.title, b.document.title):
        return "the titles bear different numbers or dates"
    if purpose(a.document.title) != purpose(b.document.title):
        return "one is about the other's subject, or does another thing with it"
    return ""


def _moved(a: Work, b: Work, like: Likeness, kinds: dict[str, tuple[str, str]]) -> DuplicateVerdict:
    """Two names of one kind: two works, unless a repository has changed its owner."""
    fixed = sorted(set(kinds) - _MOVABLE_KINDS)
    if fixed:
        return DuplicateVerdict("different", f"each has its own {fixed[0]}", like.score / 2)
    kind = min(kinds)
    is_one_owner = any(one.split("/")[0] == other.split("/")[0] for one, other in kinds.values())
    if is_one_owner or not like.is_equal_title or like.n_descriptions < 2 or like.near < EQUAL_MAYBE:
        return DuplicateVerdict("different", f"each has its own {kind}", like.score / 2)
    is_one_name = all(one.split("/")[-1] == other.split("/")[-1] for one, other in kinds.values())
    says_so = like.n_text >= MIN_MOVED_TEXT and like.text >= MOVED_TEXT and is_one_name
    is_one_of_many = _ONE_OF_MANY.search(f"{a.document} {b.document}".lower())
    verdict: Literal["same", "maybe"] = "same" if says_so and not is_one_of_many else "maybe"
    return DuplicateVerdict(verdict, f"a {kind} repository under another owner; {like.in_words()}", like.score)


def _by_text(a: Work, b: Work, like: Likeness) -> Verdict:
    """Whether title and text suffice where no name speaks for or against it."""
    if like.is_equal_title:
        return _equal_title(a, b, like)
    is_long = like.n_text >= LONG_TEXT and like.title >= LONG_TITLE
    is_close = like.title >= CLOSE_TITLE and like.near >= CLOSE_NEAR and like.n_words >= MIN_CLOSE_WORDS
    if (is_long and like.text >= LONG_SAME) or (is_close and like.n_descriptions == 2):
        return "same"
    is_bare = like.n_descriptions == 0 and like.n_words >= MIN_BARE_WORDS
    title, near = (MAYBE_BARE, MAYBE_BARE) if is_bare else (MAYBE_TITLE, MAYBE_NEAR)
    reasons = (
        is_long and like.text >= LONG_MAYBE,
        like.n_text >= SHORT_TEXT and like.title >= SHORT_TITLE and like.text >= SHORT_MAYBE,
        like.is_named_alike and like.near >= NAMED_NEAR,
        like.title >= title and like.near >= near and (is_bare or like.n_descriptions > 0),
    )
    return "maybe" if any(reasons) else "different"


def _equal_title(a: Work, b: Work, like: Likeness) -> Verdict:
    """Without descriptions the vectors say no more than the titles do; then the title has to be telling."""
    has_vectors = a.vector is not None and b.vector is not None
    if like.n_descriptions == 2:
        is_same = has_vectors and like.near >= EQUAL_NEAR
        is_maybe = like.near >= EQUAL_MAYBE or like.n_words >= MIN_EQUAL_WORDS
    else:
        is_same = like.n_words >= TELLING_WORDS and _is_of_one_time(a, b)
        is_maybe = like.near >= EQUAL_MAYBE_BARE or like.n_words >= MIN_EQUAL_WORDS
    return "same" if is_same else "maybe" if is_maybe else "different"


def _is_of_one_time(a: Work, b: Work) -> bool:
    """A title that returns after months may be a series whose parts bear no number."""
    return a.dated_at is None or b.dated_at is None or abs(a.dated_at - b.dated_at) <= TELLING_TIME


def _contradictions(a: Iterable[str], b: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The kinds of name of which both have one, and not the same, with one name of each side."""
    kinds: tuple[defaultdict[str, set[str]], ...] = (defaultdict(set), defaultdict(set))
    for side, keys in zip(kinds, (a, b), strict=True):
        for key in keys:
            kind, _, name = key.partition(":")
            side[kind].add(name)
    both = (kinds[0].keys() & kinds[1].keys()) - _LOOSE_KINDS
    return {kind: (min(kinds[0][kind]), min(kinds[1][kind])) for kind in both}
