"""`winnow sources add|list|on|off|trust|probation|move|import|export`: the places that content comes from."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from django_typer.management import command

from winnow.management.command import Json, Verb, emit, say
from winnow.models import Source
from winnow.queries.sources import source_of, sources_with_figures
from winnow.services.discover import export_opml, find_source, import_opml
from winnow.services.sources import BY_HAND, accept_move, add_source, missing_credentials, set_active, set_trust

Name = Annotated[str, typer.Argument(help="The source's name, as `winnow sources list` shows it.")]


class Command(Verb):
    """Sources.

    Example: winnow sources list
    """

    @command()
    def add(
        self,
        address: Annotated[list[str], typer.Argument(help="[KIND] ADDRESS-or-FILE")],
        name: Annotated[str, typer.Option(help="A short name; made from the address where it is left out.")] = "",
        as_json: Json = False,
    ) -> None:
        """Add a source and switch it on; what it is is found out where it is not said: a feed, a page that names one, a channel.

        Example: winnow sources add https://jmlr.org/jmlr.xml --name jmlr
        """
        if len(address) > 2:
            raise typer.BadParameter("give [KIND] ADDRESS, nothing more")
        kind = address[0] if len(address) == 2 else ""
        source, is_new = (
            add_source(address=address[-1], kind=kind, name=name)
            if kind
            else find_source(address=address[-1], name=name)
        )
        if as_json:
            emit({**_row(source), "is_new": is_new})
        else:
            say(f"{'Added' if is_new else 'Here already'}: {source.name} ({source.kind}) {source.address}")
            if lacks := missing_credentials(source):
                say(lacks)

    @command(name="list")
    def list_sources(self, as_json: Json = False) -> None:
        """All sources, with what they brought and how the last reading went.

        Example: winnow sources list --json
        """
        for figures in sources_with_figures():
            source = figures.source
            if as_json:
                emit({**_row(source), "items": figures.n_items, "published": figures.n_published})
            else:
                state = source.error_message or missing_credentials(source) or ("on" if source.is_active else "off")
                say(f"{source.name:<32} {figures.n_items:>6} items   {state:<20} {source.address}")

    @command()
    def on(self, name: Name) -> None:
        """Switch a source on.

        Example: winnow sources on arxiv-cs-cl
        """
        set_active(source=source_of(name), is_active=True, account=None)
        say(f"{name} is on; `winnow gather {name}` reads it now, the worker when it is due.")

    @command()
    def off(self, name: Name) -> None:
        """Switch a source off; what it brought stays.

        Example: winnow sources off arxiv-cs-cl
        """
        set_active(source=source_of(name), is_active=False, account=None)
        say(f"{name} is off.")

    @command()
    def trust(self, name: Name) -> None:
        """Trust a source: what it brings is published by the model again. What was odd counts as history.

        Example: winnow sources trust arxiv-cs-cl
        """
        set_trust(source=source_of(name), is_trusted=True, reason=BY_HAND, account=None, is_by_hand=True)
        say(f"{name} is trusted.")

    @command()
    def probation(self, name: Name) -> None:
        """Put a source on probation: what it brings goes to people, until `sources trust` ends it.

        Example: winnow sources probation arxiv-cs-cl
        """
        set_trust(source=source_of(name), is_trusted=False, reason=BY_HAND, account=None, is_by_hand=True)
        say(f"{name} is on probation.")

    @command()
    def move(self, name: Name) -> None:
        """Ask a source where it says that it has moved to.

        Example: winnow sources move jmlr
        """
        say(f"{name} is read at {accept_move(source=source_of(name), account=None).address} from now on.")

    @command(name="import")
    def import_list(
        self, file: Annotated[Path, typer.Argument(help="A list of subscriptions as OPML.")], as_json: Json = False
    ) -> None:
        """Make every subscription of an OPML file a source; the folders that they lie in are kept.

        Example: winnow sources import subscriptions.opml
        """
        done = import_opml(file)
        if as_json:
            refused = [{"line": line, "reason": reason} for line, reason in done.refused]
            emit({"added": done.added, "known": done.known, "refused": refused})
        else:
            say(f"{done.added} added, {done.known} here already, {len(done.refused)} refused")
        for line, reason in done.refused:
            sys.stderr.write(f"{file}:{line}: {reason}\n")
        sys.exit(1 if done.refused else 0)

    @command()
    def export(self) -> None:
        """All sources on the web as OPML, on standard output.

        Example: winnow sources export > subscriptions.opml
        """
        sys.stdout.write(export_opml())


def _row(source: Source) -> dict[str, object]:
    return {
        "name": source.name,
        "kind": source.kind,
        "address": source.address,
        "title": source.title,
        "is_active": source.is_active,
        "trust": str(source.trust),
        "probation_reason": source.probation_reason,
        "moved_to": source.moved_to,
        "needs": missing_credentials(source),
        "fetched_at": source.fetched_at and source.fetched_at.isoformat(),
        "error": {"code": source.error_code, "message": source.error_message} if source.error_code else None,
    }
