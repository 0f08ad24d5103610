"""How long do readers and programs wait? A demo served by one worker, 20 requests a second, from another process.

Needs a demo: `make demo SERVE=0`. Figures in milliseconds; bytes are of the page with its styles and script, not compressed.
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx

from record import ROOT, quantiles, record

RATE = 20
SECONDS = 30
PAGES = ("/", "/recent", "/t/mlops", "/tags", "/withheld", "/sources", "/search?q=model")
TEXTS = [
    {"title": "Segmenting lungs", "description": "A convolutional network that outlines lungs in scans."},
    {"title": "Serving language models", "description": "Batching, caching and autoscaling of inference servers."},
    {"title": "A corpus of proverbs", "description": "Twelve thousand sayings with their translations."},
    {"title": "Forecasting the load of a power grid"},
]


def main() -> None:
    """Serve, load, measure."""
    with served() as base:
        token = json.loads(_winnow("token", "bench", "--scope", "classify", "--json"))["token"]
        with httpx.Client(base_url=base, timeout=10, headers={"Authorization": f"Bearer {token}"}) as client:
            client.post("/api/v1/classify", json={"items": TEXTS[:1]})
            classify = paced(lambda n: client.post("/api/v1/classify", json={"items": [TEXTS[n % len(TEXTS)]]}))
        with httpx.Client(base_url=base, timeout=10) as client:
            pages = paced(lambda n: client.get(PAGES[n % len(PAGES)]))
            sizes = {page: _bytes(client, page) for page in PAGES}
    figures = {"classify_ms": quantiles(classify), "pages_ms": quantiles(pages), "page_bytes": sizes, "rate": RATE}
    record("serving", figures, {"classify_ms": classify, "pages_ms": pages})


def paced(call: Callable[[int], httpx.Response], *, seconds: int = SECONDS) -> list[float]:
    """Latencies in ms of calls that start on the beat, whether or not the one before has ended."""

    def timed(n: int) -> float:
        started = time.perf_counter()
        call(n).raise_for_status()
        return (time.perf_counter() - started) * 1000

    begin = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        futures = []
        for n in range(RATE * seconds):
            time.sleep(max(0.0, begin + n / RATE - time.perf_counter()))
            futures.append(pool.submit(timed, n))
        return [future.result() for future in futures]


def _bytes(client: httpx.Client, page: str) -> int:
    html = client.get(page).text
    assets = set(re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js)[^"]*)"', html))
    return len(html.encode()) + sum(len(client.get(asset).content) for asset in assets)


@contextmanager
def served() -> Any:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "winnow", "serve", "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/api/v1/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not come up")


def _winnow(*words: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "winnow", *words], capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ
    ).stdout


if __name__ == "__main__":
    main()
