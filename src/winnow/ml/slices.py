"""Named subsets of the input: where a classifier may be weaker than its average says.

A slice is defined on what is known before anybody has said the tag. That is not left to good will: what a slice is
given is `Facts`, which has no tag, and one that asks for it is refused.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from winnow.core.errors import InputError
from winnow.core.text import joined, words
from winnow.core.urls import identity_keys, site_of
from winnow.core.values import Facts

Slicer = Callable[[Facts, Sequence[str]], Iterable[str]]

SHORT_TITLE = 3
LONG_TEXT = 60
# Of slices that the data names (years, sources) only those of so many rows say anything.
MIN_ROWS = 10
# What readers call the kinds of `core.sites`.
_KINDS = {
    **dict.fromkeys(("acl", "arxiv", "doi", "openreview"), "paper"),
    **dict.fromkeys(("github", "gitlab"), "repository"),
    "huggingface": "model or data",
    "youtube": "video",
}
# A handful of words that hardly any text of a language does without, and other languages do not have.
_LANGUAGES = {
    name: frozenset(words(small))
    for name, small in (
        ("English", "the of and for with from to is are by how an on using"),
        ("German", "der die das und für mit von ist eine ein zur im"),
        ("French", "le les des et pour avec une dans du sur est la"),
        ("Spanish", "el los las y para con una en del por que es"),
        ("Portuguese", "o os das e para com uma em do por não é"),
        ("Italian", "il gli delle e per con una nel di che è sono"),
        ("Dutch", "het een en voor met van op zijn door niet"),
    )
}


def slice_rows(
    facts: Sequence[Facts], classes: Sequence[str], slicers: Mapping[str, Slicer] | None = None
) -> dict[str, list[int]]:
    """The rows of each slice by its name, `slicers` being those of this file unless others are given.

    Raises InputError for a slicer that looks at what `Facts` does not hold, the true tag above all.
    """
    rows: dict[str, list[int]] = {}
    for family, slicer in (SLICERS if slicers is None else slicers).items():
        found: dict[str, list[int]] = {}
        for row, fact in enumerate(facts):
            for name in _asked(family, slicer, fact, classes):
                found.setdefault(name, []).append(row)
        rows |= {name: own for name, own in found.items() if family not in _OPEN or len(own) >= MIN_ROWS}
    return rows


def slice_names(facts: Facts, classes: Sequence[str]) -> list[str]:
    """The slices that a work is in, however small they are.

    >>> from winnow.core.values import Document
    >>> slice_names(Facts(Document("YOLO")), ["computer-vision"])
    ['without a description', 'short title', 'script: Latin', 'language: unclear', 'address: none']
    """
    return [name for family, slicer in SLICERS.items() for name in _asked(family, slicer, facts, classes)]


def _asked(family: str, slicer: Slicer, facts: Facts, classes: Sequence[str]) -> list[str]:
    try:
        return list(slicer(facts, classes))
    except AttributeError as error:
        raise InputError(f"slice {family}: asks for what no slice may see ({error}); define it on the input") from error


def _description(facts: Facts, _: Sequence[str]) -> Iterator[str]:
    yield "with a description" if facts.document.description else "without a description"


def _length(facts: Facts, _: Sequence[str]) -> Iterator[str]:
    if len(words(facts.document.title)) <= SHORT_TITLE:
        yield "short title"
    if len(words(facts.document.description)) >= LONG_TEXT:
        yield "long description"


def _script(facts: Facts, _: Sequence[str]) -> Iterator[str]:
    """The script of most letters, as Unicode names it ("Latin", "Cjk", "Cyrillic"); "none" without letters."""
    counts: dict[str, int] = {}
    for char in joined(facts.document):
        if char.isalpha():
            script = unicodedata.name(char, "Unknown").split(" ", 1)[0].capitalize()
            counts[script] = counts.get(script, 0) + 1
    yield f"script: {max(counts, key=lambda script: counts[script], default='none')}"


def _language(facts: Facts, _: Sequence[str]) -> Iterator[str]:
    """The language whose small words are most frequent, for Latin script; "unclear" without any or where two tie."""
    if next(iter(_script(facts, ()))) != "script: Latin":
        return
    present = words(joined(facts.document))
    counts = sorted(
        ((sum(word in small for word in present), name) for name, small in _LANGUAGES.items()), reverse=True
    )
    (most, name), (second, _name) = counts[:2]
    yield f"language: {name if most > second else 'unclear'}"


def _named(facts: Facts, classes: Sequence[str]) -> Iterator[str]:
    """Words that name two tags: telling words of their slugs; `machine-learning` and its like tell nothing."""
    present = set(words(joined(facts.document)))
    if sum(any(len(part) > 4 and part in present for part in tag.split("-")) for tag in classes) > 1:
        yield "names more than one tag"


def _address(facts: Facts, _: Sequence[str]) -> Iterator[str]:
    keys = identity_keys(facts.url)
    yield f"address: {_KINDS.get(keys[0].split(':', 1)[0], 'page') if keys else 'none'}"


def _year(facts: Facts, _: Sequence[str]) -> Iterator[str]:
    if facts.created_on:
        yield f"year: {facts.created_on[:4]}"


def _source(facts: Facts, _: Sequence[str]) -> Iterator[str]:
    if source := facts.source or site_of(facts.url):
        yield f"source: {source[:80]}"


SLICERS: Mapping[str, Slicer] = {
    "description": _description,
    "length": _length,
    "script": _script,
    "language": _language,
    "named": _named,
    "address": _address,
    "year": _year,
    "source": _source,
}
_OPEN = frozenset({"year", "source"})
