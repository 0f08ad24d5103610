"""A web site to read from, and feeds of others where they are at hand."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from winnow.egress.addresses import Allowance
from winnow.egress.client import Client, Limits


@dataclass
class Site:
    """Answers each path with what was put there: status, headers, body."""

    url: str
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> str:
        """Underscores in the names of headers stand for hyphens."""
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, content)
        return self.url + path


class Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self):
        self.site.requests.append((self.path, dict(self.headers)))
        status, headers, body = self.site.pages.get(self.path, (404, {}, b"nothing here"))
        if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

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
