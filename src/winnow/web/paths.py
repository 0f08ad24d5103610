"""Addresses that more than one page writes."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify

from winnow.models import Item

MAX_SLUG = 60


def item_path(item: Item) -> str:
    """The one address of an Item's page; the words in it are for people and may change with the title."""
    slug = slugify(item.title)[:MAX_SLUG].strip("-_")
    return f"/i/{item.pk}/{slug or 'item'}"


def local_or(request: HttpRequest, path: str, default: str) -> str:
    """`path` where it stays on this site, else `default`: nobody is led away by a crafted link."""
    is_local = path.startswith("/") and url_has_allowed_host_and_scheme(path, {request.get_host()})
    return path if is_local else default
