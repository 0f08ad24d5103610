"""Why this tag: the words whose absence would change the answer most, and the runner-up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from winnow.core.text import joined, words
from winnow.core.values import Classification, Document
from winnow.ml.encoder import Encoder
from winnow.ml.serving import Model

MAX_WORDS = 24
# Words too common to explain anything, whatever they do to the sum.
_FUNCTION_WORDS = frozenset(
    words(
        "a about all also an and any are as at be been between both but by can do does each for from has have how if in "
        "into is it its more most no not of on one only or other our out over own so some such than that the their them "
        "then there these they this those to under up use used using via was we were what when where which while who "
        "will with without you your"
    )
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What counted for `tag`, the likeliest tag also where the classifier abstains.

    `words` are pairs of a word and the probability that `tag` owes to it, strongest first; where that is negative, the
    word speaks against the tag. `reasons` are those of rules.
    """

    tag: str
    words: tuple[tuple[str, float], ...]
    runner_up: str
    runner_up_probability: float
    reasons: tuple[str, ...] = ()


def explain(model: Model, doc: Document, encoder: Encoder | None = None) -> Explanation:
    """What counted in the answer of `model`: each content word is left out in turn and the answer asked for again.

    At most 24 different words are tried, in the order of the text. This is the served probability itself and no model of
    it; words that only count together show less than they weigh.
    """
    candidates = content_words(joined(doc))[:MAX_WORDS]
    whole, *others = _classify(model, [doc, *(without(doc, word) for word in candidates)], encoder)
    (tag, probability), (runner_up, second) = whole.ranking[:2]
    changes = [probability - answer.probabilities[tag] for answer in others]
    ranked = sorted(zip(candidates, changes, strict=True), key=lambda pair: -abs(pair[1]))
    return Explanation(tag, tuple(ranked), runner_up, second, whole.reasons)


def content_words(text: str) -> list[str]:
    """Different words of two letters or more that are no function words, in order of first appearance.

    >>> content_words("The BERT of the birds, a bert")
    ['bert', 'birds']
    """
    found = (word for word in words(text) if len(word) > 1 and word not in _FUNCTION_WORDS)
    return list(dict.fromkeys(found))


def _classify(model: Model, documents: Sequence[Document], encoder: Encoder | None) -> list[Classification]:
    return model.classify(documents, encoder if model.needs_encoder else None)


def without(doc: Document, word: str) -> Document:
    """The document with every occurrence of a word taken out."""
    return Document(_cut(doc.title, word), _cut(doc.description, word))


def _cut(text: str, word: str) -> str:
    """The text without a word, which a hyphen or an apostrophe may be part of, as in `core.text.words`."""
    pattern = rf"(?<![^\W_])(?<![^\W_][-'’]){re.escape(word)}(?![-'’]?[^\W_])"
    return " ".join(re.sub(pattern, " ", text, flags=re.IGNORECASE).split())
