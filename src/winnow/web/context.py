"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from winnow.models import Tag
from winnow.queries.access import RIGHTS, may
from winnow.queries.tags import approved_tags
from winnow.web.access import account_of
from winnow.web.colours import palette_version
from winnow.web.reader import reader_of


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The approved tags (read once a page, and only where one is shown), the visitor's rights, the page's address."""
    tags: Any = SimpleLazyObject(lambda: list[Tag](approved_tags()))
    return {
        "tags": tags,
        "palette": SimpleLazyObject(lambda: palette_version(len(tags))),
        "rights": {right for right in RIGHTS if may(request.user, right)},
        "may_report": settings.ANONYMOUS_REPORTS or account_of(request) is not None,
        "may_vote": settings.ANONYMOUS_VOTES or account_of(request) is not None,
        "reader": SimpleLazyObject(lambda: reader_of(request)),
        "canonical": settings.BASE_URL + request.path,
    }
