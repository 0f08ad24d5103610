"""The short lists (tags, sources, data sets, models) as feeds: who keeps track of them is told of what comes new."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from winnow.queries.datasets import dataset_rows
from winnow.queries.models import model_rows
from winnow.queries.sources import sources_with_figures
from winnow.queries.tags import ruled_tags
from winnow.web.feeds import KINDS, Entry, Feed, feed_response
from winnow.web.phrases import counted


@require_safe
def feed(request: HttpRequest, of: str, form: str) -> HttpResponse:
    """One of DIRECTORIES for feed readers and programs, newest first."""
    about, entries = DIRECTORIES[of], ENTRIES[of]()
    newest = sorted(entries, key=lambda entry: entry.at, reverse=True)
    return feed_response(request, form, Feed(about.title, about.description, about.path, {}, newest))


def announced(of: str) -> dict[str, Any]:
    """What the head of the page needs to name its feeds (`alternates.html`)."""
    return {"feed": DIRECTORIES[of], "feed_kinds": KINDS}


def _tags() -> list[Entry]:
    """Each tag with its guideline, as of the day when that came into force."""
    return [
        Entry(f"/t/{tag.slug}", tag.name, tag.description, ruled_at, categories=(tag.slug,))
        for tag, ruled_at in ruled_tags()
    ]


def _sources() -> list[Entry]:
    return [
        Entry(
            f"/sources/{one.source.name}",
            str(one.source),
            f"{counted(one.n_items, 'work')}, {one.n_published:,} of them published.",
            one.source.created_at,
            categories=(one.source.kind,),
        )
        for one in sources_with_figures()
    ]


def _datasets() -> list[Entry]:
    return [
        Entry(f"/datasets/{one.version}", one.version, f"{counted(one.n, 'work')}, frozen.", one.created_at)
        for one in dataset_rows()
    ]


def _models() -> list[Entry]:
    return [
        Entry(f"/models/{one.ref}", one.ref, f"Recipe {one.recipe}.", one.created_at, categories=(one.recipe,))
        for one in model_rows()
    ]


ENTRIES: dict[str, Callable[[], list[Entry]]] = {
    "tags": _tags,
    "sources": _sources,
    "datasets": _datasets,
    "models": _models,
}
DIRECTORIES = {
    "tags": Feed(
        gettext_lazy("Tags · Winnow"), gettext_lazy("The approved tags and their guidelines."), "/tags", {}, ()
    ),
    "sources": Feed(gettext_lazy("Sources · Winnow"), gettext_lazy("Where works come from."), "/sources", {}, ()),
    "datasets": Feed(
        gettext_lazy("Data sets · Winnow"), gettext_lazy("What people said, frozen."), "/datasets", {}, ()
    ),
    "models": Feed(
        gettext_lazy("Models · Winnow"),
        gettext_lazy("What sorts the works, and what did so before."),
        "/models",
        {},
        (),
    ),
}
