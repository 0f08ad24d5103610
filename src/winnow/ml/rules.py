"""Labelling functions: each looks for a few phrases and votes for one tag, or says nothing.

They are data, keyed by tag: another taxonomy brings its own rules, or none, and then every text is an abstention.
Source of the idea: Ratner et al. 2017 (arXiv 1711.10160).
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from winnow.core.errors import InputError
from winnow.core.intervals import wilson
from winnow.core.text import joined
from winnow.core.values import Classification, Document, Example, Interval
from winnow.ml.base import Arrays, Probabilities, Vectors
from winnow.ml.dummy import class_shares
from winnow.ml.head import answer
from winnow.ml.phrases import PhraseIndex, phrase_pattern

# How many votes the shares of the tags weigh beside those of the rules.
PRIOR_VOTES = 0.5


@dataclass(frozen=True, slots=True)
class Rule:
    """Votes for `tag` where one of the phrases `any` is in the text and none of `none`; `*` ends a word's beginning.

    `reason` completes the sentence "It bears this tag because it ...".
    """

    name: str
    tag: str
    reason: str
    any: tuple[str, ...]
    none: tuple[str, ...] = ()
    _any: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _none: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_any", phrase_pattern(self.any))
        object.__setattr__(self, "_none", phrase_pattern(self.none))

    def fires(self, text: str) -> bool:
        """Whether the rule votes."""
        lower = text.lower()
        return self._any.search(lower) is not None and self._none.search(lower) is None


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Rules applied to many texts at once; what fires is what `Rule.fires` says, sooner."""

    rules: tuple[Rule, ...]
    _index: PhraseIndex = field(init=False, repr=False, compare=False)
    _bits: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        phrases = tuple(dict.fromkeys(phrase for rule in self.rules for phrase in (*rule.any, *rule.none)))
        places = {phrase: place for place, phrase in enumerate(phrases)}

        def bits(own: Iterable[str]) -> int:
            return sum(1 << places[phrase] for phrase in set(own))

        object.__setattr__(self, "_index", PhraseIndex(phrases))
        object.__setattr__(self, "_bits", tuple((bits(rule.any), bits(rule.none)) for rule in self.rules))

    def fired(self, texts: Sequence[str]) -> list[tuple[int, ...]]:
        """The places of the rules that fire, for each text."""
        found = self._index.find(texts)
        # Many texts hold the same phrases, and most hold none.
        known = {bits: self._fired(bits) for bits in set(found)}
        return [known[bits] for bits in found]

    def _fired(self, found: int) -> tuple[int, ...]:
        return tuple(
            place for place, (wanted, barred) in enumerate(self._bits) if found & wanted and not found & barred
        )


@dataclass(frozen=True, slots=True)
class RulePredictor:
    """One vote a rule; the tag with most votes wins, and a tie or silence is an abstention."""

    classes_: tuple[str, ...]
    rules: tuple[Rule, ...]
    priors: NDArray[np.float64] = field(compare=False)
    _book: RuleBook = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_book", RuleBook(self.rules))

    @property
    def needs_encoder(self) -> bool:
        """False."""
        return False

    def classify(self, documents: Sequence[Document], vectors: Vectors | None = None) -> list[Classification]:  # noqa: ARG002  the contract of every predictor
        """One Classification a document; its reasons are those of the rules that fired."""
        fired = self._book.fired([joined(doc) for doc in documents])
        # Answers are values, so that texts with the same votes may share one.
        answers = {places: self._answer(places) for places in dict.fromkeys(fired)}
        return [answers[places] for places in fired]

    def _answer(self, places: Sequence[int]) -> Classification:
        fired = [self.rules[place] for place in places]
        votes = Counter(rule.tag for rule in fired)
        total = len(fired) + PRIOR_VOTES
        shares = [
            (votes[tag] + PRIOR_VOTES * prior) / total
            for tag, prior in zip(self.classes_, self.priors.tolist(), strict=True)
        ]
        most = [count for _, count in votes.most_common(2)]
        abstains = not most or (len(most) == 2 and most[0] == most[1])
        return answer(self.classes_, shares, abstains=abstains, reasons=tuple(rule.reason for rule in fired))

    def calibrated(self, probabilities: Probabilities, labels: Sequence[str]) -> Self:  # noqa: ARG002  the contract
        """Itself: votes have no scores to scale."""
        return self

    def arrays(self) -> Arrays:
        """The shares of the tags."""
        return {"priors": self.priors}

    def settings(self) -> dict[str, Any]:
        """The rules."""
        return {"rules": [rule_to_json(rule) for rule in self.rules]}

    @classmethod
    def restore(cls, classes: tuple[str, ...], arrays: Arrays, settings: Mapping[str, Any]) -> Self:
        """The predictor that had these arrays and settings."""
        return cls(classes, tuple(rule_from_json(rule) for rule in settings["rules"]), arrays["priors"])


@dataclass(frozen=True, slots=True)
class RuleClassifier:
    """Rules need no training; the examples tell how often each tag occurs."""

    rules: tuple[Rule, ...]

    def fit(self, examples: Sequence[Example], tags: Sequence[str], vectors: Vectors | None = None) -> RulePredictor:  # noqa: ARG002  the contract of every classifier
        """The rules of the tags that there are."""
        rules = tuple(rule for rule in self.rules if rule.tag in tags)
        return RulePredictor(tuple(tags), rules, class_shares(examples, tags))


def load_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a TOML file with one array of tables a tag. Raises InputError with file, rule and field."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError.at(path, 0, "", f"no rules can be read from it: {error}") from error
    return tuple(_rule(path, tag, table) for tag, tables in raw.items() for table in tables)


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """What `rule_from_json` makes the rule of again."""
    fields = ("name", "tag", "reason")
    return {field: getattr(rule, field) for field in fields} | {"any": list(rule.any), "none": list(rule.none)}


def rule_from_json(value: Mapping[str, Any]) -> Rule:
    """A rule as it was stored. Raises KeyError or TypeError at misfits."""
    return Rule(value["name"], value["tag"], value["reason"], tuple(value["any"]), tuple(value["none"]))


def rule_precision(rules: Sequence[Rule], examples: Sequence[Example]) -> dict[str, Interval]:
    """For each rule, by name, the share of examples on which it fires that bear its tag.

    Means something only on examples that nobody looked at to write the rules. Wilson's interval at 95 %.
    """
    texts = [joined(example.document) for example in examples]
    table = {}
    for rule in rules:
        hits = [example.tag == rule.tag for example, text in zip(examples, texts, strict=True) if rule.fires(text)]
        table[rule.name] = wilson(sum(hits), len(hits))
    return table


def _rule(path: Path, tag: str, table: Mapping[str, Any]) -> Rule:
    name = table.get("name")
    for key, kind in (("name", str), ("reason", str), ("any", list)):
        if not isinstance(table.get(key), kind) or not table[key]:
            raise InputError.at(path, 0, f"{tag}.{name or '?'}.{key}", "is missing or empty")
    return Rule(table["name"], tag, table["reason"], tuple(table["any"]), tuple(table.get("none", ())))
