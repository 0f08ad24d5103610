"""Gate 2, keep: may this come in? One decision for sources, submissions, imports and the dry run.

Invalid before anything else; then duplicates, against withheld works too; then spam and off-topic.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from winnow.core.sites import Facet
from winnow.core.text import document, fingerprint
from winnow.core.urls import facet_of, identity_keys
from winnow.core.values import Candidate, Document
from winnow.ml.authors import authors_of
from winnow.ml.blocking import blocking_keys
from winnow.ml.duplicates import DuplicateVerdict, Work, same_work
from winnow.ml.offtopic import OffTopicVerdict
from winnow.services.encode import Vectors

MAX_KEY = 500
MAX_LINKS = 10
# "Code: https://...", "the code is available at https://...": where an abstract says where the same work is.
_ELSEWHERE = re.compile(
    r"\b(?:code|source|implementation|paper|demo|project page|preprint)\b(?:[^.:\n]|\.(?!\s)){0,60}?(?:\bat|:|\bon)\s*(https?://[^\s)\]}>,;\"']+)",
    re.IGNORECASE,
)
_LINKED_FACETS = frozenset({Facet.PAPER, Facet.CODE, Facet.DEMO})


class Outcome(StrEnum):
    """What becomes of a Candidate."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    OFF_TOPIC = "off_topic"
    SPAM = "spam"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Screened:
    """A Candidate made ready for the decision: its document, its vector, its keys, and whether it is on topic.

    `keys` name it beyond doubt, `links` are names that it gives for itself elsewhere, `blocks` find what resembles it.
    """

    candidate: Candidate
    document: Document
    vector: Vectors
    keys: tuple[str, ...]
    links: tuple[str, ...]
    blocks: tuple[int, ...]
    topic: OffTopicVerdict | None

    @property
    def work(self) -> Work:
        """What the duplicate scorer compares."""
        links, dated_at = frozenset(self.links), self.candidate.published_at
        authors = authors_of(self.candidate.author)
        return Work(self.document, names_of(self.keys), self.vector, links, dated_at, authors)


@dataclass(frozen=True, slots=True)
class Holder:
    """A work that is here already; `id` is the store's own name for what is shown for it."""

    id: int | str
    work: Work


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, with its reason in words and the work that it duplicates (or may duplicate, when not withheld for it)."""

    outcome: Outcome
    reason: str = ""
    face: int | str | None = None


class Store(Protocol):
    """Where works are held."""

    def holders(self, keys: Sequence[str]) -> Mapping[str, Holder]:
        """Who holds these keys."""

    def neighbours(self, blocks: Sequence[int]) -> Sequence[Holder]:
        """A bounded number of works that share a block, those that share most first."""


def keys_of(url: str, doc: Document) -> tuple[str, ...]:
    """All names of a work, strongest first: typed keys and address, then the text itself.

    A bare title names a work only where there is no address either: many series bear one title again and again.
    """
    names = identity_keys(url)
    text = (f"text:{fingerprint(f'{doc.title} {doc.description}')}",) if doc.description or not names else ()
    return tuple(key for key in dict.fromkeys((*names, *text)) if len(key) <= MAX_KEY)


def links_of(url: str, links: Iterable[str], doc: Document) -> tuple[str, ...]:
    """Typed names of the same work elsewhere: as its source gives them, and as its description says where its code is."""
    said = [address.rstrip(".") for address in _ELSEWHERE.findall(doc.description)] if "://" in doc.description else []
    given = [*links, *(address for address in said if facet_of(address) in _LINKED_FACETS)][:MAX_LINKS]
    names = [key for link in given for key in identity_keys(link) if not key.startswith("url:") and len(key) <= MAX_KEY]
    own = identity_keys(url) if names else ()
    return tuple(name for name in dict.fromkeys(names) if name not in own)


def blocks_of(doc: Document, keys: Iterable[str], links: Iterable[str]) -> tuple[int, ...]:
    """Under which keys others find this work: by its text, its typed names, and those that it points to."""
    typed = {key for key in keys if not key.startswith(("url:", "text:"))}
    return blocking_keys(doc, typed | set(links))


def screened_of(candidate: Candidate, doc: Document, vector: Vectors, topic: OffTopicVerdict | None = None) -> Screened:
    """A Candidate with all that the decision needs."""
    keys, links = keys_of(candidate.url, doc), links_of(candidate.url, candidate.links, doc)
    return Screened(candidate, doc, vector, keys, links, blocks_of(doc, keys, links), topic)


def judge(screened: Screened, store: Store) -> Verdict:
    """Decide about one Candidate against the store at hand."""
    candidate = screened.candidate
    if candidate.fault is not None:
        return Verdict(Outcome.INVALID, f"{candidate.fault.field}: {candidate.fault.reason}")
    known = _known(screened, store.holders(screened.keys))
    if known is not None:
        return known
    face, found = best_match(screened.work, store.neighbours(screened.blocks))
    if found is not None and found.verdict == "same":
        return Verdict(Outcome.DUPLICATE, found.evidence, face)
    if screened.topic is not None and screened.topic.kind != "on_topic":
        return Verdict(Outcome(screened.topic.kind), screened.topic.reason, face)
    if found is not None:
        return Verdict(Outcome.ACCEPTED, f"may be the same work: {found.evidence}", face)
    return Verdict(Outcome.ACCEPTED)


def best_match(work: Work, holders: Iterable[Holder]) -> tuple[int | str | None, DuplicateVerdict | None]:
    """The holder that is most likely the same work, with the verdict; nothing where all are different."""
    judged = [(holder.id, same_work(work, holder.work)) for holder in holders]
    alike = [(face, verdict) for face, verdict in judged if verdict.verdict != "different"]
    return max(alike, key=lambda pair: (pair[1].verdict == "same", pair[1].score), default=(None, None))


def _known(screened: Screened, holders: Mapping[str, Holder]) -> Verdict | None:
    """The work that holds one of the names beyond doubt."""
    for key in screened.keys:
        if key in holders:
            return Verdict(Outcome.DUPLICATE, f"the same {_kind_in_words(key)}", holders[key].id)
    return None


def names_of(keys: Iterable[str]) -> frozenset[str]:
    """The keys that name a work, without those that are made of its text."""
    return frozenset(key for key in keys if not key.startswith("text:"))


def _kind_in_words(key: str) -> str:
    kind, _, value = key.partition(":")
    return {"url": f"address {value}", "text": "title and description"}.get(kind, f"{kind} work {value}")


def clean_document(candidate: Candidate) -> Document:
    """The Document of a Candidate."""
    return document(candidate.title, candidate.description)
