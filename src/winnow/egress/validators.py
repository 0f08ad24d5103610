"""The validators of conditional requests: given back to the server only where that is harmless."""

MAX_VALIDATOR = 256


def echoable(value: str) -> str:
    """The value where it is short and printable ASCII, else nothing: it would travel in a request header."""
    return value if len(value) <= MAX_VALIDATOR and value.isascii() and value.isprintable() else ""


def conditions(etag: str, last_modified: str) -> dict[str, str]:
    """The request headers that ask for an answer only if something changed.

    >>> conditions('"abc"', "x" * 999)
    {'If-None-Match': '"abc"'}
    """
    headers = {"If-None-Match": echoable(etag), "If-Modified-Since": echoable(last_modified)}
    return {name: value for name, value in headers.items() if value}
