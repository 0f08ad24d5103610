"""What of a work is found where: its paper, its code, a talk about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from winnow.core.sites import Facet
from winnow.core.urls import canonical_url, facet_of
from winnow.models import Item
from winnow.web.phrases import Word

WORDS: dict[Facet, Word] = {
    Facet.PAPER: gettext_lazy("Paper"),
    Facet.CODE: gettext_lazy("Code"),
    Facet.DEMO: gettext_lazy("Demo"),
    Facet.TALK: gettext_lazy("Talk"),
    Facet.DISCUSSION: gettext_lazy("Discussion"),
    Facet.ARTICLE: gettext_lazy("Article"),
    Facet.DATASET: gettext_lazy("Data"),
    Facet.MODEL: gettext_lazy("Model"),
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
    order = list(WORDS)
    shown = sorted((pair for pair in known if pair[0] in WORDS), key=lambda pair: order.index(pair[0]))
    return [Shown(str(WORDS[facet]), url) for facet, url in shown] if len(distinct) > 1 else []


def schema_of(item: Item) -> str:
    """The type of schema.org that fits a work best."""
    return SCHEMA.get(facet_of(item.url), "CreativeWork") if canonical_url(item.url) else "CreativeWork"
