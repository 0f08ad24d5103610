"""Links as feeds and files write them."""

from urllib.parse import urljoin, urlsplit

from winnow.core.urls import MAX_URL


def is_web_address(link: str) -> bool:
    """Whether a link is absolute, http or https, names a host, and holds no control character or blank."""
    try:
        parts = urlsplit(link)
        _ = parts.port
    except ValueError:
        return False
    is_clean = len(link) <= MAX_URL and link.isprintable() and " " not in link
    return is_clean and parts.scheme in ("http", "https") and bool(parts.hostname)


def absolute(base: str, link: str) -> str:
    """The link seen from `base`, where that makes it a web address; else nothing, and nothing for no link.

    >>> absolute("https://a.test/b/", "../c"), absolute("https://a.test/", "javascript:alert(1)")
    ('https://a.test/c', '')
    """
    # As browsers read it: line breaks and tabs within are nothing, blanks are encoded.
    link = "".join(link.strip().split("\n")).replace("\r", "").replace("\t", "").replace(" ", "%20")
    if not link:
        return ""
    try:
        link = urljoin(base, link)
    except ValueError:
        return ""
    return link if is_web_address(link) else ""
