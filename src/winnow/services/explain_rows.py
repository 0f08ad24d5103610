"""Say of each row of a file what counted for and against its tag."""

from collections.abc import Iterator
from pathlib import Path

from winnow.core.text import document
from winnow.ml.encoder import Encoder, Progress
from winnow.ml.explain import explain
from winnow.ml.serving import Model
from winnow.services.encode import encoder
from winnow.services.models import model_of
from winnow.sources.rows import Row, read_rows


def explain_file(ref: str, path: Path, *, progress: Progress | None = None) -> Iterator[dict[str, object]]:
    """One explanation a row, in order; an invalid row is answered with what is wrong with it."""
    model, _ = model_of(ref)
    reader = encoder() if model.needs_encoder else None
    for n_done, row in enumerate(read_rows(path), start=1):
        yield _explained(row, model, reader)
        if progress is not None:
            progress(n_done, 0)


def _explained(row: Row, model: Model, reader: Encoder | None) -> dict[str, object]:
    if row.fault is not None:
        return {"id": row.id, "tag": None, "error": f"line {row.line}: {row.fault.field}: {row.fault.reason}"}
    found = explain(model, document(row.title, row.description), reader)
    return {
        "id": row.id,
        "tag": found.tag,
        "words": [[word, change] for word, change in found.words],
        "runner_up": found.runner_up,
        "runner_up_probability": found.runner_up_probability,
        "reasons": list(found.reasons),
    }
