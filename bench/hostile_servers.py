"""What a fetch costs, in seconds and in memory, when the server means harm.

Each case is fetched by a process of its own with the limits of production, which tells its highest memory before and
after. Bars: the deadline and one second, and 64 MB more than before.
"""

import gzip
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from record import record

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
Handler = Callable[[socket.socket], None]


def main() -> None:
    """Serve every case to a fetcher, and keep the worst."""
    figures: dict[str, object] = {}
    for name, handler in CASES.items():
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=_serve, args=(listener, handler), daemon=True).start()
            port = listener.getsockname()[1]
            done = subprocess.run([sys.executable, __file__, str(port)], capture_output=True, text=True, check=True)
        figures[name] = json.loads(done.stdout)
    rows = [row for row in figures.values() if isinstance(row, dict)]
    figures["most seconds"] = max(row["seconds"] for row in rows)
    figures["most MB more"] = max(row["MB more"] for row in rows)
    record("hostile_servers", figures)


def fetch(port: int) -> None:
    """The process that fetches: what came of it, after how long, and how much its memory grew."""
    from winnow.core.errors import FetchError  # noqa: PLC0415 - in this process alone
    from winnow.egress.addresses import Allowance  # noqa: PLC0415
    from winnow.egress.client import Client  # noqa: PLC0415

    client = Client(Allowance.parse("127.0.0.0/8"))
    before, started = _highest(), time.monotonic()
    try:
        end = str(client.fetch(f"http://127.0.0.1:{port}/").status)
    except FetchError as error:
        end = error.code
    row = {"end": end, "seconds": round(time.monotonic() - started, 2), "MB more": round(_highest() - before, 1)}
    print(json.dumps(row))


def _highest() -> float:
    """The highest memory of this process so far, MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _serve(listener: socket.socket, handler: Handler) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(connection, handler), daemon=True).start()


def _answer(connection: socket.socket, handler: Handler) -> None:
    try:
        with connection:
            connection.recv(65_536)
            handler(connection)
    except OSError:
        pass


def _endless(first: bytes, piece: bytes, pause: float = 0.0) -> Handler:
    def send(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return send


def _once(data: bytes, stays: float = 0.0) -> Handler:
    def send(connection: socket.socket) -> None:
        connection.sendall(data)
        time.sleep(stays)

    return send


BOMB = gzip.compress(b"\0" * 200_000_000, 9)
CASES: dict[str, Handler] = {
    "silence": _once(b"", 60),
    "silence after the headers": _once(OK + b"Content-Length: 9\r\n\r\n", 60),
    "drip of headers": _endless(OK, b"X-A: b\r\n", 0.3),
    "drip of a body": _endless(OK + b"Content-Length: 999999\r\n\r\n", b"x", 0.3),
    "endless body": _endless(OK + b"\r\n", b"x" * 65_536),
    "endless chunks": _endless(CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n"),
    "endless small chunks": _endless(CHUNKED, b"1\r\nx\r\n" * 1000),
    "flood of headers": _endless(OK, b"X-Flood: y\r\n" * 1000),
    "one endless header": _endless(OK + b"X: ", b"y" * 65_536),
    "endless interim answers": _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "length that lies low": _once(OK + b"Content-Length: 3\r\n\r\n" + b"x" * 100_000),
    "length that lies high": _once(OK + b"Content-Length: 99999999999\r\n\r\nx", 60),
    "redirects in a loop": _once(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
    "packed bomb": _once(OK + b"Content-Encoding: gzip\r\n" + f"Content-Length: {len(BOMB)}\r\n\r\n".encode() + BOMB),
    "no HTTP at all": _once(b"\x16\x03\x01" * 10_000),
}

if __name__ == "__main__":
    fetch(int(sys.argv[1])) if len(sys.argv) > 1 else main()
