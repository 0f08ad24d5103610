"""The front page, and the page of one Item."""

import numpy as np
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from winnow.core.experiments import FRONT_PACE
from winnow.core.readers import marked
from winnow.models import Item
from winnow.queries.items import item_of, why_this_tag
from winnow.queries.news import latest_news
from winnow.queries.tags import approved_tags
from winnow.services.front import front_page
from winnow.services.readers import note_read
from winnow.services.similar import similar_items
from winnow.services.value import is_to_be_asked
from winnow.web.access import account_of
from winnow.web.arms import bear, factor_of, seen_tags, tagged
from winnow.web.cards import card
from winnow.web.colours import LIGHT, tag_colour
from winnow.web.facets import facets_of, schema_of
from winnow.web.history import history_of
from winnow.web.paths import item_path
from winnow.web.popularity import factors_of
from winnow.web.reader import arrive, reader_of, remember
from winnow.web.value import ASKED

MAX_PLACES = 50


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The best few of each tag, and an end. Who comes first is told what this is, who comes back what is new."""
    tags, reader, now = list(approved_tags()), arrive(request), timezone.now()
    seen = seen_tags(request)
    found = front_page(tags=tags, reader=reader, now=now, pace=factor_of(request, FRONT_PACE), seen=seen)
    bear([item for _, items in found.sections for item in items], seen, tags)
    page = {
        "front": found,
        "tags": tags,
        "today": timezone.localdate(),
        "news": latest_news(after=reader.news, now=now) if reader.is_welcomed else None,
    }
    return remember(request, render(request, "front.html", page))


@require_safe
def item(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One Item with all that is known about it, at its one address."""
    found = item_of(pk)
    path = item_path(found)
    if path != f"/i/{pk}/{slug}":
        return redirect(path)
    tags = list(approved_tags())
    tagged(request, [found], tags)
    why = why_this_tag(found)
    places = list(found.duplicates.select_related("source").defer("vector").order_by("pk")[:MAX_PLACES])
    page = {
        "item": found,
        "tags": tags,
        "names": {tag.slug: tag.name for tag in tags},
        "why": why,
        "history": history_of(why.events, {tag.slug: tag.name for tag in tags}),
        "places": places,
        "facets": facets_of(found, places),
        "similar": similar_items(found),
        "factors": factors_of(found),
        "schema": schema_of(found),
        "picture": f"{settings.BASE_URL}/i/{pk}/picture.png",
        "asks": ASKED not in request.COOKIES and found.seen_tag is None and is_to_be_asked(found),
        "can_be_reported": found.state in (Item.State.PUBLISHED, Item.State.IN_REVIEW),
    }
    return _opened(request, found, render(request, "item.html", page))


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def picture(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The picture that goes with links to a work from elsewhere."""
    found = item_of(pk)
    tag = found.tag or found.likely_tag
    vector = np.frombuffer(bytes(found.vector), dtype="<f4").astype(np.float64) if found.vector else None
    png = card(vector, title=str(found), colour=tag_colour(tag.position if tag else 0, LIGHT))
    return HttpResponse(png, content_type="image/png")


def _opened(request: HttpRequest, found: Item, page: HttpResponse) -> HttpResponse:
    """Remember what was read, for readers who have been here before and let recommendations learn."""
    reader, account = reader_of(request), account_of(request)
    is_meant = request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")
    if not (is_meant and reader.is_learning and found.state == Item.State.PUBLISHED):
        return page
    if account is not None:
        note_read(item=found, account=account)
        return page
    return remember(request, page, marked(reader, "read", found.pk, is_on=True)) if reader.visited_at else page
