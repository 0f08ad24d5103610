"""Encodings that pages and feeds name for themselves, and those that are never read."""

import codecs

# In these, what a scan reads as harmless text turns into markup; punycode besides takes time by the square of the length.
_REFUSED = frozenset({"utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})


def codec_named(name: str) -> str:
    """Python's own name of an encoding of text; empty where there is none."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def is_refused(name: str) -> bool:
    """Whether nothing is read in this encoding, whatever says that it should be."""
    return codec_named(name) in _REFUSED
