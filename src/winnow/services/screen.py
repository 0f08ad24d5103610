"""Gate 2, keep: may this come in? One decision for sources, submissions, imports and the dry run.

Invalid before anything else; then duplicates, against withheld works too; then spam and off-topic.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from winnow.core.text import document, fingerprint
from winnow.core.urls import identity_keys
from winnow.core.values import Candidate, Document
from winnow.ml.duplicates import Work, blocking_keys, same_work
from winnow.ml.offtopic import OffTopicVerdict
from winnow.services.encode import Vectors

MAX_KEY = 500


class Outcome(StrEnum):
    """What becomes of a Candidate."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    OFF_TOPIC = "off_topic"
    SPAM = "spam"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Screened:
    """A Candidate made ready for the decision: its document, its vector, its keys, and whether it is on topic."""

    candidate: Candidate
    document: Document
    vector: Vectors
    keys: tuple[str, ...]
    topic: OffTopicVerdict | None

    @property
    def work(self) -> Work:
        """What the duplicate scorer compares."""
        return Work(self.document, names_of(self.keys), self.vector)


@dataclass(frozen=True, slots=True)
class Holder:
    """A work that is here already, under one of the keys in question; `id` is the store's own name for it."""

    id: int | str
    work: Work


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, with its reason in words and the work that it duplicates (or may duplicate, when accepted)."""

    outcome: Outcome
    reason: str = ""
    face: int | str | None = None


Lookup = Callable[[Sequence[str]], Mapping[str, Holder]]


def keys_of(candidate: Candidate, doc: Document) -> tuple[str, ...]:
    """All keys of a Candidate, strongest first: typed keys and address, the text itself, then keys that only suggest."""
    text = f"text:{fingerprint(f'{doc.title} {doc.description}')}"
    keys = (*identity_keys(candidate.url), text, *blocking_keys(doc))
    return tuple(key for key in dict.fromkeys(keys) if len(key) <= MAX_KEY)


def judge(screened: Screened, find: Lookup) -> Verdict:
    """Decide about one Candidate; `find` gives the holders of keys in the store at hand."""
    candidate = screened.candidate
    if candidate.fault is not None:
        return Verdict(Outcome.INVALID, f"{candidate.fault.field}: {candidate.fault.reason}")
    duplicate = _duplicate(screened, find(screened.keys))
    if duplicate is not None and duplicate.outcome is Outcome.DUPLICATE:
        return duplicate
    if screened.topic is not None and screened.topic.kind != "on_topic":
        return Verdict(Outcome(screened.topic.kind), screened.topic.reason)
    return duplicate or Verdict(Outcome.ACCEPTED)


def _duplicate(screened: Screened, holders: Mapping[str, Holder]) -> Verdict | None:
    """The same work, or, as an acceptance with a face, one that a reviewer should compare."""
    maybe: Verdict | None = None
    for key in screened.keys:
        holder = holders.get(key)
        if holder is None:
            continue
        if is_certain(key):
            return Verdict(Outcome.DUPLICATE, f"the same {_kind_in_words(key)}", holder.id)
        verdict = same_work(screened.work, holder.work)
        if verdict.verdict == "same":
            return Verdict(Outcome.DUPLICATE, verdict.evidence, holder.id)
        if verdict.verdict == "maybe":
            maybe = maybe or Verdict(Outcome.ACCEPTED, f"may be the same work: {verdict.evidence}", holder.id)
    return maybe


def is_certain(key: str) -> bool:
    """Whether two holders of this key are one work beyond doubt."""
    return not key.startswith("title:")


def names_of(keys: Iterable[str]) -> frozenset[str]:
    """The keys that name a work, without those that are made of its text."""
    return frozenset(key for key in keys if not key.startswith(("title:", "text:")))


def _kind_in_words(key: str) -> str:
    kind, _, value = key.partition(":")
    return {"url": f"address {value}", "text": "title and description"}.get(kind, f"{kind} work {value}")


def clean_document(candidate: Candidate) -> Document:
    """The Document of a Candidate."""
    return document(candidate.title, candidate.description)
