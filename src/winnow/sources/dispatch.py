"""Which connector reads an address. A new connector is one file, and one line here."""

from winnow.core.errors import NotFoundError
from winnow.sources.base import Connector
from winnow.sources.feed import FeedConnector
from winnow.sources.file import FileConnector


def connectors() -> tuple[Connector, ...]:
    """All of them in the order in which they are asked; the feed, which reads any address, comes last."""
    return (
        FileConnector(),
        FeedConnector(),
    )


def connector_of(kind: str) -> Connector:
    """The connector of that kind; raises NotFoundError with the kinds that there are."""
    for connector in connectors():
        if connector.kind == kind:
            return connector
    kinds = ", ".join(connector.kind for connector in connectors())
    raise NotFoundError(f"there is no kind of source {kind!r}; there are {kinds}")


def recognise(address: str) -> Connector:
    """The first connector that recognises the address, else the one for feeds."""
    return next((connector for connector in connectors() if connector.recognises(address)), FeedConnector())
