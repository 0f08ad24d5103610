"""The button on the page of a tag that looks for its works under others."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from winnow.models import Account
from winnow.queries.tags import tag_of
from winnow.services.recall import recall
from winnow.web.access import requires
from winnow.web.phrases import coded, counted


@require_POST
@requires("adjudicate")
def look_for(request: HttpRequest, account: Account, slug: str) -> HttpResponse:
    """Put what may belong to the tag into the queue."""
    tag = tag_of(slug)
    opened = recall(tag=tag, seed=secrets.randbits(32), account=account)
    n = sum(opened.values())
    ways = ", ".join(f"{count} {coded(way)}" for way, count in opened.items() if count)
    if n:
        messages.success(request, _("{works} put into the queue: {ways}.").format(works=counted(n, "work"), ways=ways))
    else:
        messages.info(request, _("Nothing new to look at: enough of them wait already, or all were looked at."))
    return redirect(f"/t/{tag.slug}")
