"""A web site to read from, and feeds of others where they are at hand."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from winnow.egress.addresses import Allowance
from winnow.egress.client import Client, Limits


@dataclass
class Site:
    """Answers each path, with its query or without, with what was put there: status, headers, body."""

    url: str
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)

    def put(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        """Underscores in the names of headers stand for hyphens."""
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, content)
        return self.url + path


class Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self):
        self.site.requests.append((self.path, dict(self.headers)))
        page = self.site.pages.get(self.path) or self.site.pages.get(self.path.partition("?")[0])
        status, headers, body = page or (404, {}, b"nothing here")
        if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.site.forms.append(form)
        self.do_GET()

    def log_message(self, *_args):
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    handler = type("SiteHandler", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield handler.site
        server.shutdown()
        thread.join()


@pytest.fixture
def client() -> Client:
    return Client(Allowance.parse("127.0.0.0/8"), limits=Limits(total=5))


@pytest.fixture(scope="session")
def feeds() -> Path:
    folder = Path(__file__).parents[2].parent / "shared" / "data" / "feeds"
    if not folder.is_dir():
        pytest.skip("the feeds of others are not beside this checkout (shared/data/feeds)")
    return folder


@pytest.fixture(scope="session")
def rss():
    """An RSS feed around items; an item is its title, or its whole content where that begins with a tag."""

    def compose(*items: str) -> bytes:
        inner = "".join(
            f"<item>{item if item.startswith('<') else f'<title>{item}</title><link>https://a.test/{n}</link>'}</item>"
            for n, item in enumerate(items)
        )
        head = "<rss version='2.0'><channel><title>Feed</title><link>https://a.test/</link>"
        return f"{head}{inner}</channel></rss>".encode()

    return compose


@pytest.fixture
def recorded(site, shared_data):
    """Put an answer that was recorded in the wild at the path that it had there; returns its address here.

    Addresses within an answer lead to this site too, so that what follows them finds its way.
    """
    folder = shared_data / "recorded"
    known = {entry["file"]: entry for entry in map(json.loads, (folder / "index.jsonl").read_text().splitlines())}
    here = ("location", "link")

    def put(file: str, path: str = "") -> str:
        entry = known[file]
        parts = urlsplit(entry.get("url") or "")
        place = path or parts.path
        origin = f"{parts.scheme}://{parts.netloc}"
        headers = {
            name.lower(): value for name, value in (entry.get("headers") or {}).items() if name.lower() != "status"
        }
        headers |= {name: headers[name].replace(origin, site.url) for name in here if name in headers}
        body = (folder / file).read_bytes()
        site.pages[place] = (entry.get("status") or 200, headers, body)
        return site.url + place

    return put
