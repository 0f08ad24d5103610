"""The addresses of what is shown, as pages and mails write them."""

from django.utils.text import slugify

from winnow.models import Item

MAX_SLUG = 60


def item_path(item: Item) -> str:
    """The one address of an Item's page; the words in it are for people and may change with the title."""
    slug = slugify(item.title)[:MAX_SLUG].strip("-_")
    return f"/i/{item.pk}/{slug or 'item'}"
