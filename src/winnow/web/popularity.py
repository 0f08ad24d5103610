"""Why something is popular, in words: each factor that was counted, and what it counted for."""

from winnow.models import Item
from winnow.web.phrases import counted

# What another place counts, where its own word is not the plain one.
NAMES = {"score": "points", "upvotes": "votes", "likes": "likes"}


def factors_of(item: Item) -> list[str]:
    """The factors of an Item's score, the strongest kind first; empty where only its date speaks for it."""
    heat = item.heat
    n_votes = heat.get("votes", 0) + heat.get("new_votes", 0)
    n_counted, n_places = heat.get("counted_votes", n_votes), heat.get("places", 0)
    told = []
    if n_votes:
        few = f", {n_counted} counted: the others are of new voices" if n_counted < n_votes else ""
        told.append(f"{counted(n_votes, 'vote')} here{few}")
    if n_places:
        told.append(f"turned up in {counted(n_places, 'more place')}")
    return told + [_outside(**signal) for signal in heat.get("outside", [])]


def _outside(*, source: str, name: str, value: float, rank: float) -> str:
    return f"{value:,.0f} {NAMES.get(name, name)} at {source}, above {100 * rank:.0f} % of what came from there"
