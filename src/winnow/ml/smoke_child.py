"""The process in which a model is tried: limits first, the model second. Started by `smoke`, never imported by it."""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from winnow.core.errors import WinnowError
from winnow.core.values import Document, HardCase, Tag
from winnow.ml.encoder import Encoder, load_encoder
from winnow.ml.serving import Model, load_artifact

MEGABYTE = 1024 * 1024


def main() -> None:
    """Read the question from standard input as JSON; answer with JSON on standard output."""
    question = json.loads(sys.stdin.buffer.read())
    memory = question["memory_mb"] * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (question["seconds"], question["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(_answer(question)))


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    tags = [Tag(**{**tag, "hard": tuple(HardCase(**case) for case in tag["hard"])}) for tag in question["tags"]]
    try:
        model = load_artifact(Path(question["folder"]), tags)
        encoder = load_encoder(question["encoder"], Path(question["cache"])) if model.needs_encoder else None
        return _asked(model, encoder, [Document(**fields) for fields in question["documents"]])
    except WinnowError as error:
        return _faulty(str(error))
    except MemoryError:
        return _faulty("it needs more memory than it may have")
    except (ValueError, TypeError, ArithmeticError, LookupError) as error:
        return _faulty(f"it fails with {type(error).__name__}")


def _asked(model: Model, encoder: Encoder | None, documents: list[Document]) -> dict[str, Any]:
    rows, seconds = [], []
    for document in documents:
        started = time.perf_counter()
        (given,) = model.classify([document], encoder)
        seconds.append(time.perf_counter() - started)
        probabilities = {tag: float(p) for tag, p in given.probabilities.items()}
        rows.append({"tag": given.tag, "confidence": float(given.confidence), "probabilities": probabilities})
    return {"fault": "", "rows": rows, "seconds": seconds}


def _faulty(fault: str) -> dict[str, Any]:
    return {"fault": fault, "rows": [], "seconds": []}
