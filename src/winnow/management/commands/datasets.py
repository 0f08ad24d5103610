"""`winnow datasets`: what was frozen, and what changed."""

from dataclasses import asdict
from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, say
from winnow.models import DatasetVersion
from winnow.queries.datasets import TAKEN_DOWN, before, dataset_named, dataset_rows, difference


class Command(Verb):
    """Datasets."""

    def handle(
        self,
        versions: Annotated[
            list[str] | None, typer.Argument(help="One version: what changed since the one before. Two: between them.")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """Every frozen set, newest first; with names, what was added, removed and changed, and why people were asked.

        Example: winnow datasets gold-1 gold-2
        """
        if versions:
            _show_difference(versions, as_json=as_json)
            return
        rows = dataset_rows()
        for row in rows:
            if as_json:
                emit(_as_json(row))
            else:
                say(f"{row.version:<10} {row.n:>6} works  {row.created_at:%Y-%m-%d %H:%M}  {row.sha256[:12]}")
        if not rows and not as_json:
            say("No data set yet. `winnow freeze` makes one of all labels; `make demo` makes labels to freeze.")


def _show_difference(versions: list[str], *, as_json: bool) -> None:
    if len(versions) > 2:
        raise typer.BadParameter("one or two versions")
    new = dataset_named(versions[-1])
    old = dataset_named(versions[0]) if len(versions) == 2 else before(new)
    found = difference(old, new)
    if as_json:
        parts = {"added": found.added, "removed": found.removed, "changed": found.changed}
        shown = {name: [asdict(one) for one in part] for name, part in parts.items()}
        counts = {"moved": found.n_moved, "why": dict(found.why)}
        emit({"from": old.version if old else None, "to": new.version, **shown, **counts})
        return
    say(f"{old.version if old else 'nothing'} to {new.version}")
    for sign, part in (("+", found.added), ("-", found.removed), ("~", found.changed)):
        for one in part:
            say(f"  {sign} {one.title or TAKEN_DOWN} ({' became '.join(filter(None, (one.was, one.now)))}): {one.why}")
    if found.n_moved:
        say(f"  {found.n_moved} changed sides: what taught proves, or what proved teaches")
    for why, n in found.why.items():
        say(f"  {n} because of {why}")


def _as_json(row: DatasetVersion) -> dict[str, object]:
    return {"version": row.version, "sha256": row.sha256, "n": row.n, "per_tag": row.per_tag}
