"""What a title says beside its words: numbers, a purpose, and marks that those who pass it on add."""

import re
from functools import lru_cache

_MONTHS = "january february march april may june july august september october november december"
_NUMBER = re.compile(rf"\d+(?:\.\d+)*|\b(?:[ivx]{{2,}}|{'|'.join(_MONTHS.split())})\b")
# `(2016)`, `[pdf]`: added by those who post a link, and no part of the title.
_YEAR = re.compile(r"\s*[\[(](?P<year>(?:19|20)\d\d)[\])]\s*$")
_MARK = re.compile(
    r"\s*[\[(](?:pdf|video|audio|slides|paper|code|n|r|p|d|project|research|discussion|news)[\])]\s*$", re.IGNORECASE
)
_FLAIR = re.compile(
    r"^\s*(?:(?:show|launch|tell) hn\s*[:–-]|\[(?:n|r|p|d|project|research|discussion|news)\])\s*", re.IGNORECASE
)
# What stands before the first colon or dash is often the whole name.
_HEAD = re.compile(r"(?P<head>[^:–—]{2,60}?)(?:\s*:\s|\s[-–—]\s|\s\()")
_PART = re.compile(r"[^\W_]+")
_PURPOSE = re.compile(
    r"\b(survey|review|overview|tutorial|introduction|intro|benchmark|guide|comment on|reply to|response to|erratum"
    r"|implementation|reimplementation|cheat ?sheet|course|book|slides|lecture|dataset|challenge|workshop|demo|awesome)s?\b"
)


@lru_cache(maxsize=4096)
def core_title(title: str) -> str:
    """The title without the marks of those who passed it on.

    >>> core_title("Show HN: Moss, a parser (2016) [pdf]")
    'Moss, a parser'
    """
    while bare := _FLAIR.sub("", _MARK.sub("", _YEAR.sub("", title))):
        if bare == title:
            break
        title = bare
    return title


@lru_cache(maxsize=4096)
def compact(title: str) -> str:
    """A title by which two ways of writing one name are equal; empty where it has no words.

    >>> compact("Colossal-AI") == compact("ColossalAI")
    True
    """
    return "".join(plain_words(core_title(title)))


@lru_cache(maxsize=4096)
def head(title: str) -> str:
    """The name that a title begins with, compact: of `Moss: parsers for all` it is `moss`. Empty where there is none."""
    found = _HEAD.match(core_title(title))
    return compact(found["head"]) if found else ""


def numbers(a: str, b: str) -> bool:
    """Whether two titles bear different numbers. The year that a poster added counts only where both have one."""
    year_a, year_b = (_years(title) for title in (a, b))
    if year_a and year_b and year_a != year_b:
        return True
    return _numbers(core_title(a)) != _numbers(core_title(b))


def purpose(title: str) -> frozenset[str]:
    """What a work is for, where its title says so: a survey, a tutorial, an implementation."""
    return frozenset(_PURPOSE.findall(title.lower()))


def plain_words(title: str) -> list[str]:
    """The words of a title; those bound by a hyphen stand alone, and a plural is its singular.

    >>> plain_words("Attention-augmented networks")
    ['attention', 'augmented', 'network']
    """
    parts = _PART.findall(title.lower())
    return [part[:-1] if len(part) > 3 and part.endswith("s") and not part.endswith("ss") else part for part in parts]


def _years(title: str) -> str:
    found = _YEAR.search(_MARK.sub("", title))
    return found["year"] if found else ""


def _numbers(title: str) -> list[str]:
    return sorted(_NUMBER.findall(title.lower()))
