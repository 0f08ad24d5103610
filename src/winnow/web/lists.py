"""The lists of what is published: recent, popular, of a tag, found by a search; each as a page and as a feed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from winnow.core.errors import NotFoundError
from winnow.core.readers import Reader
from winnow.models import Item
from winnow.queries.cursors import Page
from winnow.queries.items import newest_change, published_items
from winnow.queries.recall import recalled
from winnow.queries.search import search
from winnow.queries.tags import approved_tags, tag_of, tags_with_figures
from winnow.services.budget import budgets
from winnow.services.front import is_new
from winnow.services.tag_precision import mistaken_for, precision_of_tags
from winnow.web.arms import seen_tags, tagged
from winnow.web.feeds import KINDS, Entry, Feed, feed_response
from winnow.web.paths import item_path
from winnow.web.phrases import stop
from winnow.web.reader import arrive, reader_of, remember

# What a reader wants to see no more; feeds are the same for everybody.
Hidden = Collection[int]
N_BEST = 3
WINDOWS = {
    "1d": (
        gettext_lazy("A day"),
        gettext_lazy("The best of a day: by votes here, by places, and by rank at the source."),
        1,
    ),
    "1w": (
        gettext_lazy("A week"),
        gettext_lazy("The best of a week: by votes here, by places, and by rank at the source."),
        7,
    ),
    "1m": (
        gettext_lazy("A month"),
        gettext_lazy("The best of a month: by votes here, by places, and by rank at the source."),
        31,
    ),
    "1y": (
        gettext_lazy("A year"),
        gettext_lazy("The best of a year: by votes here, by places, and by rank at the source."),
        366,
    ),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: what it is called and says of itself, its address with what chooses its rows, and a page of them."""

    title: str
    says: str
    path: str
    query: dict[str, str]
    page: Page[Item]

    def feed(self) -> Feed:
        """The same rows for feed readers."""
        return Feed(
            f"{self.title} · Winnow", self.says, self.path, self.query, [_entry(item) for item in self.page.rows]
        )


def _recent(request: HttpRequest, *, hidden: Hidden = ()) -> Listing:
    return Listing(
        _("Recent"),
        _("All that is published, newest first."),
        "/recent",
        {},
        published_items(hidden=hidden, after=_after(request)),
    )


def _popular(request: HttpRequest, window: str = "", *, hidden: Hidden = ()) -> Listing:
    says, path, since = (
        _("By votes here, by places, and by rank at the source; where none is named, by date alone."),
        "/popular",
        None,
    )
    if window:
        if window not in WINDOWS:
            raise NotFoundError(f"there is no such window; there are {', '.join(WINDOWS)}")
        _name, best, days = WINDOWS[window]
        says, path = (
            str(best),
            f"/popular/{window}",
        )
        since = timezone.now() - timedelta(days=days)
    return Listing(
        _("Popular"),
        says,
        path,
        {},
        published_items(sort="best" if window else "popular", since=since, hidden=hidden, after=_after(request)),
    )


def _tag(request: HttpRequest, slug: str, *, hidden: Hidden = (), seen: Mapping[int, str] | None = None) -> Listing:
    tag = tag_of(slug)
    return Listing(
        tag.name,
        tag.description,
        f"/t/{slug}",
        {},
        published_items(tag=tag.slug, hidden=hidden, seen=seen, after=_after(request)),
    )


def _search(request: HttpRequest) -> Listing:
    q = request.GET.get("q", "").strip()
    return search_listing(q, search(q, sort="recent", after=_after(request)).page)


def search_listing(q: str, page: Page[Item]) -> Listing:
    """What a search found, as a list."""
    return Listing(
        _("Search: {q}").format(q=q) if q else _("Search"),
        _("What is published and fits this search."),
        "/search",
        {"q": q},
        page,
    )


LISTS: dict[str, Callable[..., Listing]] = {"recent": _recent, "popular": _popular, "tag": _tag, "search": _search}


@require_safe
def recent(request: HttpRequest) -> HttpResponse:
    """All that is published, newest first."""
    reader = arrive(request)
    listing = _recent(request, hidden=reader.hidden)
    is_first = not _after(request)
    page = _shown(request, "recent.html", listing, line_before=_left_off(listing.page.rows, reader, is_first=is_first))
    return remember(request, page)


@require_safe
def popular(request: HttpRequest, window: str = "") -> HttpResponse:
    """What turns up in most places, of all times or of a window."""
    windows = [("", _("All times")), *((key, name) for key, (name, _best, _days) in WINDOWS.items())]
    return _shown(
        request,
        "popular.html",
        _popular(request, window, hidden=reader_of(request).hidden),
        window=window,
        windows=windows,
    )


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """What a tag means, and all that bears it."""
    hidden = reader_of(request).hidden
    seen = seen_tags(request, tag=slug)
    listing = _tag(request, slug, hidden=hidden, seen=seen)
    figures = tags_with_figures()
    names = {figure.tag.slug: figure.tag.name for figure in figures}
    return _shown(
        request,
        "tag.html",
        listing,
        figures=next(figure for figure in figures if figure.tag.slug == slug),
        tags=[figure.tag for figure in figures],
        recalled=recalled(slug),
        names=names,
        audited=precision_of_tags().get(slug),
        budget=budgets().get(slug),
        related=[one for one in mistaken_for(slug) if one.slug in names],
        best=[] if _after(request) else _best_of_month(slug, hidden, seen),
    )


def _best_of_month(slug: str, hidden: Hidden, seen: Mapping[int, str]) -> list[Item]:
    """The few works of the last month that something besides their date speaks for."""
    since = timezone.now() - timedelta(days=31)
    page = published_items(tag=slug, sort="best", since=since, hidden=hidden, seen=seen, limit=N_BEST)
    return [item for item in page.rows if item.score > 1]


def _etag(_request: HttpRequest, **_choice: str) -> str:
    """A feed is another when anything that is shown has changed, or an hour has passed over a window's edge."""
    return f'"{newest_change()} {timezone.now():%Y-%m-%d %H} {get_language()}"'


@require_safe
@condition(etag_func=_etag)
def feed(request: HttpRequest, of: str, form: str, **choice: str) -> HttpResponse:
    """The newest rows of a list, for feed readers and programs."""
    return feed_response(request, form, LISTS[of](request, **choice).feed())


def _shown(request: HttpRequest, template: str, listing: Listing, **more: Any) -> HttpResponse:
    tagged(request, [*listing.page.rows, *more.get("best", ())], approved_tags())
    shown = {"listing": listing, "page": listing.page, "feed": listing.feed(), "feed_kinds": KINDS}
    return render(request, template, shown | more)


def _left_off(rows: Sequence[Item], reader: Reader, *, is_first: bool) -> int | None:
    """The row from which on nothing is new since the visit before; none where that is on another page."""
    news = [is_new(item, reader) for item in rows]
    place = len(news) - news[::-1].index(True) if any(news) else 0
    if reader.left_at is None or place == len(rows) or not (place or is_first):
        return None
    return rows[place].pk


def _after(request: HttpRequest) -> str:
    return request.GET.get("after", "")


def _entry(item: Item) -> Entry:
    """One work: what it is about, under which tag."""
    about = f"{item.description}{stop(item.description)} " if item.description else ""
    return Entry(
        path=item_path(item),
        title=str(item),
        summary=f"{about}{item.tag.name if item.tag else ''}",
        at=item.dated_at,
        author=item.author,
        categories=(str(item.tag_id),),
    )
