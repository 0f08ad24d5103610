"""Which connector reads an address. A new connector is one file, and one line here."""

from collections.abc import Mapping

from winnow.core.errors import NotFoundError
from winnow.sources.arxiv import ArxivConnector
from winnow.sources.base import Connector
from winnow.sources.feed import FeedConnector
from winnow.sources.file import FileConnector
from winnow.sources.github import GitHubConnector
from winnow.sources.hackernews import HackerNewsConnector
from winnow.sources.reddit import RedditConnector
from winnow.sources.x import XConnector


def connectors(credentials: Mapping[str, str] | None = None) -> tuple[Connector, ...]:
    """All of them in the order in which they are asked; the feed, which reads any address, comes last."""
    held = credentials or {}
    return (
        FileConnector(),
        ArxivConnector(),
        HackerNewsConnector(),
        RedditConnector(held),
        GitHubConnector(held),
        XConnector(held),
        FeedConnector(),
    )


def connector_of(kind: str, credentials: Mapping[str, str] | None = None) -> Connector:
    """The connector of that kind; raises NotFoundError with the kinds that there are."""
    found = connectors(credentials)
    for connector in found:
        if connector.kind == kind:
            return connector
    kinds = ", ".join(connector.kind for connector in found)
    raise NotFoundError(f"there is no kind of source {kind!r}; there are {kinds}")


def recognise(address: str, credentials: Mapping[str, str] | None = None) -> Connector:
    """The first connector that recognises the address, else the one for feeds."""
    found = connectors(credentials)
    return next((connector for connector in found if connector.recognises(address)), found[-1])
