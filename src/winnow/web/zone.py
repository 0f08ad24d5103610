"""Times in the reader's zone: a script leaves its name in a cookie, and the pages after that speak in it."""

from collections.abc import Callable
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

COOKIE = "winnow-zone"


class ReaderZone:
    """Middleware: whatever is written for a reader is in the zone that their browser named; without one, in the site's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer within the zone. It ends with the answer, as the thread goes on to another reader."""
        with timezone.override(zone_of(request.COOKIES.get(COOKIE, ""))):
            return self.get_response(request)


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of that name (IANA, `Europe/Vienna`); none where no such is known here, whatever was sent."""
    return ZoneInfo(name) if name in _known() else None


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
