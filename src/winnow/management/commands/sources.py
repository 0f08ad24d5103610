"""`winnow sources add|list|on|off`: the places that content comes from."""

from typing import Annotated

import typer
from django_typer.management import command

from winnow.management.command import Json, Verb, emit, say
from winnow.models import Source
from winnow.queries.sources import source_of, sources_with_figures
from winnow.services.sources import add_source, set_active

Name = Annotated[str, typer.Argument(help="The source's name, as `winnow sources list` shows it.")]


class Command(Verb):
    """Sources."""

    @command()
    def add(
        self,
        address: Annotated[list[str], typer.Argument(help="[KIND] ADDRESS-or-FILE")],
        name: Annotated[str, typer.Option(help="A short name; made from the address where it is left out.")] = "",
        as_json: Json = False,
    ) -> None:
        """Add a source and switch it on; its kind is found out where it is not said.

        Example: winnow sources add https://jmlr.org/jmlr.xml --name jmlr
        """
        if len(address) > 2:
            raise typer.BadParameter("give [KIND] ADDRESS, nothing more")
        kind = address[0] if len(address) == 2 else ""
        source, is_new = add_source(address=address[-1], kind=kind, name=name)
        if as_json:
            emit({**_row(source), "is_new": is_new})
        else:
            say(f"{'Added' if is_new else 'Here already'}: {source.name} ({source.kind}) {source.address}")

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
                state = source.error_message or ("on" if source.is_active else "off")
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


def _row(source: Source) -> dict[str, object]:
    return {
        "name": source.name,
        "kind": source.kind,
        "address": source.address,
        "title": source.title,
        "is_active": source.is_active,
        "fetched_at": source.fetched_at and source.fetched_at.isoformat(),
        "error": {"code": source.error_code, "message": source.error_message} if source.error_code else None,
    }
