"""What good readers notice of those who mean ill, and what one small hostile request costs.

`abuse.py [SECONDS]`, in a demo. Good readers ask 20 times a second, first alone, then under each kind of abuse: clients that
never finish what they say, bodies of many megabytes, deep JSON, a flood. Then single requests of at most 10 KB, each
measured by the CPU time that the server's processes spend on it. The bar: p95 at most twice that without abuse, refused as
413, 414, 429 or 431 (400, 411 and 422 where the request is malformed), never above a second of CPU.
"""

import json
import multiprocessing
import os
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.queues import SimpleQueue
from typing import Any

import httpx
import psutil

from record import quantiles, record
from serving import PAGES, _winnow, paced, served

SLOW_CLIENTS = 200
DEEP = "[" * 5_000 + "]" * 5_000
LONG = "a" * 30_000
Abuse = Callable[[str, str, threading.Event, Counter[str]], None]


def main(seconds: int = 20) -> None:
    """Serve; measure alone, then under each kind; then the dearest single requests."""
    token = json.loads(_winnow("token", "abuse", "--scope", "classify", "--scope", "submit", "--json"))["token"]
    # The flood comes through a proxy that is known; it would stand for everybody on this machine otherwise.
    os.environ["WINNOW_TRUSTED_PROXIES"] = "1"
    with served() as base, httpx.Client(base_url=base, timeout=30) as client:
        good = _good(client, seconds)
        samples: dict[str, list[float]] = {"alone": []}
        answers = {}
        for name in ABUSES:
            # Before each, since a machine is not as quick at one time as at another.
            samples["alone"] += good()
            with _under(name, base, token) as met:
                samples[name] = good()
            answers[name] = dict(met)
        cpu = dict(_cpu(client, token))
    found = {name: quantiles(values) for name, values in samples.items()}
    figures: dict[str, Any] = {
        "good readers, ms": found,
        "p95 against that alone": {
            name: round(told["p95"] / found["alone"]["p95"], 2) for name, told in found.items() if name != "alone"
        },
        "what abuse met": answers,
        "CPU seconds of one request": cpu,
        "dearest, CPU seconds": max(spent for spent, _ in cpu.values()),
    }
    record("abuse", figures, {f"{name}_ms": values for name, values in samples.items()})


def _good(client: httpx.Client, seconds: int) -> Callable[[], list[float]]:
    return lambda: paced(lambda n: client.get(PAGES[n % len(PAGES)]), seconds=seconds)


@contextmanager
def _under(name: str, base: str, token: str) -> Iterator[Counter[str]]:
    """Abuse from a process of its own, which takes no turns from that of the good readers; what it met, at the end."""
    apart = multiprocessing.get_context("spawn")
    stop, told, met = apart.Event(), apart.SimpleQueue(), Counter[str]()
    process = apart.Process(target=_abuse, args=(name, base, token, stop, told), daemon=True)
    process.start()
    try:
        yield met
    finally:
        stop.set()
        met.update(told.get())
        process.join()


def _abuse(name: str, base: str, token: str, stop: threading.Event, told: "SimpleQueue[Counter[str]]") -> None:
    met = Counter[str]()
    ABUSES[name](base, token, stop, met)
    told.put(met)


def _slow(base: str, token: str, stop: threading.Event, met: Counter[str]) -> None:
    """Heads and bodies that arrive a byte at a time, and answers that nobody reads."""
    url = httpx.URL(base)
    kinds = (
        b"GET /tags HTTP/1.1\r\nHost: a\r\nX-",
        # With a token, or nobody would wait for its body.
        f"POST /api/v1/items HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\nContent-Length: 999\r\n\r\n".encode(),
    )
    held = [socket.create_connection((url.host, url.port or 80)) for _ in range(SLOW_CLIENTS)]
    for n, client in enumerate(held):
        client.sendall(kinds[n % 2])
    while not stop.wait(1):
        for client in held:
            with suppress(OSError):
                client.sendall(b"a")
    met["connections"] = len(held)
    for client in held:
        client.close()


def _huge(base: str, token: str, stop: threading.Event, met: Counter[str]) -> None:
    _again(
        base, token, stop, met, lambda client: client.post("/api/v1/items", content=b"[" + b"1," * 5_000_000 + b"1]")
    )


def _deep(base: str, token: str, stop: threading.Event, met: Counter[str]) -> None:
    _again(base, token, stop, met, lambda client: client.post("/api/v1/items", content=DEEP))


def _flood(base: str, token: str, stop: threading.Event, met: Counter[str]) -> None:
    """From one address, one after another as fast as answers come."""
    headers = {"Authorization": "", "X-Forwarded-For": "203.0.113.9"}
    _again(base, token, stop, met, lambda client: client.get("/search?q=model", headers=headers))


def _again(
    base: str, token: str, stop: threading.Event, met: Counter[str], ask: Callable[[httpx.Client], httpx.Response]
) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with httpx.Client(base_url=base, timeout=30, headers=headers) as client:
        while not stop.is_set():
            try:
                met[str(ask(client).status_code)] += 1
            except httpx.HTTPError as error:
                # Refused in the middle of a body that would not have been read.
                met[type(error).__name__] += 1


ABUSES: dict[str, Abuse] = {"slow clients": _slow, "huge bodies": _huge, "deep JSON": _deep, "flood": _flood}


def _cpu(client: httpx.Client, token: str) -> Iterator[tuple[str, tuple[float, str]]]:
    """Of each request: the CPU seconds of all that serve, and the status."""
    servers = [p for p in psutil.process_iter(["cmdline"]) if _serves(p, client.base_url.port)]
    family = [member for server in servers for member in (server, *server.children(recursive=True))]
    bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    long_item = {"title": LONG, "description": LONG[:500]}
    asked: dict[str, Callable[[], httpx.Response]] = {
        "search of 30,000 letters": lambda: client.get("/search", params={"q": LONG}),
        "search of a thousand signs": lambda: client.get("/search", params={"q": "a* " * 1_000}),
        "search of operators": lambda: client.get("/search", params={"q": '"(-NEAR OR ' * 300}),
        "page of a billion": lambda: client.get("/recent", params={"page": "9" * 18}),
        "long address": lambda: client.get(f"/{LONG}"),
        "long cookie": lambda: client.get("/", headers={"Cookie": f"reader={LONG}"}),
        "hundreds of headers": lambda: client.get("/", headers=[(f"X-{n}", "a") for n in range(400)]),
        "deep JSON": lambda: client.post("/api/v1/items", content=DEEP, headers=bearer),
        "long classify": lambda: client.post("/api/v1/classify", json={"items": [long_item]}, headers=bearer),
        "many texts to classify": lambda: client.post(
            "/api/v1/classify", json={"items": [{"title": f"Nets {n}"} for n in range(100)]}, headers=bearer
        ),
        "sign-in": lambda: client.post("/sign-in", data={"name": LONG, "password": LONG}),
        "form of a thousand fields": lambda: client.post("/sign-in", data={f"f{n}": "" for n in range(1_000)}),
    }
    for name, ask in asked.items():
        before = sum(_spent(member) for member in family)
        try:
            met = str(ask().status_code)
        except httpx.HTTPError as error:
            met = type(error).__name__
        # What is done behind the answer counts too.
        time.sleep(0.3)
        yield name, (round(sum(_spent(member) for member in family) - before, 3), met)


def _serves(process: psutil.Process, port: int | None) -> bool:
    words = process.info["cmdline"] or []
    return "serve" in words and str(port) in words


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
