"""What a linear head sees of a document: an encoder's vector, labelling functions that fire, and TF-IDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from winnow.core.text import joined
from winnow.core.values import Document
from winnow.ml.base import Arrays
from winnow.ml.rules import Rule, RuleBook, rule_from_json, rule_to_json
from winnow.ml.sparse import SparseRows
from winnow.ml.tfidf import Tfidf


@dataclass(frozen=True, slots=True)
class Features:
    """Numbers of each document in their order: `width` of a vector, one a rule, one a term. Each part may be absent."""

    width: int = 0
    rules: tuple[Rule, ...] = ()
    tfidf: Tfidf | None = None
    _book: RuleBook = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_book", RuleBook(self.rules))

    @property
    def size(self) -> int:
        """How many there are."""
        return self.width + len(self.rules) + (len(self.tfidf.vocabulary) if self.tfidf else 0)

    def of_texts(self, documents: Sequence[Document]) -> SparseRows:
        """All that follows the vector and is not zero: 1 for a rule that fires, TF-IDF for a term."""
        texts = [joined(doc) for doc in documents]
        terms = self.tfidf.rows(texts) if self.tfidf else SparseRows.of_ones([()] * len(texts))
        offset = self.width + len(self.rules)
        terms = replace(terms, columns=terms.columns + offset) if offset else terms
        if not self.rules:
            return terms
        fired = SparseRows.of_ones(self._book.fired(texts))
        return replace(fired, columns=fired.columns + self.width).followed_by(terms)

    def of_text(self, doc: Document) -> tuple[list[int], list[float]]:
        """The same of one document alone, as columns and their values."""
        text = joined(doc)
        columns = [self.width + place for place in self._book.fired([text])[0]]
        values = [1.0] * len(columns)
        if self.tfidf:
            places, weights = self.tfidf.row(text)
            offset = self.width + len(self.rules)
            columns += [offset + place for place in places]
            values += weights
        return columns, values

    def arrays(self) -> Arrays:
        """The inverse document frequencies."""
        return {"idf": self.tfidf.idf} if self.tfidf else {}

    def settings(self) -> dict[str, Any]:
        """The width, the rules and the vocabulary."""
        vocabulary = list(self.tfidf.vocabulary) if self.tfidf else None
        return {"width": self.width, "rules": [rule_to_json(rule) for rule in self.rules], "vocabulary": vocabulary}

    @classmethod
    def restore(cls, arrays: Arrays, settings: Mapping[str, Any]) -> Self:
        """The features that had these arrays and settings."""
        vocabulary: Sequence[str] | None = settings["vocabulary"]
        tfidf = None if vocabulary is None else Tfidf(tuple(vocabulary), arrays["idf"])
        return cls(int(settings["width"]), tuple(rule_from_json(rule) for rule in settings["rules"]), tfidf)
