"""The language of the search, and what is wrong with a query and where: a pure reading that never fails.

    words are all wanted · "an exact phrase" · -not this · this or that · (groups) · begin*
    tag: source: site: author: before: after: is:

`or` joins its neighbours and binds more than standing side by side: `vision or audio model` wants `model` and one of
the two. The last word is also searched as a beginning. What cannot be read is said with its place, and left out.
"""

import re
from dataclasses import dataclass
from datetime import date

from winnow.core.search_nodes import Both, Either, Filter, Node, Not, Problem, Query, Span, Words
from winnow.core.search_words import words_of

MAX_QUERY = 500
MAX_TERMS = 16
MAX_DEPTH = 4
MAX_PHRASE = 12
MAX_PROBLEMS = 8
# Shorter beginnings fit nearly everything.
MIN_PREFIX = 3
FIELDS = ("tag", "source", "site", "author", "before", "after", "is")
KINDS = ("paper", "code", "demo", "talk", "discussion", "article", "dataset", "model", "checked", "submitted")

_PART = re.compile(
    r"""(?P<space>\s+)
    |(?P<open>\() |(?P<close>\))
    |(?P<field>-?[A-Za-z]+:(?!//)(?:"[^"]*"?|[^\s()"]*))
    |(?P<phrase>-?"[^"]*"?)
    |(?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def read_query(text: str) -> Query:
    """Read a query; takes time in proportion to its first MAX_QUERY characters, whatever they are.

    >>> read_query('"graph networks" -survey tag:other').wanted
    ... # doctest: +NORMALIZE_WHITESPACE
    Both(parts=(Words(words=('graph', 'networks'), is_prefix=False, is_exact=True),
    Not(part=Words(words=('survey',), is_prefix=False, is_exact=False)), Filter(name='tag', value='other', at=25)))
    """
    return _Reader(text).read()


class _Reader:
    """Goes through the parts of a query once."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\x00", " ")[:MAX_QUERY]
        self.problems: list[Problem] = []
        self.n_terms = 0
        self.at = 0
        if len(text) > MAX_QUERY:
            self._fault(MAX_QUERY, "", f"only the first {MAX_QUERY} characters were read; shorten it")
        self.tokens = [
            _Token(str(found.lastgroup), found[0], found.start())
            for found in _PART.finditer(self.text)
            if found.lastgroup != "space"
        ]

    def read(self) -> Query:
        """The whole query; a bracket that closes nothing is passed over."""
        parts: list[Node] = []
        while self.at < len(self.tokens):
            parts += self._group(0)
            if self.at < len(self.tokens):
                self._fault_of(self.tokens[self.at], "it closes nothing; take it away or open it before")
                self.at += 1
        if self.n_terms > MAX_TERMS:
            self._fault(0, "", f"only the first {MAX_TERMS} parts were searched; use fewer")
        problems = sorted(self.problems, key=lambda problem: problem.at)
        return Query(self.text.strip(), _joined(parts), tuple(problems[:MAX_PROBLEMS]))

    def _group(self, depth: int) -> list[Node]:
        """Parts up to the bracket that closes this group, or to the end; `or` joins the part before it and the one after."""
        parts: list[Node | None] = []
        joins: _Token | None = None
        while self.at < len(self.tokens) and self.tokens[self.at].kind != "close":
            token = self.tokens[self.at]
            self.at += 1
            if token.kind == "word" and token.text.lower() == "or":
                if not parts or joins:
                    self._fault_of(
                        token, "there must be something before and after it; put the word in quotes to find it"
                    )
                else:
                    joins = token
                continue
            part = self._part(token, depth)
            if joins:
                parts[-1] = _either(parts[-1], part)
            else:
                parts.append(part)
            joins = None
        if joins:
            self._fault_of(joins, "there must be something before and after it; put the word in quotes to find it")
        return [part for part in parts if part is not None]

    def _part(self, token: _Token, depth: int) -> Node | None:
        if token.kind == "open":
            return self._bracket(token, depth)
        is_not, text = token.text.startswith("-"), token.text.removeprefix("-")
        if is_not and not text:
            follows = self.tokens[self.at] if self.at < len(self.tokens) else None
            if follows is None or follows.kind != "open" or follows.at != token.at + 1:
                self._fault_of(token, "a minus stands right before what is not wanted, as in -survey")
                return None
            self.at += 1
            part = self._bracket(follows, depth)
        else:
            part = self._leaf(token, text)
        return Not(part) if is_not and part is not None else part

    def _bracket(self, token: _Token, depth: int) -> Node | None:
        """A group. Deeper than MAX_DEPTH its brackets are passed over, and what they hold belongs to the group around."""
        if depth >= MAX_DEPTH:
            self._fault_of(token, f"brackets may stand {MAX_DEPTH} deep; take some away")
            return None
        parts = self._group(depth + 1)
        if self.at < len(self.tokens):
            self.at += 1
        else:
            self._fault_of(token, "this bracket is never closed; it was read as closed at the end")
        return _joined(parts)

    def _leaf(self, token: _Token, text: str) -> Node | None:
        self.n_terms += 1
        if self.n_terms > MAX_TERMS:
            return None
        if token.kind == "field":
            name, _, value = text.partition(":")
            if name.lower() in FIELDS:
                return self._filter(token, name.lower(), value)
            if not value or value.startswith('"'):
                self._fault_of(token, f"{name}: is no filter; there are {', '.join(one + ':' for one in FIELDS)}")
        if token.kind == "phrase" and (len(text) < 2 or not text.endswith('"')):
            self._fault_of(token, "this quote is never closed; it was read as closed at the end")
        return self._words(token, text)

    def _words(self, token: _Token, text: str) -> Words | None:
        words = tuple(words_of(text))
        if not words:
            self._fault_of(token, "it holds no letter and no digit, so nothing can be found by it")
            return None
        if len(words) > MAX_PHRASE:
            self._fault_of(token, f"only its first {MAX_PHRASE} words were searched")
            words = words[:MAX_PHRASE]
        begins = token.kind == "word" and text.endswith("*")
        if begins and len(words[-1]) < MIN_PREFIX:
            self._fault_of(token, f"a beginning has {MIN_PREFIX} letters or more; it was searched as a word")
            begins = False
        is_last = self.at == len(self.tokens) and token.kind == "word" and self.text.endswith(token.text)
        return Words(words, begins or (is_last and len(words[-1]) >= MIN_PREFIX), is_exact=token.kind == "phrase")

    def _filter(self, token: _Token, name: str, value: str) -> Node | None:
        value = value.strip('"').strip().lower()
        if not value:
            self._fault_of(token, f"something must stand right after it, as in {_EXAMPLES[name]}")
            return None
        if name in ("before", "after"):
            return self._span(token, name, value)
        if name == "is" and value not in KINDS:
            self._fault_of(token, f"it can be {', '.join(KINDS)}")
            return None
        if name == "author" and not words_of(value):
            self._fault_of(token, f"a name has letters, as in {_EXAMPLES[name]}")
            return None
        return Filter(name, value, token.at)

    def _span(self, token: _Token, name: str, value: str) -> Span | None:
        dates = _bounds(value)
        if dates is None:
            self._fault_of(token, f"this is no date; write {name}:2026, {name}:2026-03 or {name}:2026-03-01")
            return None
        first, end = dates
        return Span(None, first) if name == "before" else Span(end, None)

    def _fault_of(self, token: _Token, says: str) -> None:
        self._fault(token.at, token.text, says)

    def _fault(self, at: int, text: str, says: str) -> None:
        self.problems.append(Problem(at, text, says))


_EXAMPLES = {
    "tag": "tag:mlops",
    "source": "source:arxiv",
    "site": "site:github.com",
    "author": "author:lovelace",
    "before": "before:2026-03",
    "after": "after:2026-03",
    "is": "is:paper",
}


def _bounds(value: str) -> tuple[date, date] | None:
    """The first day of a year, month or day, and the first day after it; None where there is none such."""
    found = _DATE.match(value)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    try:
        first = date(year, month, day)
        if found[3]:
            return first, date.fromordinal(first.toordinal() + 1)
        return first, date(year + month // 12, month % 12 + 1, 1) if found[2] else date(year + 1, 1, 1)
    except ValueError:
        return None


def _either(left: Node | None, right: Node | None) -> Node | None:
    """One of two; where one could not be read it is the other."""
    if left is None or right is None:
        return left or right
    return Either((*(left.parts if isinstance(left, Either) else (left,)), right))


def _joined(parts: list[Node]) -> Node | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Both(tuple(parts))
