"""Why something is popular, in words: each factor that was counted, and what it counted for."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from winnow.models import Item
from winnow.web.phrases import Word, counted

# What another place counts, where its own word is not the plain one.
NAMES: dict[str, Word] = {
    "score": gettext_lazy("points"),
    "upvotes": gettext_lazy("votes"),
    "likes": gettext_lazy("likes"),
}


def factors_of(item: Item) -> list[str]:
    """The factors of an Item's score, the strongest kind first; empty where only its date speaks for it."""
    heat = item.heat
    n_votes = heat.get("votes", 0) + heat.get("new_votes", 0)
    n_counted, n_places = heat.get("counted_votes", n_votes), heat.get("places", 0)
    told = []
    if n_votes:
        few = n_counted < n_votes
        words = _("{votes} here, {n} counted: the others are of new voices") if few else _("{votes} here")
        told.append(words.format(votes=counted(n_votes, "vote"), n=n_counted))
    if n_places:
        told.append(_("turned up in {places}").format(places=counted(n_places, "more place")))
    return told + [_outside(**signal) for signal in heat.get("outside", [])]


def _outside(*, source: str, name: str, value: float, rank: float) -> str:
    words = _("{value} {unit} at {source}, above {percent} % of what came from there")
    return words.format(value=f"{value:,.0f}", unit=NAMES.get(name, name), source=source, percent=f"{100 * rank:.0f}")
