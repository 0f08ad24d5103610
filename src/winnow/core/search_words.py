"""The words of a text as the search index holds them, and where in the text they stand.

Both databases are given these words and none of their own making, so both find the same.
Letters are folded: case, accents and width are gone (NFKD, marks dropped, casefold). A sign of a script that is written
without blanks (Han, kana, Thai and their kin) is a word of its own, so that a phrase finds any run of them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MAX_WORD = 40
MAX_MARK = 80
MAX_WORDS = 4000
# PostgreSQL keeps so many places of one word; a text is read until one of its words has used them up.
MAX_TIMES = 250
# Stands between parts of a text, so that no phrase reaches across. No word holds it, nor does any begin as a mark does.
GAP = "_"

_STRANGE = re.compile(r"[^\w.-]")
_ASCII = re.compile(r"[a-z0-9]+")
# A run of letters, digits and the marks that sit on them.
_RUN = re.compile(
    r"(?:[^\W_]|[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e])+"
)
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A run of a text, `text[start:end]`, and the words that it is in the index."""

    start: int
    end: int
    words: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """Every word of a text in its order.

    >>> words_of("Naïve state-of-the-art: GPT-4")
    ['naive', 'state', 'of', 'the', 'art', 'gpt', '4']
    """
    if text.isascii():
        return [word[:MAX_WORD] for word in _ASCII.findall(text.lower())]
    return [word for place in places_of(text) for word in place.words]


def places_of(text: str) -> Iterator[Place]:
    """Every run of letters with its words, in their order; runs that hold none are left out."""
    for found in _RUN.finditer(text):
        yield from _parts(found[0], found.start())


def mark(name: str, value: str) -> str:
    """A property of a work as one word of the index, which no text can hold: `tag_mlops`, `site_github.com`.

    >>> mark("source", "Ärzte's list")
    'source_ärzte-s-list'
    """
    return f"{name}_{_STRANGE.sub('-', value.casefold())[:MAX_MARK]}"


def dated(day: date) -> list[str]:
    """The marks of a date: its decade, year, month and day."""
    return [f"dec_{day:%Y}"[:-1], f"y_{day:%Y}", f"m_{day:%Y%m}", f"d_{day:%Y%m%d}"]


def dated_between(first: date, end: date) -> list[str]:
    """The fewest marks that hold every day from `first` on and before `end`.

    >>> dated_between(date(2019, 12, 30), date(2021, 2, 1))
    ['d_20191230', 'd_20191231', 'y_2020', 'm_202101']
    """
    marks = []
    while first < end:
        spans = [(mark, after) for mark, after in _spans(first) if after <= end]
        found, first = spans[0]
        marks.append(found)
    return marks


def _spans(day: date) -> Iterator[tuple[str, date]]:
    """The decade, year, month and day that begin on this day, widest first, each with the day after it."""
    decade, year, month, own = dated(day)
    is_first = (day.month, day.day) == (1, 1)
    if is_first and day.year % 10 == 0:
        yield decade, date(min(day.year + 10, date.max.year), 1, 1)
    if is_first:
        yield year, date(min(day.year + 1, date.max.year), 1, 1)
    if day.day == 1:
        yield month, date(day.year + day.month // 12, day.month % 12 + 1, 1)
    yield own, date.fromordinal(day.toordinal() + 1)


def indexed(title: str, description: str, marks: list[str]) -> list[str]:
    """What the index holds of a work: the words of its title, of its description, then its marks."""
    return [*_bounded([*words_of(title), GAP, *words_of(description)]), GAP, *marks]


def _parts(run: str, start: int) -> Iterator[Place]:
    """Signs of unspaced scripts one by one, what is between them whole."""
    at = 0
    for sign in _UNSPACED.finditer(run):
        yield from _place(run[at : sign.start()], start + at)
        yield from _place(sign[0], start + sign.start())
        at = sign.end()
    yield from _place(run[at:], start + at)


def _place(part: str, start: int) -> Iterator[Place]:
    words = tuple(word[:MAX_WORD] for word in _folded(part))
    if words:
        yield Place(start, start + len(part), words)


def _folded(part: str) -> list[str]:
    """The folded words of a part; what folding brings to light (a fraction's stroke) may part them."""
    if part.isascii():
        return [part.lower()] if part else []
    # Folding can compose what was apart and part what was one: twice is stable.
    for _ in range(2):
        plain = unicodedata.normalize("NFKD", part).casefold()
        part = "".join(char for char in plain if not unicodedata.category(char).startswith("M"))
    return re.findall(r"[^\W_]+", part)


def _bounded(words: list[str]) -> list[str]:
    """The text up to MAX_WORDS words, or until one of them stands there MAX_TIMES."""
    times: Counter[str] = Counter()
    for at, word in enumerate(words[:MAX_WORDS]):
        times[word] += 1
        if times[word] > MAX_TIMES:
            return words[:at]
    return words[:MAX_WORDS]
