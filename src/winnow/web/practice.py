"""Worked examples before the first task: nothing of what is answered here is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from winnow.models import Account
from winnow.queries.practice import worked_examples
from winnow.queries.tags import approved_tags, tag_named
from winnow.web.access import requires
from winnow.web.review import PRACTISED


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires("review")
def practice(request: HttpRequest, _account: Account) -> HttpResponse:
    """One case; once it is answered, what the guideline says of it. After the last, or skipped, the queue itself."""
    examples = worked_examples()
    given = request.POST if request.method == "POST" else request.GET
    number = given.get("case", "1")
    at = int(number) if number.isdecimal() and 0 < int(number[:4]) <= len(examples) else 1
    if "skip" in request.POST or not examples:
        request.session[PRACTISED] = True
        return redirect("/review")
    chosen = tag_named(request.POST["tag"]) if "tag" in request.POST else None
    if chosen is not None and at == len(examples):
        request.session[PRACTISED] = True
    tags = list(approved_tags())
    shown = {
        "example": examples[at - 1],
        "at": at,
        "n": len(examples),
        "chosen": chosen,
        "tags": tags,
        "names": {tag.slug: tag.name for tag in tags},
    }
    return render(request, "practice.html", shown)
