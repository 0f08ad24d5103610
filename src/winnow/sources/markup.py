"""HTML to plain text, for the fields of feeds."""

import html
import re

import nh3

# nh3 takes time that grows with the square of the nesting: 64 KiB of it take 0.3 s, 500 KiB 23 s.
MAX_MARKUP = 64 * 1024
_VANISH = {"script", "style", "noscript", "template"}
_BLOCK = re.compile(
    r"<(?=/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|tr|td|th|table|blockquote|pre|section|article|figure|figcaption)\b)",
    re.IGNORECASE,
)


def plain(value: str, *, is_markup: bool) -> str:
    """The text of a field: tags are gone, scripts and styles with their content, entities are read once.

    Where the field is plain text by its own word, entities in it are letters like others.
    """
    value = value[:MAX_MARKUP]
    if "<" not in value and not (is_markup and "&" in value):
        return value
    if not is_markup:
        value = value.replace("&", "&amp;")
    # Blocks stand apart on a page; without their tags their words would run together.
    return html.unescape(nh3.clean(_BLOCK.sub(" <", value), tags=set(), clean_content_tags=_VANISH))
