"""`winnow gather [SOURCE or ADDRESS...]`: fetch sources, admit and decide."""

import sys
from typing import Annotated

import typer
from django.utils import timezone

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.models import Source
from winnow.queries.sources import due_sources
from winnow.services.gather import Gathered, gather_address


class Command(Verb):
    """Gather."""

    def handle(
        self,
        places: Annotated[
            list[str] | None,
            typer.Argument(help="Names of sources, or addresses; all sources in use where none is given."),
        ] = None,
        due: Annotated[bool, typer.Option("--due", help="Only sources whose time has come.")] = False,
        as_json: Json = False,
    ) -> None:
        """Fetch now, admit what is new, classify it and publish or hold it. Safe to run twice, and to kill.

        Example: winnow gather https://jmlr.org/jmlr.xml
        """
        places = places or _sources(due=due)
        has_failed = False
        with progress_bar("Gathering") as show:
            for n_done, place in enumerate(places, start=1):
                gathered = gather_address(place)
                has_failed |= gathered.error is not None
                _show(gathered, as_json=as_json)
                show(n_done, len(places))
        if not places and not as_json:
            say("No source is due. `winnow sources list` shows them, `winnow sources on NAME` switches one on.")
        sys.exit(1 if has_failed else 0)


def _sources(*, due: bool) -> list[str]:
    sources = due_sources(timezone.now()) if due else Source.objects.filter(is_active=True)
    return [source.name for source in sources]


def _show(gathered: Gathered, *, as_json: bool) -> None:
    if as_json:
        emit(gathered.as_json())
    if gathered.error is not None:
        sys.stderr.write(f"{gathered.source}: {gathered.error['code']}: {gathered.error['message']}\n")
    elif not as_json:
        counts = gathered.counts
        left_out = f", {gathered.left_out} older left out" if gathered.left_out else ""
        say(
            f"{gathered.source}: {counts.fetched} entries: {counts.admitted} new, {counts.duplicate} here already, "
            f"{counts.off_topic} off-topic, {counts.invalid} unusable{left_out}"
        )
