"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from winnow.models import Tag
from winnow.queries.feedback import news_of
from winnow.queries.tags import approved_tags
from winnow.web.access import account_of, rights_of
from winnow.web.colours import palette_version
from winnow.web.reader import reader_of


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The approved tags (read once a page, and only where one is shown), the visitor's rights and news, the page's address."""
    account = account_of(request)
    tags: Any = SimpleLazyObject(lambda: list[Tag](approved_tags()))
    answers: Any = SimpleLazyObject(lambda: news_of(account) if account is not None else set[int]())
    return {
        "tags": tags,
        "palette": SimpleLazyObject(lambda: palette_version(len(tags))),
        "rights": rights_of(request),
        "answers": answers,
        "may_report": settings.ANONYMOUS_REPORTS or account is not None,
        "may_vote": settings.ANONYMOUS_VOTES or account is not None,
        "reader": SimpleLazyObject(lambda: reader_of(request)),
        "canonical": settings.BASE_URL + request.path,
    }
