"""The contract of a connector: an address and a cursor in, a page of Candidates out.

A source's address is the one that is asked; what people know a place by is turned into it by `settled`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from winnow.core.values import Candidate
from winnow.egress.client import Client
from winnow.sources.newest import MAX_ENTRIES

__all__ = ["MAX_ENTRIES", "Connector", "Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """What one fetch of a source brought.

    `cursor` is stored once all candidates are admitted, and given back at the next fetch.
    `left_out` counts entries beyond the newest MAX_ENTRIES.
    `is_unchanged` says that the source answered "not modified": no candidates, nothing lost.
    `wait` is the number of seconds that the source asked to be left alone, if it did.
    `fresh_for` is the number of seconds for which the answer called itself fresh.
    `moved_to` is the address that a permanent redirect named.
    """

    candidates: tuple[Candidate, ...] = ()
    cursor: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    left_out: int = 0
    is_unchanged: bool = False
    wait: float | None = None
    moved_to: str = ""
    fresh_for: float = 0.0


class Connector(Protocol):
    """The code for one kind of source; stateless but for the credentials that it was made with."""

    kind: str

    def recognises(self, address: str) -> bool:
        """Whether this connector reads addresses like that one, told from the address alone."""
        ...

    def settled(self, address: str) -> str:
        """The address to ask for what an address names; one that is not recognised is asked as it is."""
        ...

    def missing(self, address: str) -> str:
        """What keeps this connector from reading the address, and how to mend it, in one line; empty for nothing."""
        ...

    def fetch(self, address: str, cursor: Mapping[str, str], client: Client) -> Page:
        """Read the source once. Raises FetchError for what the far side did, InputError for the address."""
        ...
