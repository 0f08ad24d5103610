"""Prove a model's precision on labelled rows that it never learnt from."""

from dataclasses import asdict
from pathlib import Path

from winnow.core.errors import InputError
from winnow.ml.encoder import Progress
from winnow.ml.thresholds import certify_answers, certify_per_tag
from winnow.services.encode import encode, encoder
from winnow.services.examples import examples_of_files
from winnow.services.models import model_of
from winnow.services.taxonomy import approved_list


def certify_file(
    ref: str, path: Path, *, target: float, delta: float, per_tag: bool = True, progress: Progress | None = None
) -> dict[str, object]:
    """The certificates of a model on a file as plain JSON: overall, and for each tag at `delta` / K.

    Every row counts. The rows are taken for a random sample of what will be served.
    Raises InputError for a target or delta outside of (0, 1), and for rows that cannot be used.
    """
    for name, share in (("--target", target), ("--delta", delta)):
        if not 0.0 < share < 1.0:
            raise InputError(f"{name}: {share} is not between 0 and 1")
    model, name = model_of(ref)
    if model.needs_encoder:
        model.check_encoder(encoder())
    examples = examples_of_files([path], approved_list())
    if not examples:
        raise InputError(f"{path}: no rows; nothing can be proved")
    documents = [example.document for example in examples]
    vectors = encode(documents, progress=progress) if model.needs_encoder else None
    answers = model.classify(documents, vectors=vectors)
    tags = model.classes_ if per_tag else ()
    certificates = certify_per_tag(answers, examples, tags, target=target, delta=delta)
    overall = certify_answers(answers, examples, target=target, delta=delta)
    return {
        "model": name,
        "overall": asdict(overall),
        "per_tag": {tag: asdict(certificate) for tag, certificate in certificates.items()},
    }
