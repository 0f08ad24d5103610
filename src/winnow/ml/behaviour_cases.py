"""Behavioural cases from data: written by hand, or generated from templates, for each tag that has any.

`frames.toml` holds what all tags share: `frames` around a subject, the same frames `reworded`, `neutral` titles, and the `trailing` words and
`addresses` that change nothing. `tags/<slug>.toml` holds the `subjects` of a tag and its `decisive` phrases, and cases
written by hand: `plain` (title, description), `same` (one work in two wordings: title, other), `raises` (title,
phrase). A taxonomy whose slugs have no files has no cases.

Kinds are those of Ribeiro et al., Beyond Accuracy (arXiv 2005.04118).
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from winnow.core.errors import InputError
from winnow.core.text import document
from winnow.core.values import Document

SHORTEST_MISTYPED = 6
_SHARED = ("frames", "reworded", "neutral", "trailing", "addresses")
_TEXTS = ("subjects", "decisive")
_WRITTEN = {"plain": ("title",), "same": ("title", "other"), "raises": ("title", "phrase")}


class Kind(StrEnum):
    """What a case asks for."""

    MINIMUM = "minimum functionality"
    SYNONYM = "invariance: synonyms"
    TYPO = "invariance: typos"
    CASE = "invariance: case"
    ADDRESS = "invariance: added address"
    TRAILING = "invariance: trailing words"
    DIRECTION = "direction"


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a tag.

    Minimum functionality: the document bears the tag. Invariance: `changed` bears the tag that the document does.
    Direction: the tag is likelier in `changed` than in the document.
    """

    kind: Kind
    tag: str
    document: Document
    changed: Document | None = None
    is_written: bool = False


def load_cases(folder: Path, tags: Sequence[str]) -> tuple[Case, ...]:
    """All cases of `tags`, in their order; of those without a file, none. Raises InputError with file and field."""
    shared = _read(folder / "frames.toml", _SHARED)
    paths = {tag: folder / "tags" / f"{tag}.toml" for tag in tags}
    raws = {tag: _read(path, _TEXTS) for tag, path in paths.items() if path.exists()}
    return tuple(
        case for tag, raw in raws.items() for case in (*_generated(tag, raw, shared), *_written(tag, raw, paths[tag]))
    )


def mistyped(title: str) -> str:
    """The title with two letters swapped in the middle of its longest word, where that has six letters or more.

    >>> mistyped("A benchmark of birds")
    'A benhcmark of birds'
    """
    longest = max(title.split(), key=len, default="")
    if len(longest) < SHORTEST_MISTYPED:
        return title
    middle = len(longest) // 2
    swapped = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return title.replace(longest, swapped, 1)


def _generated(tag: str, raw: Mapping[str, Any], shared: Mapping[str, Any]) -> Iterator[Case]:
    for number, subject in enumerate(raw["subjects"]):
        for place, frame in enumerate(shared["frames"]):
            base = document(_sentence(frame.format(subject)))
            yield Case(Kind.MINIMUM, tag, base)
            reworded = _sentence(shared["reworded"][place % len(shared["reworded"])].format(subject))
            variants = ((Kind.SYNONYM, reworded), *_variants(base.title, number + place, shared))
            yield from (Case(kind, tag, base, document(title)) for kind, title in variants if title != base.title)
    for phrase in raw["decisive"]:
        for title in shared["neutral"]:
            yield Case(Kind.DIRECTION, tag, document(title), document(f"{title} {phrase}"))


def _variants(title: str, n: int, shared: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    """The title in other clothes; `n` chooses among those that the data offers."""
    yield Kind.TYPO, mistyped(title)
    yield Kind.CASE, title.upper() if n % 2 else title.lower()
    yield Kind.ADDRESS, title + shared["addresses"][n % len(shared["addresses"])].format(n=n)
    yield Kind.TRAILING, title + shared["trailing"][n % len(shared["trailing"])]


def _written(tag: str, raw: Mapping[str, Any], path: Path) -> Iterator[Case]:
    for name, fields in _WRITTEN.items():
        for number, row in enumerate(raw.get(name, []), start=1):
            for field in fields:
                if not isinstance(row.get(field), str):
                    raise InputError.at(path, 0, f"{name} {number}", f"{field} is missing or no text")
    for row in raw.get("plain", []):
        yield Case(Kind.MINIMUM, tag, document(row["title"], row.get("description", "")), is_written=True)
    for row in raw.get("same", []):
        yield Case(Kind.SYNONYM, tag, document(row["title"]), document(row["other"]), is_written=True)
    for row in raw.get("raises", []):
        changed = document(f"{row['title']} {row['phrase']}")
        yield Case(Kind.DIRECTION, tag, document(row["title"]), changed, is_written=True)


def _read(path: Path, fields: Sequence[str]) -> dict[str, Any]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError.at(path, 0, "", f"cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError.at(path, 0, "", f"is no TOML: {error}") from error
    for field in fields:
        texts = raw.get(field)
        if not (isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts)):
            raise InputError.at(path, 0, field, "has to be a list of texts")
    return raw


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
