"""How quick is a classifier? One item, rows in bulk, the encoder, and loading; all on one core.

Texts are the seed set over and over (../shared/data). Times are of the processor, so that what else runs on the machine
adds as little as can be. Writes results/speed.json.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

from material import ENCODER, TAGS, gold_set, seed_set  # noqa: E402  after the number of threads is set
from record import record  # noqa: E402
from winnow.core.text import joined  # noqa: E402
from winnow.core.values import Document  # noqa: E402
from winnow.ml.job import TrainingJob  # noqa: E402
from winnow.ml.recipes import load_recipe  # noqa: E402
from winnow.ml.serving import Model, load_artifact  # noqa: E402
from winnow.ml.train import train  # noqa: E402

ROWS = 20_000
ONE_BY_ONE = 2_000
TEXTS_ENCODED = 300
REPEATS = 9
KEPT_SAMPLES = 300
LOAD = """
import json, sys, time
from pathlib import Path
from winnow.home import DATA, cache
from winnow.ml.taxonomy import load_taxonomy
from winnow.ml.serving import load_artifact
from winnow.ml.encoder import load_encoder
from winnow.core.text import document
tags = load_taxonomy(DATA / "taxonomy.toml")
started = time.process_time()
model = load_artifact(Path(sys.argv[1]), tags)
model.classify([document("A text")], load_encoder("bundled", cache()) if model.needs_encoder else None)
print((time.process_time() - started) * 1000)
"""


def main() -> None:
    """Train each recipe on the starter set, and time it."""
    samples: dict[str, list[float]] = {}
    documents = [example.document for example in seed_set()]
    documents = (documents * (ROWS // len(documents) + 1))[:ROWS]
    with TemporaryDirectory() as scratch:
        for recipe in ("rules", "linear", "best"):
            folder = Path(scratch) / recipe
            train(TrainingJob(load_recipe(recipe), gold_set(), TAGS, encoder=ENCODER), folder)
            samples[f"{recipe}: load and first answer, ms"] = [_load(folder) for _ in range(5)]
            if recipe != "best":
                samples |= _speed(recipe, load_artifact(folder, TAGS), documents)
    encode = [1000 * _timed(ENCODER.encode, [joined(doc)]) for doc in documents[:TEXTS_ENCODED]]
    samples["encoder: ms a text"] = encode
    figures = {name: _spread(values) for name, values in samples.items()}
    figures["encoder: texts a second"] = {"n": len(encode), "value": round(1000 / statistics.fmean(encode), 1)}
    figures["texts"] = {"n": ROWS, "words, mean": round(statistics.fmean(len(joined(d).split()) for d in documents), 1)}
    record("speed", figures, {name: values[:KEPT_SAMPLES] for name, values in samples.items()})


def _speed(recipe: str, model: Model, documents: list[Document]) -> dict[str, list[float]]:
    return {
        f"{recipe}: one item, ms": [1000 * _timed(model.classify, [doc]) for doc in documents[:ONE_BY_ONE]],
        f"{recipe}: rows a second": [ROWS / _timed(model.classify, documents) for _ in range(REPEATS)],
    }


def _load(folder: Path) -> float:
    words = [sys.executable, "-c", LOAD, str(folder)]
    return float(json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout))


def _timed(call: Callable[[Any], object], given: Any) -> float:
    started = time.process_time()
    call(given)
    return time.process_time() - started


def _spread(values: list[float]) -> dict[str, float]:
    ranked = sorted(values)
    places = {"low": 0, "p50": len(ranked) // 2, "p95": min(int(len(ranked) * 0.95), len(ranked) - 1), "high": -1}
    return {"n": len(ranked), **{name: round(ranked[place], 4) for name, place in places.items()}}


if __name__ == "__main__":
    main()
