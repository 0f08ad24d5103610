"""Calls of `POST /api/v1/classify` that one worker answers, beside FastAPI with scikit-learn in the same run.

Needs Debian's `wrk`, and `pip install fastapi uvicorn[standard]` beside the project. A demo of its own serves a linear model
without encoder, with another as its shadow, to 32 clients; the peer serves `peer_fastapi.py`, the plainest endpoint that
one would write. Both are asked in turns, four times each. Then the demo's own model with its encoder, to 8 clients with
texts that are new each time, beside onnxruntime alone on the same texts and cores. Writes results/classify_http.json.
Bars: at least 2 times the peer, p99 below 66 ms; with encoder within 1.3 times of onnxruntime.
"""

import csv
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from record import ROOT, record
from serving import TEXTS, served
from swap import DEPLOY, python, winnow

TURNS, SECONDS = 4, 10
CLIENTS, CLIENTS_WITH_ENCODER = 32, 8
# Texts for the encoder: these words in an order of chance, some forty of them.
WORDS = [
    *("a", "network", "learns", "to", "segment", "images", "of", "lungs", "from"),
    *("few", "labels", "and", "serves", "large", "language", "models", "in", "production"),
]


def main() -> None:
    """Make the demo and both models, load, measure."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    home = Path(tempfile.mkdtemp(prefix="winnow-classify-"))
    os.environ["WINNOW_HOME"] = str(home)
    try:
        winnow("demo")
        _deploy(home, _linear(home), _linear(home, dropped=15))
        token = json.loads(winnow("token", "bench", "--scope", "classify", "--json"))["token"]
        figures = _beside_fastapi(home, token)
        python(home, DEPLOY, "v6-1", "champion")
        figures |= _with_encoder(home, token)
        record("classify_http", figures)
    finally:
        shutil.rmtree(home)


def _beside_fastapi(home: Path, token: str) -> dict[str, Any]:
    script = _script(home, token, fixed=True)
    ours, theirs = [], []
    with served() as base, _peer() as peer:
        for address in (base, peer):
            _load(address, script, CLIENTS, 2)
        for _ in range(TURNS):
            ours.append(_load(base, script, CLIENTS, SECONDS))
            theirs.append(_load(peer, script, CLIENTS, SECONDS))
    ratios = [one["per second"] / other["per second"] for one, other in zip(ours, theirs, strict=True)]
    return {
        "clients": CLIENTS,
        "with a shadow": True,
        "ours": ours,
        "FastAPI with scikit-learn": theirs,
        "ratio": {"median": round(median(ratios), 2), "low": round(min(ratios), 2), "high": round(max(ratios), 2)},
        "p99, ms, worst turn": max(one["p99, ms"] for one in ours),
        "failed": sum(one["failed"] for one in (*ours, *theirs)),
    }


def _with_encoder(home: Path, token: str) -> dict[str, Any]:
    script = _script(home, token, fixed=False)
    ours, alone = [], []
    with served() as base:
        _load(base, script, CLIENTS_WITH_ENCODER, 2)
        for _ in range(TURNS):
            ours.append(_load(base, script, CLIENTS_WITH_ENCODER, SECONDS))
            alone.append(float(python(home, _ALONE, " ".join(WORDS), str(SECONDS))))
    ratios = [one / other["per second"] for one, other in zip(alone, ours, strict=True)]
    return {
        "with encoder: clients": CLIENTS_WITH_ENCODER,
        "with encoder: ours": ours,
        "onnxruntime alone, per second": [round(rate, 1) for rate in alone],
        "onnxruntime alone by ours": {
            "median": round(median(ratios), 2),
            "low": round(min(ratios), 2),
            "high": round(max(ratios), 2),
        },
    }


# The graph and the tokeniser on as many threads as there are cores, nothing around them.
_ALONE = """
import os, random, sys, time, django
from concurrent.futures import ThreadPoolExecutor
django.setup()
from winnow.services.encode import encoder
words, seconds = sys.argv[1].split(), float(sys.argv[2])
one = encoder(); one._load()
end = time.perf_counter() + seconds
def run(seed):
    chance, n = random.Random(seed), 0
    while time.perf_counter() < end:
        one._encode_one(" ".join(chance.choices(words, k=40))); n += 1
    return n
with ThreadPoolExecutor(os.cpu_count()) as pool:
    print(sum(pool.map(run, range(os.cpu_count()))) / seconds)
"""


def _load(address: str, script: Path, clients: int, seconds: int) -> dict[str, Any]:
    """One turn of wrk: calls a second, latencies, and what failed."""
    words = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", "-s", str(script), address]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return {
        "per second": float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        "p50, ms": _ms(_found(r"(?m)^\s+50%\s+(\S+)", said)),
        "p99, ms": _ms(_found(r"(?m)^\s+99%\s+(\S+)", said)),
        "failed": int(failed[1]) if failed else 0,
    }


def _found(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    if found is None:
        sys.exit(f"wrk said something else: {said}")
    return found[1]


def _ms(figure: str) -> float:
    """`1.23ms`, `800.00us`, `1.20s` in milliseconds."""
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", figure).groups()  # type: ignore[union-attr]
    return round(float(value) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit], 3)


def _script(home: Path, token: str, *, fixed: bool) -> Path:
    """What wrk sends: the same four texts in turn, or texts that are new each time."""
    heads = (
        'wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\n'
        f'wrk.headers["Authorization"] = "Bearer {token}"\n'
    )
    bodies = ", ".join(f"[[{json.dumps({'items': [text]})}]]" for text in TEXTS)
    turn = f"local bodies = {{{bodies}}}\nlocal n = 0\nlocal function body() n = n + 1; return bodies[n % {len(TEXTS)} + 1] end\n"
    words = ", ".join(f'"{word}"' for word in WORDS)
    chance = (
        f"local words = {{{words}}}\nlocal function body()\n  local said = {{}}\n"
        "  for n = 1, 40 do said[n] = words[math.random(#words)] end\n"
        '  return \'{"items": [{"title": "\' .. table.concat(said, " ") .. \'"}]}\'\nend\n'
    )
    asks = 'request = function() return wrk.format(nil, "/api/v1/classify", nil, body()) end\n'
    path = home / f"{'fixed' if fixed else 'chance'}.lua"
    path.write_text(heads + (turn if fixed else chance) + asks)
    return path


@contextmanager
def _peer() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "uvicorn", "peer_fastapi:app", "--port", str(port), "--log-level", "warning"]
    server = subprocess.Popen(words, cwd=Path(__file__).parent)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _linear(home: Path, dropped: int = 0) -> str:
    """A linear model on the starter works, without the last so many of each file."""
    files = []
    for file in sorted((ROOT / "data" / "gold").glob("*.csv")):
        with file.open(newline="") as lines:
            rows = list(csv.reader(lines))
        files.append(home / f"{dropped}-{file.name}")
        with files[-1].open("w", newline="") as lines:
            csv.writer(lines).writerows(rows[: len(rows) - dropped])
    words = [word for file in files for word in ("--data", str(file))]
    ref: str = json.loads(winnow("train", "linear", *words, "--json"))["model"]
    return ref


def _deploy(home: Path, champion: str, shadow: str) -> None:
    python(home, DEPLOY, champion, "champion")
    python(home, DEPLOY, shadow, "shadow")


if __name__ == "__main__":
    main()
