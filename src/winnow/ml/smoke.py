"""Smoke: a model is loaded and asked in a limited child process before anything else sees its answers."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from winnow.core.child import ChildError, ask_child
from winnow.core.values import Document, Tag
from winnow.ml.base import ODD_DOCUMENTS

CHILD = "winnow.ml.smoke_child"
# A machine that is busy with something else is not the model's fault: the clock is more patient than the processor.
WALL = 3.0


@dataclass(frozen=True, slots=True)
class Smoke:
    """What came of it: `fault` in words, empty where all is well; seconds for each document alone, slowest last."""

    fault: str
    seconds: tuple[float, ...] = ()


def smoke(
    folder: Path,
    tags: Sequence[Tag],
    *,
    encoder: str,
    cache: Path,
    documents: Sequence[Document] = ODD_DOCUMENTS,
    seconds: float = 10.0,
    memory_mb: int = 4096,
) -> Smoke:
    """Ask a model folder for the tags of some documents, each alone, within limits of processor time and memory.

    `encoder` and `cache` are the settings by which a model that reads vectors finds them. Whatever the folder does, this
    process only learns of it.
    """
    question = {
        "folder": str(folder.absolute()),
        "tags": [asdict(tag) for tag in tags],
        "encoder": encoder,
        "cache": str(cache.absolute()),
        "documents": [asdict(document) for document in documents],
        "seconds": math.ceil(seconds),
        "memory_mb": memory_mb,
    }
    try:
        answer = json.loads(ask_child(CHILD, json.dumps(question).encode(), seconds=WALL * seconds))
    except ChildError as error:
        return Smoke(f"it {error}, with {seconds:.0f} s and {memory_mb} MB to use")
    except ValueError:
        return Smoke("its answer cannot be read")
    fault = answer["fault"] or _fault(answer["rows"], [tag.slug for tag in tags])
    return Smoke(fault, tuple(sorted(answer["seconds"])))


def _fault(rows: Sequence[dict[str, Any]], slugs: Sequence[str]) -> str:
    """What is wrong with the answers, judged on this side: a model is not its own witness."""
    for row in rows:
        probabilities = list(row["probabilities"].values())
        if list(row["probabilities"]) != list(slugs):
            return "it answers with other tags than the approved ones"
        if not all(math.isfinite(p) and 0.0 <= p <= 1.0 for p in (*probabilities, row["confidence"])):
            return "it answers with probabilities that are none"
        if abs(sum(probabilities) - 1.0) > 1e-6:
            return f"its probabilities add up to {sum(probabilities):.3f}"
        if row["tag"] is not None and row["tag"] not in slugs:
            return f"it answers with {row['tag']!r}, which is no approved tag"
    return ""
