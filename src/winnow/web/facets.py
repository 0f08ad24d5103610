"""What of a work is found where: its paper, its code, a talk about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from winnow.core.sites import Facet
from winnow.core.urls import canonical_url, facet_of
from winnow.models import Item

WORDS = {
    Facet.PAPER: "Paper",
    Facet.CODE: "Code",
    Facet.DEMO: "Demo",
    Facet.TALK: "Talk",
    Facet.DISCUSSION: "Discussion",
    Facet.ARTICLE: "Article",
    Facet.DATASET: "Data",
    Facet.MODEL: "Model",
}

# What schema.org calls a work by what its own address is of.
SCHEMA = {
    Facet.PAPER: "ScholarlyArticle",
    Facet.CODE: "SoftwareSourceCode",
    Facet.DEMO: "WebApplication",
    Facet.TALK: "VideoObject",
    Facet.DISCUSSION: "DiscussionForumPosting",
    Facet.ARTICLE: "Article",
    Facet.DATASET: "Dataset",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One facet of a work in words, and its address."""

    word: str
    url: str


def facets_of(item: Item, copies: Iterable[Item]) -> list[Shown]:
    """The facets of a work by the addresses of its Item, of that Item's copies, and of its links; each address once.

    Empty where the page that the Item itself leads to is all there is.
    """
    addresses = [item.url, *item.links, *(copy.url for copy in copies)]
    distinct = {form: url for url in reversed(addresses) if (form := canonical_url(url)) is not None}
    known = [(facet_of(url), url) for url in reversed(distinct.values())]
    shown = [Shown(WORDS[facet], url) for facet, url in known if facet in WORDS]
    order = list(WORDS.values())
    return sorted(shown, key=lambda facet: order.index(facet.word)) if len(distinct) > 1 else []


def schema_of(item: Item) -> str:
    """The type of schema.org that fits a work best."""
    return SCHEMA.get(facet_of(item.url), "CreativeWork") if canonical_url(item.url) else "CreativeWork"
