"""The connector `file`: a feed, a row file, or a folder of them on this machine. Only local commands may name one."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from urllib.parse import unquote, urlsplit

from winnow.core.errors import FetchError, InputError, WinnowError
from winnow.core.text import MAX_TITLE, clean
from winnow.core.values import Candidate, Fault
from winnow.egress.client import Client
from winnow.sources.base import Page
from winnow.sources.dates import plausible
from winnow.sources.feed import candidates
from winnow.sources.newest import newest
from winnow.sources.parse import parse_feed
from winnow.sources.rows import Row, read_rows
from winnow.sources.tables import open_file

MAX_FEED = 16 * 1024 * 1024
MAX_ID = 64
MAX_FILES = 200
_ENDINGS = (".xml", ".rss", ".atom", ".rdf", ".json", ".csv", ".jsonl", ".ndjson")
_PATHS = ("/", "./", "../", "file://")


class FileConnector:
    """A path or a file: address. The cursor holds the hash of the content."""

    kind = "file"

    def recognises(self, address: str) -> bool:
        """What looks like a path, and what is one."""
        return address.startswith(_PATHS) or os.path.exists(address)  # noqa: PTH110 -- a URL may be too long for Path.exists

    def settled(self, address: str) -> str:
        """A place on this machine is asked as it is."""
        return address

    def missing(self, address: str) -> str:
        """Nothing."""
        del address
        return ""

    def fetch(self, address: str, cursor: Mapping[str, str], client: Client) -> Page:
        """Read the file; one with the same content as before is an unchanged page. Raises InputError, FetchError."""
        del client  # nothing is fetched
        path = Path(unquote(urlsplit(address).path)) if address.startswith("file://") else Path(address)
        return _read_folder(path, cursor) if path.is_dir() else _read_file(path, cursor)


def _read_file(path: Path, cursor: Mapping[str, str]) -> Page:
    with open_file(path) as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        if sha256 == cursor.get("sha256"):
            return Page(cursor=cursor, is_unchanged=True)
        stream.seek(0)
        read = _read_feed if _is_feed(stream) else _read_rows
        page = read(stream, str(path))
    return Page(page.candidates, {"sha256": sha256}, page.title, page.left_out)


def _read_folder(folder: Path, cursor: Mapping[str, str]) -> Page:
    """Every feed and row file that lies in the folder; one that cannot be read is an entry that says why."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS and path.is_file())
    if not files:
        raise InputError.at(folder, 0, "", f"is a folder without files that end in {', '.join(_ENDINGS)}")
    pages = [(path, _page_or_fault(path)) for path in files[:MAX_FILES]]
    sha256 = hashlib.sha256(
        "".join(f"{path.name}\0{page.cursor.get('sha256', '')}\0" for path, page in pages).encode()
    ).hexdigest()
    if sha256 == cursor.get("sha256"):
        return Page(cursor=cursor, is_unchanged=True)
    entries = [_of_file(one, path.name) for path, page in pages for one in page.candidates]
    kept, n_left_out = newest(entries, lambda one: one.published_at)
    n_left_out += sum(page.left_out for _, page in pages)
    return Page(tuple(kept), {"sha256": sha256}, folder.name, n_left_out)


def _page_or_fault(path: Path) -> Page:
    try:
        return _read_file(path, {})
    except WinnowError as error:
        return Page((Candidate("", path.name, fault=Fault("file", str(error))),), {"sha256": str(error)})


def _of_file(candidate: Candidate, name: str) -> Candidate:
    """An id means something within its file alone."""
    return replace(candidate, external_id=hashlib.sha256(f"{name}\n{candidate.external_id}".encode()).hexdigest())


def _is_feed(stream: BufferedReader) -> bool:
    head = stream.read(4096)
    stream.seek(0)
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") or b"jsonfeed.org/version/" in head


def _read_feed(stream: BufferedReader, _path: str) -> Page:
    body = stream.read(MAX_FEED + 1)
    if len(body) > MAX_FEED:
        raise FetchError("too_large", f"the file is larger than {MAX_FEED >> 20} MiB")
    feed = parse_feed(body)
    return Page(candidates(feed), title=clean(feed.title, MAX_TITLE), left_out=feed.left_out)


def _read_rows(stream: BufferedReader, path: str) -> Page:
    rows, n_left_out = newest(list(read_rows(stream, name=path)), lambda row: row.created_on)
    return Page(tuple(map(_candidate, rows)), title=Path(path).name, left_out=n_left_out)


def _identity(name: str) -> str:
    """The row's own name where it can be kept as it is, else its hash."""
    fits = len(name) <= MAX_ID and name.isprintable()
    return name if fits else hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _candidate(row: Row) -> Candidate:
    return Candidate(
        external_id=_identity(row.id),
        title=clean(row.title, MAX_TITLE),
        description=clean(row.description),
        url=row.url,
        published_at=plausible(row.created_on),
        tag=row.tag,
        line=row.line,
        fault=row.fault,
    )
