"""TF-IDF of words and pairs of words, without scikit-learn: the predictor of what that library fitted.

Texts are counted many at a time: words become numbers by one look-up each, pairs by their two numbers.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise, repeat

import numpy as np
from numpy.typing import NDArray

from winnow.ml.sparse import Integers, SparseRows

_TOKEN = re.compile(r"\w\w+")
# What the pattern does to ASCII, in a third of the time: letters in lower case, and blanks for what is in no word.
_ASCII = {code: chr(code).lower() if re.match(r"\w", chr(code)) else " " for code in range(128)}
# The number of a word of one letter, which is no term; pairs reach over it.
_DROPPED = -1


def terms(text: str) -> list[str]:
    """Lower-case words of two letters or more, then each pair of neighbours.

    >>> terms("Read the PDF")
    ['read', 'the', 'pdf', 'read the', 'the pdf']
    """
    words = _TOKEN.findall(text.lower())
    return words + [f"{first} {second}" for first, second in pairwise(words)]


@dataclass(frozen=True, slots=True)
class Tfidf:
    """A vocabulary with its inverse document frequencies: a term's place in `vocabulary` is its feature."""

    vocabulary: tuple[str, ...]
    idf: NDArray[np.float64]
    _index: "_Index" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.idf.shape != (len(self.vocabulary),):
            raise ValueError(f"{len(self.vocabulary)} terms but idf {self.idf.shape}")
        object.__setattr__(self, "_index", _index(self.vocabulary))

    def rows(self, texts: Sequence[str]) -> SparseRows:
        """What is not zero of each text, columns rising in each row; a row's values have length one, or there are none."""
        owners, places = self._index.places(texts)
        # A row and a place as one number, so that one sort brings equals together.
        size = max(len(self.vocabulary), 1)
        joint = owners * size + places
        joint.sort()
        is_first = np.ones(len(joint), dtype=bool)
        np.not_equal(joint[1:], joint[:-1], out=is_first[1:])
        ends = np.append(is_first.nonzero()[0], len(joint))
        firsts = joint[ends[:-1]]
        rows = firsts // size
        columns = firsts - rows * size
        values = (ends[1:] - ends[:-1]) * self.idf[columns]
        lengths = np.sqrt(np.bincount(rows, values * values, minlength=len(texts)))
        return SparseRows(len(texts), rows, columns, values / lengths[rows])

    def row(self, text: str) -> tuple[list[int], list[float]]:
        """Columns and values of one text alone, the very same numbers.

        On a handful of words each call of numpy costs more than its sum, and lets another thread in between.
        """
        counts = Counter(self._index.places_of(text))
        columns = sorted(counts)
        values = [counts[column] * self.idf.item(column) for column in columns]
        squares = 0.0
        # Not `sum`, which newer versions of Python round in another way.
        for value in values:
            squares += value * value
        length = math.sqrt(squares)
        return columns, [value / length for value in values]


def _words(text: str) -> list[str]:
    return text.translate(_ASCII).split() if text.isascii() else _TOKEN.findall(text.lower())


@dataclass(frozen=True, slots=True)
class _Index:
    """`numbers` of words, the place of each word alone (-1: none), and of `pairs`, by key and as rising keys.

    The last of `alone` stands for words that no term has; the last of `keys` is greater than any pair's.
    """

    numbers: dict[str, int]
    alone: Integers
    pairs: dict[int, int]
    keys: Integers
    key_places: Integers

    def places(self, texts: Sequence[str]) -> tuple[Integers, Integers]:
        """The text and the place of every term that has one, as often as it occurs."""
        words = list(map(_words, texts))
        unknown = len(self.alone) - 1
        found = map(self.numbers.get, chain.from_iterable(words), repeat(unknown))
        numbers = np.fromiter(found, dtype=np.int64)
        owners = np.arange(len(words)).repeat(list(map(len, words)))
        is_word = numbers != _DROPPED
        numbers, owners = numbers[is_word], owners[is_word]
        first, second, owner = numbers[:-1], numbers[1:], owners[:-1]
        # A pair of a word that no term has is in no term.
        is_pair = (owner == owners[1:]) & (first != unknown) & (second != unknown)
        pairs = self._pairs(first[is_pair] * unknown + second[is_pair])
        places = np.concatenate([self.alone[numbers], pairs])
        owners = np.concatenate([owners, owner[is_pair]])
        is_known = places >= 0
        return owners[is_known], places[is_known]

    def places_of(self, text: str) -> list[int]:
        """The place of every term of one text that has one, as often as it occurs."""
        unknown = len(self.alone) - 1
        numbers = [number for word in _words(text) if (number := self.numbers.get(word, unknown)) != _DROPPED]
        found = [self.alone.item(number) for number in numbers]
        pairs = [
            self.pairs.get(first * unknown + second, -1)
            for first, second in pairwise(numbers)
            if unknown not in (first, second)
        ]
        return [place for place in found + pairs if place >= 0]

    def _pairs(self, wanted: Integers) -> Integers:
        """The place of each pair, -1 for one that is no term."""
        at = self.keys.searchsorted(wanted)
        return np.where(self.keys[at] == wanted, self.key_places[at], -1)


def _index(vocabulary: Sequence[str]) -> _Index:
    split = [term.split(" ") for term in vocabulary]
    numbers = {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(split)))}
    n = len(numbers)
    alone = np.full(n + 1, -1, dtype=np.int64)
    keys = {n * n: -1}
    for place, words in enumerate(split):
        if len(words) == 1:
            alone[numbers[words[0]]] = place
        else:
            keys[numbers[words[0]] * n + numbers[words[1]]] = place
    rising = sorted(keys)
    letters = {letter: _DROPPED for letter in _ASCII.values() if letter != " "}
    places = np.array([keys[key] for key in rising], dtype=np.int64)
    return _Index(numbers | letters, alone, keys, np.array(rising, dtype=np.int64), places)
