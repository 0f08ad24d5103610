"""`winnow recall TAG`: look for works of a tag under others."""

import secrets
from typing import Annotated

import typer

from winnow.core.values import Interval
from winnow.management.command import Json, Verb, emit, say
from winnow.queries.recall import recalled
from winnow.queries.tags import tag_named
from winnow.services.recall import MOST, recall


class Command(Verb):
    """Recall."""

    def handle(
        self,
        tag: Annotated[str, typer.Argument(help="An approved tag; `winnow tags` names them.")],
        n: Annotated[int, typer.Option("--n", min=0, max=1000, help="So many wait for its sake; 0 only tells.")] = MOST,
        as_json: Json = False,
    ) -> None:
        """Ask people about works that may belong to a tag: reported, near to its gold, unsure, and some drawn at random.

        Example: winnow recall other --n 40
        """
        opened = recall(tag=tag_named(tag), seed=secrets.randbits(32), n=n)
        found = recalled(tag)
        if as_json:
            ways = {way: _as_json(share) for way, share in found.by_way}
            emit({"tag": tag, "opened": opened, "waiting": found.n_waiting, **_as_json(found.found), "by_way": ways})
            return
        new = ", ".join(f"{count} {way}" for way, count in opened.items() if count)
        say(f"{tag}: {sum(opened.values())} works put into the queue{f' ({new})' if new else ''}")
        say(f"  {found.n_waiting} wait; {found.n_found} of {found.found.n} that were looked at belong to it")
        for way, share in found.by_way:
            say(f"  {way:<10} {share.value:.3f}  ({share.low:.3f} to {share.high:.3f}, n = {share.n})")


def _as_json(share: Interval) -> dict[str, float | int]:
    return {"found": round(share.value * share.n), "looked_at": share.n, "low": share.low, "high": share.high}
