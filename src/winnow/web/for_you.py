"""Recommended: what a reader may like, why each is there, and the switch that turns it off and forgets."""

from dataclasses import replace
from textwrap import shorten

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from winnow.core.experiments import EXPLORED as RANDOM
from winnow.core.readers import Reader, forgotten
from winnow.queries.tags import approved_tags
from winnow.services.readers import forget_read, keep_state
from winnow.services.recommend import EXPLORED, Recommended, recommend_for
from winnow.services.value import today
from winnow.web.access import account_of
from winnow.web.arms import factor_of, tagged
from winnow.web.phrases import one_in
from winnow.web.reader import arrive, reader_of, remember
from winnow.web.report import voice_of

SAID = {
    "off": gettext_lazy("Turned off, and what you read is forgotten. What you saved, hid and follow stays."),
    "on": gettext_lazy("Turned on."),
    "forget": gettext_lazy("What you read is forgotten. What you saved, hid and follow stays."),
}
MAX_TITLE = 80


@never_cache
@require_safe
def for_you(request: HttpRequest) -> HttpResponse:
    """A page of recommendations that ends, the same all day; without anything to go by, how to begin."""
    reader, tags = arrive(request), list(approved_tags())
    share = EXPLORED * (factor_of(request, RANDOM) if reader.is_known else 1.0)
    found = recommend_for(reader, tags=tags, day=today(), voice=voice_of(request), share=share)
    tagged(request, [one.item for one in found], tags)
    page = {
        "picks": [(one.item, _reason(one, reader)) for one in found],
        "tags": tags,
        "followed": [tag for tag in tags if tag.slug in reader.followed],
        "one_in": one_in(share),
    }
    return remember(request, render(request, "for_you.html", page))


@require_POST
def switch(request: HttpRequest, to: str) -> HttpResponse:
    """Turn recommendations off and forget, turn them on, or forget alone."""
    account, reader = account_of(request), reader_of(request)
    reader = reader if to == "on" else forgotten(reader)
    reader = reader if to == "forget" else replace(reader, is_learning=to == "on")
    if account is not None:
        if to != "on":
            forget_read(account=account)
        keep_state(account=account, reader=reader)
    messages.success(request, SAID[to])
    return remember(request, redirect("/for-you"), reader)


def _reason(one: Recommended, reader: Reader) -> str:
    tag = one.item.tag.name if one.item.tag else ""
    if one.like is not None:
        return _liked(one.like.pk, reader).format(title=shorten(str(one.like), MAX_TITLE, placeholder="…"))
    if one.why == "explore":
        return _("Drawn at random from {tag}, to show you something else").format(tag=tag)
    return _("You follow {tag}").format(tag=tag) if one.why == "tag" else _("Popular at present")


def _liked(pk: int, reader: Reader) -> str:
    if pk in reader.saved:
        return _("Like “{title}”, which you saved")
    return _("Like “{title}”, which you voted for") if pk in reader.voted else _("Like “{title}”, which you read")
