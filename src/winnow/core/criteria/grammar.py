"""The grammar of promises: text to value and back. `docs/reference/criteria.md` describes it.

criterion = call [ comparison number [unit] [ "by" bound [ "at" number ] ] ]
call      = name "(" argument { "," argument } [ "," "tag" "=" name ] ")"
argument  = name | "text in quotes"
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from winnow.core.criteria.functions import FUNCTIONS, ROLES, UNITS, Function
from winnow.core.errors import WinnowError

COMPARISONS = (">=", "<=", ">", "<", "=")
BOUNDS = ("lower_bound", "upper_bound")
MAX_LENGTH = 400
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<text>"[^"\n]*")|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.-]*)
    |(?P<mark>>=|<=|[><=(),%]|/[a-z]+)""",
    re.VERBOSE | re.ASCII,
)


class CriterionError(WinnowError):
    """A promise that cannot be read; `column` counts from 1."""

    code = "invalid_criterion"

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Call:
    """What is measured: a function, of what, and for which tag ("" for all)."""

    function: str
    arguments: tuple[str, ...]
    tag: str = ""

    @property
    def kind(self) -> Function:
        """What its function is about."""
        return FUNCTIONS[self.function]

    def __str__(self) -> str:
        pairs = zip(self.arguments, self.kind.takes, strict=True)
        words = [f'"{word}"' if kind == "text" else word for word, kind in pairs]
        return f"{self.function}({', '.join([*words, *([f'tag={self.tag}'] if self.tag else [])])})"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A promise. Facts have no comparison; `bound` and `level` say which end of the interval counts, and how sure."""

    call: Call
    comparison: str = ""
    number: Decimal = Decimal(0)
    unit: str = ""
    bound: str = ""
    level: Decimal = Decimal("0.95")

    @property
    def target(self) -> Decimal:
        """The number in the unit in which its dimension is kept."""
        return self.number * UNITS[self.call.kind.dimension][self.unit]

    def __str__(self) -> str:
        if not self.comparison:
            return str(self.call)
        gap = " " if self.unit not in ("", "%") and not self.unit.startswith("/") else ""
        said = f"{self.call} {self.comparison} {self.number:f}{gap}{self.unit}"
        return f"{said} by {self.bound} at {self.level:f}" if self.bound else said


def read_criterion(text: str) -> Criterion:
    """Read a whole promise.

    >>> str(read_criterion("latency_p99( classify )<100ms"))
    'latency_p99(classify) < 100 ms'
    """
    reader = _Reader(text)
    found = reader.criterion()
    reader.end()
    return found


def read_call(text: str) -> Call:
    """Read what a figure names: a call alone."""
    reader = _Reader(text)
    found = reader.call()
    reader.end()
    return found


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that a person may have meant, as the end of a sentence; else all of them."""
    known = list(known)
    found = difflib.get_close_matches(word, known, 1, 0.5)
    if found:
        return f"did you mean `{found[0]}`?"
    return f"known are {', '.join(known)}" if known else "none is known"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


class _Reader:
    """Takes one token after the other and says where it stumbled."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise CriterionError(f"a promise has at most {MAX_LENGTH} characters", MAX_LENGTH)
        self._tokens = list(_tokens(text))
        self._place = 0

    def criterion(self) -> Criterion:
        call = self.call()
        units = UNITS[call.kind.dimension]
        if not units:
            return Criterion(call)
        comparison = self._one_of(COMPARISONS, f"`{call.function}` needs a comparison")
        number = Decimal(self._take("number", "a number is missing").text)
        unit = self._unit(call, units)
        bound, level = self._bound(call, comparison)
        return Criterion(call, comparison, number, unit, bound, level)

    def call(self) -> Call:
        name = self._take("name", "a promise begins with a function")
        function = FUNCTIONS.get(name.text)
        if function is None:
            self._fail(f"unknown function `{name.text}`: {nearest(name.text, FUNCTIONS)}", name)
        self._one_of(("(",), f"`(` must follow `{name.text}`")
        arguments = []
        for number, kind in enumerate(function.takes):
            if number:
                self._one_of((",",), f"`{name.text}` takes {len(function.takes)} arguments")
            arguments.append(self._argument(name.text, kind))
        tag = self._tag(name.text, function)
        self._one_of((")",), f"`)` is missing after the arguments of `{name.text}`")
        return Call(name.text, tuple(arguments), tag)

    def end(self) -> None:
        if (left := self._next()).kind != "end":
            self._fail(f"`{left.text}` is too much", left)

    def _argument(self, function: str, kind: str) -> str:
        what = 'a text in quotes, such as "docs/x.md"' if kind == "text" else "a name without quotes"
        token = self._take(kind, f"`{function}` takes {what}")
        word = token.text.strip('"')
        if function == "signed" and word not in ROLES:
            self._fail(f"unknown role `{word}`: {nearest(word, ROLES)}", token)
        if not word.strip():
            self._fail(f"`{function}` takes {what}, which is empty", token)
        return word

    def _tag(self, name: str, function: Function) -> str:
        if self._next().text != ",":
            return ""
        self._place += 1
        key = self._take("name", "`tag=` is expected")
        if key.text != "tag" or not function.has_tag:
            known = ["tag"] if function.has_tag else []
            self._fail(f"`{name}` knows no `{key.text}`: {nearest(key.text, known)}", key)
        self._one_of(("=",), "`=` must follow `tag`")
        return self._take("name", "the name of a tag is missing").text

    def _unit(self, call: Call, units: dict[str, Decimal]) -> str:
        token = self._next()
        is_unit = token.kind in ("name", "mark") and token.text != "by"
        if is_unit and token.text not in units:
            known = " or ".join(f"`{unit}`" if unit else "no unit" for unit in units)
            self._fail(f"`{token.text}` is no unit of `{call.function}`, which is said with {known}", token)
        if not is_unit and "" not in units:
            self._fail(f"the unit is missing: {' or '.join(units)}", token)
        self._place += is_unit
        return token.text if is_unit else ""

    def _bound(self, call: Call, comparison: str) -> tuple[str, Decimal]:
        level = Decimal("0.95")
        if (by := self._next()).text != "by":
            return "", level
        if call.kind.dimension != "share" or comparison == "=":
            self._fail("only shares that are at least or at most something have bounds", by)
        self._place += 1
        token = self._take("name", "a bound is missing")
        if token.text not in BOUNDS:
            self._fail(f"unknown bound `{token.text}`: {nearest(token.text, BOUNDS)}", token)
        if (token.text == "lower_bound") != comparison.startswith(">"):
            self._fail("at least goes with lower_bound, at most with upper_bound", token)
        if self._next().text == "at":
            self._place += 1
            at = self._take("number", "how sure is missing, such as 0.95")
            level = Decimal(at.text)
            if not Decimal("0.5") <= level <= Decimal("0.9999"):
                self._fail("how sure lies between 0.5 and 0.9999", at)
        return token.text, level

    def _next(self) -> _Token:
        return self._tokens[self._place]

    def _take(self, kind: str, wanted: str) -> _Token:
        token = self._next()
        if token.kind != kind:
            self._fail(wanted + (f", not `{token.text}`" if token.text else ""), token)
        self._place += 1
        return token

    def _one_of(self, texts: tuple[str, ...], wanted: str) -> str:
        token = self._next()
        if token.text not in texts or token.kind != "mark":
            self._fail(wanted + (f", not `{token.text}`" if token.text else ""), token)
        self._place += 1
        return token.text

    def _fail(self, message: str, token: _Token) -> NoReturn:
        raise CriterionError(message, token.column)


def _tokens(text: str) -> Iterable[_Token]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise CriterionError(f"`{text[place]}` has no meaning here", place + 1)
        if match.lastgroup != "space":
            yield _Token(str(match.lastgroup), match[0], place + 1)
        place = match.end()
    yield _Token("end", "", len(text) + 1)
