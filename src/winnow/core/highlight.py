"""Where the words of a query stand in a text, so that a page can mark them; and the part of a long text that shows them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from winnow.core.search_nodes import Query, Words
from winnow.core.search_words import places_of

EXCERPT = 300
BEFORE = 80


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text, and whether the query holds it."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words that are marked: whole ones, and beginnings."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()

    def holds(self, word: str) -> bool:
        """Whether a folded word is one of them."""
        return word in self.words or word.startswith(self.beginnings or ("\0",))


def wanted_by(query: Query, more: Collection[str] = ()) -> Wanted:
    """The words that a query wants, with `more` that it was searched by."""
    leaves = [leaf for leaf in query.leaves if isinstance(leaf, Words)]
    begun = tuple(leaf.words[-1] for leaf in leaves if leaf.is_prefix)
    return Wanted(frozenset([*(word for leaf in leaves for word in leaf.words), *more]), begun)


def parts_of(text: str, wanted: Wanted) -> list[Part]:
    """The text in pieces, in order and whole: `"".join` of them is the text."""
    return [part for part in _parts(text, wanted) if part.text]


def _parts(text: str, wanted: Wanted) -> Iterator[Part]:
    done = 0
    for place in places_of(text):
        if any(wanted.holds(word) for word in place.words):
            yield Part(text[done : place.start], is_hit=False)
            yield Part(text[place.start : place.end], is_hit=True)
            done = place.end
    yield Part(text[done:], is_hit=False)


def excerpt(text: str, wanted: Wanted, *, length: int = EXCERPT) -> str:
    """About `length` characters around the first word that is wanted; the beginning where none is."""
    if len(text) <= length:
        return text
    hit = next((place for place in places_of(text) if any(wanted.holds(word) for word in place.words)), None)
    start = max(0, hit.start - BEFORE) if hit and hit.end > length else 0
    start = text.find(" ", start) + 1 if start else 0
    cut = text[start : start + length].rsplit(" ", 1)[0]
    return f"{'… ' if start else ''}{cut}{' …' if start + len(cut) < len(text) else ''}"
