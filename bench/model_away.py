"""Calls that fail while the model that serves, or its encoder, is taken away under load.

A demo of its own, one server, eight clients on `/api/v1/classify` and two on pages, without a pause. One after another:
the folder of models goes while the server holds it in memory; the server starts while it is gone; it comes back; a file
of it is torn and the server starts; it is mended; the encoder goes and the server starts; it comes back. Between starts
nobody asks: what is counted is what a running server answers.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from record import ROOT, record
from serving import TEXTS, served

CLIENTS, READERS, SECONDS = 8, 2, 4.0
PAGES = ("/", "/recent", "/tags", "/models", "/t/mlops")


def main() -> None:
    """Make the demo, take things away, count."""
    home = Path(tempfile.mkdtemp(prefix="winnow-away-"))
    os.environ["WINNOW_HOME"] = str(home)
    try:
        # The demo's model is to read the vectors of that very folder.
        os.environ["WINNOW_ENCODER"] = str(_encoder(home))
        _winnow("demo")
        token = json.loads(_winnow("token", "bench", "--scope", "classify", "--json"))["token"]
        record("model_away", _figures(home, token))
    finally:
        shutil.rmtree(home)


def _figures(home: Path, token: str) -> dict[str, Any]:
    models, encoder = home / "models", home / "encoder"
    gone, torn = home / "gone", next(models.glob("*/*.npz"))
    whole = torn.read_bytes()
    found = {}
    with served() as base:
        found["models taken from memory's server"] = _under_load(base, token, lambda: models.rename(gone))
    with served() as base:
        found["started without models, which come back"] = _under_load(base, token, lambda: gone.rename(models))
    torn.write_bytes(whole[: len(whole) // 2])
    with served() as base:
        found["started with a torn file, which is mended"] = _under_load(base, token, lambda: torn.write_bytes(whole))
    encoder.rename(gone)
    with served() as base:
        found["started without encoder, which comes back"] = _under_load(base, token, lambda: gone.rename(encoder))
    with served() as base:
        found["encoder taken from memory's server"] = _under_load(base, token, lambda: encoder.rename(gone))
    total = sum((Counter(one["statuses"]) for one in found.values()), Counter())
    n_bad = sum(n for status, n in total.items() if not status.startswith("2"))
    return {"calls": sum(total.values()), "answers that are not 2xx": n_bad, "clients": CLIENTS + READERS} | found


def _under_load(base: str, token: str, change: Callable[[], object]) -> dict[str, Any]:
    """Ask all the while, and change something in the middle; what was answered before and after."""
    answers: list[tuple[float, str, bool | None]] = []
    stop = threading.Event()

    def ask(number: int) -> None:
        with httpx.Client(base_url=base, timeout=30, headers={"Authorization": f"Bearer {token}"}) as client:
            for n in range(number, 10**9):
                if stop.is_set():
                    return
                answers.append(_one(client, n, is_page=number >= CLIENTS))

    with ThreadPoolExecutor(CLIENTS + READERS) as pool:
        asking = [pool.submit(ask, number) for number in range(CLIENTS + READERS)]
        time.sleep(SECONDS)
        changed = time.time()
        change()
        time.sleep(SECONDS)
        stop.set()
        for one in asking:
            one.result()
    classified = [(at, has_tag) for at, _, has_tag in answers if has_tag is not None]
    before = [has_tag for at, has_tag in classified if at < changed]
    after = [has_tag for at, has_tag in classified if at >= changed]
    first = min((at - changed for at, has_tag in classified if at >= changed and has_tag), default=None)
    return {
        "statuses": dict(Counter(status for _, status, _ in answers)),
        "answered by the model before": f"{sum(before)} of {len(before)}",
        "answered by the model after": f"{sum(after)} of {len(after)}",
        "seconds to the first such answer after": None if first is None else round(first, 2),
    }


def _one(client: httpx.Client, n: int, *, is_page: bool) -> tuple[float, str, bool | None]:
    try:
        if is_page:
            return time.time(), str(client.get(PAGES[n % len(PAGES)]).status_code), None
        answer = client.post("/api/v1/classify", json={"items": [TEXTS[n % len(TEXTS)]]})
        at, items = time.time(), answer.json().get("items") or [{}]
        return at, str(answer.status_code), items[0].get("model") is not None
    except httpx.TransportError as error:
        return time.time(), repr(error), None


def _encoder(home: Path) -> Path:
    """The bundled encoder as a folder of its own, which can be taken away."""
    folder = home / "encoder"
    code = (
        "import sys, django; django.setup()\n"
        "from pathlib import Path\n"
        "from winnow.services.encode import encoder\n"
        "files, folder = encoder()._files, Path(sys.argv[1])\n"
        "folder.mkdir()\n"
        "(folder / 'model.onnx').write_bytes(files.read_graph())\n"
        "(folder / 'tokenizer.json').write_text(files.read_tokenizer())\n"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "winnow.settings"}
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, env=env)
    return folder


def _winnow(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "winnow", *words], capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ
    )
    return done.stdout


if __name__ == "__main__":
    main()
