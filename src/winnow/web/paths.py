"""Addresses that more than one page writes."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from winnow.queries.paths import MAX_SLUG, item_path

__all__ = ["MAX_SLUG", "item_path", "local_or"]


def local_or(request: HttpRequest, path: str, default: str) -> str:
    """`path` where it stays on this site, else `default`: nobody is led away by a crafted link."""
    is_local = path.startswith("/") and url_has_allowed_host_and_scheme(path, {request.get_host()})
    return path if is_local else default
