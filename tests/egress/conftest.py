"""Servers that say exactly what a test wants, certificates of every kind, and a record of connects."""

import contextlib
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from winnow.egress.addresses import Allowance
from winnow.egress.client import Client, Limits

Handler = Callable[[socket.socket], None]


@dataclass
class RawServer:
    """Answers each connection with one handler call; keeps the requests that came in."""

    handler: Handler
    tls: ssl.SSLContext | None = None
    requests: list[str] = field(default_factory=list)

    def __post_init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            with self.tls.wrap_socket(connection, server_side=True) if self.tls else connection as stream:
                self.requests.append(_request(stream).decode("latin-1"))
                self.handler(stream)


def _request(stream: socket.socket) -> bytes:
    """The whole of it: a connection that is closed on unread bytes is reset, and its answer is lost."""
    request = _until(stream, b"", lambda read: b"\r\n\r\n" in read)
    length = re.search(rb"\r\ncontent-length: *(\d+)\r\n", request, re.IGNORECASE)
    whole = request.index(b"\r\n\r\n") + 4 + int(length[1]) if length else 0
    return _until(stream, request, lambda read: len(read) >= whole)


def _until(stream: socket.socket, read: bytes, enough: Callable[[bytes], bool]) -> bytes:
    while not enough(read) and (piece := stream.recv(65536)):
        read += piece
    return read


def answer(body: bytes = b"hello", status: str = "200 OK", **headers: str) -> Handler:
    """A proper answer; underscores in the names of headers stand for hyphens."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return lambda connection: connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


@pytest.fixture
def respond():
    return answer


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    with contextlib.ExitStack() as stack:

        def start(handler: Handler, tls: ssl.SSLContext | None = None) -> RawServer:
            server = RawServer(handler, tls)
            stack.callback(server.close)
            return server

        yield start


@pytest.fixture
def client() -> Client:
    """Loopback is open, and time and space are short."""
    limits = Limits(wire=256 * 1024, unpacked=512 * 1024, total=1.5, connect=1.0)
    return Client(Allowance.parse("127.0.0.0/8"), limits=limits)


@pytest.fixture
def connects(monkeypatch) -> list[tuple[str, int]]:
    """Every attempt to connect to something else than a loopback server of this test; none gets through."""
    attempts: list[tuple[str, int]] = []
    real = socket.socket.connect

    def record(sock, address):
        if address[0] == "127.0.0.1" and address[1] > 1024:
            return real(sock, address)
        attempts.append(address[:2])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", record)
    return attempts


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """A look-up table in place of the resolver: what is not in it leads nowhere."""
    table: dict[str, list[str]] = {}

    def look_up(host, port, *_args, **_options):
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in table[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table


@dataclass(frozen=True)
class Certificates:
    """One authority and what it signed, as files `NAME.pem` with the key inside."""

    folder: Path

    def server(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem")
        return context

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.folder / "authority.pem")


@pytest.fixture(scope="session")
def certificates(tmp_path_factory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")
    _sign(folder, "authority", "/CN=Authority", "basicConstraints=critical,CA:TRUE")
    _sign(folder, "good", "/CN=good", "subjectAltName=DNS:good.test,IP:127.0.0.1", by="authority")
    _sign(folder, "other", "/CN=other", "subjectAltName=DNS:other.test", by="authority")
    _sign(folder, "expired", "/CN=old", "subjectAltName=IP:127.0.0.1", by="authority", days=-1)
    _sign(folder, "selfsigned", "/CN=self", "subjectAltName=IP:127.0.0.1")
    return Certificates(folder)


def _sign(folder: Path, name: str, subject: str, extension: str, *, by: str = "", days: int = 30):
    key, request, made, extensions = (folder / f"{name}.{kind}" for kind in ("key", "csr", "crt", "ext"))
    extensions.write_text(extension)
    _openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", request, "-subj", subject)  # fmt: skip
    signer = ["-CA", folder / f"{by}.pem", "-CAcreateserial"] if by else ["-signkey", key]
    _openssl("x509", "-req", "-in", request, "-out", made, "-days", days, "-extfile", extensions, *signer)
    (folder / f"{name}.pem").write_bytes(key.read_bytes() + made.read_bytes())


def _openssl(*arguments: object):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
