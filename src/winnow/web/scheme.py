"""The site speaks as `WINNOW_BASE_URL` says that it is reached: a proxy that ends TLS asks it in the clear."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class AsReached:
    """A WSGI application around another, which then builds addresses, cookies and promises to browsers for that scheme.

    Asked of the settings and not of a header: a proxy that forgets it, or a visitor who writes it, changes nothing.
    """

    def __init__(self, site: App) -> None:
        self.site, self.scheme = site, urlsplit(settings.BASE_URL).scheme

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The site's answer."""
        environ["wsgi.url_scheme"] = self.scheme
        return self.site(environ, start_response)
