"""Find out on the network what an address is, and make it a source."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from winnow.core.errors import FetchError, InputError, WinnowError
from winnow.core.urls import canonical_url
from winnow.egress.client import Client
from winnow.models import Account, Source
from winnow.services.network import FETCH_SECONDS, client
from winnow.services.sources import add_source
from winnow.sources.discover import Found, discover
from winnow.sources.dispatch import recognise
from winnow.sources.opml import Outline, read_opml, write_opml
from winnow.sources.tables import open_file

# What says that an address can never be a source; after any other failure the place may come back.
_NEVER = ("bad_address", "blocked_address", "not_a_feed")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list of subscriptions; `refused` holds line and reason."""

    added: int
    known: int
    refused: tuple[tuple[int, str], ...]


def find_source(*, address: str, name: str = "", account: Account | None = None) -> tuple[Source, bool]:
    """The source behind an address that a person gave: the feed of a page, of a channel, of a repository.

    A place that does not answer just now is taken as it is. Raises InputError or FetchError for what is none.
    """
    known = Source.objects.filter(address=address.strip()).first()
    if known is not None:
        return known, False
    found = look(address)
    return add_source(address=found.address, kind=found.kind, name=name, title=found.title, account=account)


def look(address: str, bounded: Client | None = None) -> Found:
    """What an address is, as `find_source` takes it, within the time of a client that has some left; stores nothing."""
    address = address.strip()
    if recognise(address).kind != "file" and canonical_url(address) is None:
        raise InputError(f"{address}: not an address of the form https://host/path, and no such file")
    try:
        return discover(address, bounded or client().within(FETCH_SECONDS), settings.CREDENTIALS)
    except FetchError as error:
        if error.code in _NEVER:
            raise
    connector = recognise(address)
    return Found(connector.kind, connector.settled(address))


def import_opml(path: Path, *, account: Account | None = None) -> Imported:
    """Make every subscription of an OPML file a source; what cannot be one is named. Raises InputError for the file."""
    with open_file(path) as stream:
        outlines = read_opml(stream.read(), str(path))
    n_added, n_known, refused = 0, 0, []
    for outline in outlines:
        try:
            _, is_new = _subscribe(outline, account)
        except WinnowError as error:
            refused.append((outline.line, str(error)))
        else:
            n_added, n_known = n_added + is_new, n_known + (not is_new)
    return Imported(n_added, n_known, tuple(refused))


def _subscribe(outline: Outline, account: Account | None) -> tuple[Source, bool]:
    """A list from elsewhere names places on the web; a path in it is no permission to read this machine."""
    kind = outline.kind or recognise(outline.address).kind
    if kind == "file":
        raise InputError(f"{outline.address}: not an address of the form https://host/path")
    return add_source(
        address=outline.address,
        kind=kind,
        title=outline.title,
        folder=outline.folder,
        name=outline.title,
        account=account,
    )


def feeds_as_opml(feeds: Iterable[tuple[str, str]]) -> str:
    """Feeds of this site, as (title, address), for feed readers."""
    return write_opml([Outline(address, title, "", "", "feed") for title, address in feeds], "Tags of Winnow")


def export_opml() -> str:
    """All sources on the web as OPML, in the folders that they came in."""
    sources = Source.objects.exclude(kind="file").order_by("folder", "name")
    outlines = [Outline(source.address, str(source), "", source.folder, source.kind) for source in sources]
    return write_opml(outlines, "Sources of Winnow")
