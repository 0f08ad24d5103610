"""Classify a row file as it is read."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from winnow.core.policy import Policy, decide
from winnow.core.text import document
from winnow.core.values import Action, Classification, Decision
from winnow.ml.encoder import Progress
from winnow.ml.serving import Model
from winnow.services.classify import Answer
from winnow.services.encode import encoder
from winnow.services.models import model_of
from winnow.sources.rows import Row, read_rows

# Small, so that answers come while the rest is still being read; what somebody types or sends is answered row by row.
BATCH = 32
BATCH_OF_STREAM = 1


def classify_file(
    path: Path, *, ref: str, uses_policy: bool = True, progress: Progress | None = None
) -> Iterator[dict[str, object]]:
    """One answer a row, in order. An invalid row is answered with what is wrong with it, and no tag."""
    model, name = model_of(ref)
    n_done = 0
    rows = iter(read_rows(path))
    size = BATCH_OF_STREAM if str(path) == "-" else BATCH
    while batch := list(islice(rows, size)):
        yield from _answers(batch, model, name, uses_policy=uses_policy)
        if progress is not None:
            progress(n_done := n_done + len(batch), 0)


def _answers(rows: Sequence[Row], model: Model, name: str, *, uses_policy: bool) -> Iterator[dict[str, object]]:
    sound = [row for row in rows if row.fault is None]
    documents = [document(row.title, row.description) for row in sound]
    given = iter(model.classify(documents, encoder=encoder() if model.needs_encoder else None))
    for row in rows:
        if row.fault is not None:
            yield {
                "id": row.id,
                **_invalid(row).as_json(),
                "error": f"line {row.line}: {row.fault.field}: {row.fault.reason}",
            }
        else:
            classification = next(given)
            yield {
                "id": row.id,
                **Answer(classification, _decision(classification, model.policy, uses_policy), name).as_json(),
            }


def _decision(classification: Classification, policy: Policy, uses_policy: bool) -> Decision:
    """What the policy says; without it the decision stands and the tag is told all the same."""
    decision = decide(classification, policy)
    if uses_policy or decision.action is Action.ACCEPT:
        return decision
    return Decision(Action.REVIEW, classification.tag, decision.reasons)


def _invalid(row: Row) -> Answer:
    reason = row.fault.reason if row.fault else ""
    return Answer(Classification(None, 0.0, {}), Decision(Action.REVIEW, None, (reason,)), None)
