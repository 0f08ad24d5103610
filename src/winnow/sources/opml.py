"""OPML 1.0 and 2.0: lists of subscriptions, nested, with attributes."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from winnow.core.errors import InputError
from winnow.core.text import clean
from winnow.sources.links import is_web_address

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 64
MAX_TEXT = 200
_SEPARATOR = " / "
MAX_TAG = 16 * 1024
_MARK = re.compile(r"<outline\b|</outline\s*>", re.IGNORECASE)
# A value ends at the quote after which another attribute, or the end of the tag, follows.
_ATTRIBUTE = re.compile(r"""(\w+)=["'](.*?)["'](?=\s+\w+=["']|\s*/?>\s*\Z)""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Outline:
    """One subscription: the feed's address, its title, the page that it belongs to, and the folders that it lies in."""

    address: str
    title: str = ""
    page: str = ""
    folder: str = ""
    kind: str = ""
    line: int = 0


@dataclass(slots=True)
class _Reader:
    """Collects outlines as they are met; what encloses others without an address is a folder."""

    name: str
    outlines: dict[str, Outline] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)

    def open(self, attributes: dict[str, str], line: int) -> None:
        given = {name.lower(): value for name, value in attributes.items()}
        title = clean(given.get("title") or given.get("text", ""), MAX_TEXT)
        address = given.get("xmlurl", "").strip()
        if address:
            folder = _SEPARATOR.join(filter(None, self.folders))[:MAX_TEXT]
            page, kind = given.get("htmlurl", "").strip(), given.get("winnowkind", "")
            self.outlines.setdefault(address, Outline(address, title, page, folder, kind, line))
        if len(self.folders) >= MAX_DEPTH:
            raise InputError.at(self.name, line, "", f"is nested deeper than {MAX_DEPTH} outlines")
        self.folders.append("" if address else title)

    def close(self) -> None:
        if self.folders:
            self.folders.pop()


def read_opml(content: bytes, name: str) -> tuple[Outline, ...]:
    """The subscriptions of a file in their order, each address once. Raises InputError with the line.

    A third of the lists that people share is no proper XML (bare ampersands, quotes and tags inside of attributes):
    what the parser refuses is read outline by outline.
    """
    if len(content) > MAX_BYTES:
        raise InputError.at(name, 0, "", f"is larger than {MAX_BYTES >> 20} MiB")
    if b"<!entity" in content.replace(b"\0", b"").lower():
        raise InputError.at(name, 0, "", "declares entities; write them out")
    try:
        return _read_strictly(content, name)
    except expat.ExpatError as error:
        found = _read_loosely(content, name)
        if not found:
            reason = f"is no proper XML ({expat.ErrorString(error.code)})"
            raise InputError.at(name, error.lineno, "", reason) from None
        return found


def _read_strictly(content: bytes, name: str) -> tuple[Outline, ...]:
    reader, elements = _Reader(name), set[str]()
    parser = expat.ParserCreate()

    def start(element: str, attributes: dict[str, str]) -> None:
        elements.add(element.lower())
        if element.lower() == "outline":
            reader.open(attributes, parser.CurrentLineNumber)

    def end(element: str) -> None:
        if element.lower() == "outline":
            reader.close()

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(content, True)
    if "opml" not in elements:
        raise InputError.at(name, 0, "", "is no OPML; its outermost element should be <opml>")
    return tuple(reader.outlines.values())


def _read_loosely(content: bytes, name: str) -> tuple[Outline, ...]:
    text = content.decode("utf-8", "replace")
    if "<opml" not in text[:4096].lower():
        return ()
    reader, line, start = _Reader(name), 1, 0
    marks = [*_MARK.finditer(text)]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, following in zip(marks, ends, strict=False):
        line, start = line + text.count("\n", start, mark.start()), mark.start()
        if mark[0].startswith("</"):
            reader.close()
            continue
        tag = text[mark.end() : min(following, mark.end() + MAX_TAG)].rstrip()
        reader.open({key: html.unescape(value) for key, value in _ATTRIBUTE.findall(tag)}, line)
        if tag.endswith("/>"):
            reader.close()
    return tuple(reader.outlines.values())


def write_opml(outlines: Iterable[Outline], title: str) -> str:
    """An OPML 2.0 file; folders are nested as they were read."""
    tree: dict[str, Any] = {}
    for outline in outlines:
        branch = tree
        for part in filter(None, outline.folder.split(_SEPARATOR)):
            branch = branch.setdefault(f"/{part}", {})
        branch[outline.address] = outline
    body = "\n".join(_lines(tree, 2))
    head = f"  <head>\n    <title>{_escaped(title)}</title>\n  </head>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n{head}\n  <body>\n{body}\n  </body>\n</opml>\n'
    )


def _lines(tree: dict[str, Any], depth: int) -> Iterable[str]:
    pad = "  " * depth
    for name, inner in tree.items():
        if isinstance(inner, Outline):
            yield f"{pad}{_outline(inner)}"
        else:
            yield f"{pad}<outline text={quoteattr(name[1:])}>"
            yield from _lines(inner, depth + 1)
            yield f"{pad}</outline>"


def _outline(outline: Outline) -> str:
    attributes = {"type": "rss", "text": outline.title, "title": outline.title, "xmlUrl": outline.address}
    if is_web_address(outline.page):
        attributes["htmlUrl"] = outline.page
    if outline.kind and outline.kind != "feed":
        attributes["winnowKind"] = outline.kind
    return f"<outline {' '.join(f'{name}={quoteattr(value)}' for name, value in attributes.items())}/>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
