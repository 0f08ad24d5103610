"""The XML parser that feedparser is given: expat with its text in pieces of 8 KiB.

By default every line and every entity is a call of its own, which makes a long escaped page four times as slow.
Found by `xml.sax.make_parser`, which looks for `create_parser` in a module named to it.
"""

from typing import Any
from xml.sax.expatreader import ExpatParser


class BufferedParser(ExpatParser):
    """Expat, with neighbouring text handed over together."""

    _parser: Any  # pyexpat's parser, which typeshed does not know of

    def reset(self) -> None:
        """Begin anew, buffered."""
        super().reset()
        self._parser.buffer_text = True


def create_parser() -> BufferedParser:
    """A fresh parser."""
    return BufferedParser()
