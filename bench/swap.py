"""Is a model exchanged under load within a second, and does any call fail? A demo of its own, one server.

Eight clients ask `/api/v1/classify` without a pause while another process changes the champion again and again, between
the demo's own model and one of another recipe. A swap is timed from the commit of its row to the first answer that cites
the new model, and to the last that cites the old one.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from record import ROOT, quantiles, record
from serving import TEXTS, served

CLIENTS, SWAPS = 8, 20
SETTLED = 2.0


def main() -> None:
    """Make the demo and a second model, load, swap, measure."""
    home = Path(tempfile.mkdtemp(prefix="winnow-swap-"))
    os.environ["WINNOW_HOME"] = str(home)
    try:
        winnow("demo")
        swaps = [_other_model(), "v6-1"]
        token = json.loads(winnow("token", "bench", "--scope", "classify", "--json"))["token"]
        with served() as base:
            figures, samples = _measured(base, token, swaps, home)
        record("swap", figures, samples)
    finally:
        shutil.rmtree(home)


def _measured(base: str, token: str, swaps: list[str], home: Path) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """Swap while clients ask."""
    answers: list[tuple[float, int, str]] = []
    stop = threading.Event()

    def ask(number: int) -> None:
        with httpx.Client(base_url=base, timeout=30, headers={"Authorization": f"Bearer {token}"}) as client:
            while not stop.is_set():
                body = {"items": [TEXTS[number % len(TEXTS)]]}
                try:
                    answer = client.post("/api/v1/classify", json=body)
                    items = answer.json().get("items") or [{}]
                    answers.append((time.time(), answer.status_code, str(items[0].get("model"))))
                except httpx.TransportError as error:
                    answers.append((time.time(), 0, repr(error)))

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(ask, number) for number in range(CLIENTS)]
        time.sleep(SETTLED)
        made = [_swap(home, swaps[number % 2]) for number in range(SWAPS)]
        time.sleep(SETTLED)
        stop.set()
        for client in clients:
            client.result()
    answers.sort()
    taken = [min(at for at, _, model in answers if model == ref and at >= since) - since for since, ref in made]
    ends = [since for since, _ in made[1:]] + [float("inf")]
    late = [
        max((at - since for at, _, model in answers if since <= at < end and model != ref), default=0.0)
        for (since, ref), end in zip(made, ends, strict=True)
    ]
    failed = [status for _, status, _ in answers if status != 200]
    unanswered = sum(model == "None" for _, status, model in answers if status == 200)
    figures = {
        "clients": CLIENTS,
        "swaps": SWAPS,
        "calls": len(answers),
        "failed": len(failed),
        "answered without a model": unanswered,
        "seconds to the first answer of the new model": quantiles(taken),
        "seconds to the last answer of the old model": quantiles(late),
    }
    return figures, {"first of the new, s": taken, "last of the old, s": late}


def _swap(home: Path, ref: str) -> tuple[float, str]:
    """Let a model serve as champion, past the gates, whose own bench is another one; the time of its commit."""
    at = float(python(home, DEPLOY, ref, "champion"))
    time.sleep(SETTLED)
    return at, ref


DEPLOY = """
import sys, time, django
django.setup()
from winnow.ml.gates import Check, Verdict
from winnow.services.deploy import deploy, version_of
from winnow.services.gates import keep_decision
from winnow.services.trial import Trial
gate = keep_decision(Trial(version_of(sys.argv[1]), sys.argv[2]), [Check("bench", Verdict.PASSED, "for the bench")])
deploy(gate, reason="bench")
print(time.time())
"""


def _other_model() -> str:
    ref: str = json.loads(winnow("train", "linear", "--json"))["model"]
    return ref


def python(home: Path, code: str, *words: str) -> str:
    """What a program says that runs in the home, with these words."""
    env = {**os.environ, "WINNOW_HOME": str(home), "DJANGO_SETTINGS_MODULE": "winnow.settings"}
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, env=env)
    return done.stdout


def winnow(*words: str) -> str:
    """What a command says."""
    done = subprocess.run(
        [sys.executable, "-m", "winnow", *words], capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ
    )
    return done.stdout


if __name__ == "__main__":
    main()
