"""Named subsets of the input, defined on the text alone: where a classifier may be weaker than its average says."""

import unicodedata
from collections.abc import Sequence

from winnow.core.text import joined, words
from winnow.core.values import Document

SHORT_TITLE = 3
LONG_TEXT = 60


def slice_names(doc: Document, classes: Sequence[str]) -> list[str]:
    """The slices that a document is in.

    >>> slice_names(Document("YOLO"), ["computer-vision"])
    ['without a description', 'short title', 'script: Latin']
    """
    names = ["with a description" if doc.description else "without a description"]
    if len(words(doc.title)) <= SHORT_TITLE:
        names.append("short title")
    if len(words(doc.description)) >= LONG_TEXT:
        names.append("long description")
    names.append(f"script: {_script(joined(doc))}")
    if len(_named(doc, classes)) > 1:
        names.append("names more than one tag")
    return names


def _script(text: str) -> str:
    """The script of most of a text's letters, as Unicode names it ("Latin", "Cjk", "Cyrillic"); "none" without letters."""
    counts: dict[str, int] = {}
    for char in text:
        if char.isalpha():
            script = unicodedata.name(char, "Unknown").split(" ", 1)[0].capitalize()
            counts[script] = counts.get(script, 0) + 1
    return max(counts, key=lambda script: counts[script], default="none")


def _named(doc: Document, classes: Sequence[str]) -> set[str]:
    """Tags of which a telling word of the slug stands in the text; `machine-learning` and its like tell nothing."""
    present = set(words(joined(doc)))
    return {tag for tag in classes if any(len(part) > 4 and part in present for part in tag.split("-"))}
