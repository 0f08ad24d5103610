"""Is a model on trial worse than the champion? Both answer the same labelled works, which neither learned from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from winnow.core.text import document
from winnow.core.values import Classification, Example, Interval
from winnow.ml.gates import Check, Gate, Verdict
from winnow.ml.paired import Answers, n_missing, precision_difference
from winnow.ml.slices import slice_rows
from winnow.ml.splits import group_examples
from winnow.models import Item
from winnow.queries.datasets import gold_rows
from winnow.services.deploy import load_version
from winnow.services.encode import encoder, vectors_of
from winnow.services.trial import Trial


@dataclass(frozen=True, slots=True)
class Part:
    """The difference in one part of the works: the whole (""), a tag, or a slice."""

    name: str
    tag: str
    difference: Interval
    n_counted: int


def compare(trial: Trial, gate: Gate) -> Check:
    """Passed where precision is shown to be no lower than the champion's by more than the margin, in every part.

    A part of too few works says nothing. Failed where one is shown to be lower by more than that.
    """
    assert trial.champion is not None  # noqa: S101 - a gate that compares is waived for a first model
    held_against = Trial(trial.champion, trial.role)
    known = held_against.model.encoder_sha256
    if known is not None and known != encoder().sha256:
        return Check(
            gate.name, Verdict.PASSED, f"{trial.champion.ref} cannot answer: it reads another encoder's vectors"
        )
    examples = unseen(trial, held_against)
    lacking = int(gate.limits["n_whole"]) - len(examples)
    if lacking > 0:
        says = f"{len(examples)} labelled works that neither learned from; {lacking} are missing"
        return Check(gate.name, Verdict.INSUFFICIENT, says, {"": lacking})
    parts = list(_parts(trial, held_against, examples, n_part=int(gate.limits["n_part"])))
    return _judged(gate, parts)


def unseen(*trials: Trial) -> list[Example]:
    """Labelled works that none of the models learned from, nor near copies of those; ids are those of the Items."""
    taught = [example for trial in trials for example in trial.taught()]
    known = {int(example.id) for example in taught}
    rows = [row for row in gold_rows() if row.item_id not in known]
    found = [
        Example(document(r.title, r.description), r.tag, id=str(r.item_id), url=r.url, source=r.source) for r in rows
    ]
    groups = group_examples([*taught, *found])
    near = set(groups[: len(taught)])
    return [example for example, group in zip(found, groups[len(taught) :], strict=True) if group not in near]


def _parts(trial: Trial, other: Trial, examples: Sequence[Example], *, n_part: int) -> Iterator[Part]:
    mine, theirs = _answers(trial, examples), _answers(other, examples)
    everything = np.ones(len(examples), dtype=bool)
    yield _part("", "", examples, mine, theirs, everything)
    for tag in trial.model.classes_:
        said = [np.array([answer.tag == tag for answer in answers]) for answers in (mine, theirs)]
        if min(counted.sum() for counted in said) >= n_part:
            yield _part(tag, tag, examples, mine, theirs, everything, tag)
    for name, rows in slice_rows([example.facts for example in examples], trial.model.classes_).items():
        if len(rows) >= n_part:
            yield _part(name, "", examples, mine, theirs, np.isin(np.arange(len(examples)), rows))


def _part(
    name: str,
    missing_tag: str,
    examples: Sequence[Example],
    mine: Sequence[Classification],
    theirs: Sequence[Classification],
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]],
    tag: str = "",
) -> Part:
    new, old = (_counted(answers, examples, inside, tag) for answers in (mine, theirs))
    return Part(name, missing_tag, precision_difference(new, old), int(new.counts.sum()))


def _counted(
    answers: Sequence[Classification],
    examples: Sequence[Example],
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]],
    tag: str,
) -> Answers:
    said = [answer.tag for answer in answers]
    is_right = np.array([one == example.tag for one, example in zip(said, examples, strict=True)])
    return Answers(is_right, inside & np.array([one == tag if tag else one is not None for one in said]))


def _answers(trial: Trial, examples: Sequence[Example]) -> list[Classification]:
    model = load_version(trial.version)
    items = Item.objects.in_bulk([int(example.id) for example in examples])
    rows = [items[int(example.id)] for example in examples]
    return model.classify([e.document for e in examples], vectors=vectors_of(rows) if model.needs_encoder else None)


def _judged(gate: Gate, parts: Sequence[Part]) -> Check:
    margins = [gate.limits["margin_of_parts"] if part.name else gate.limits["margin"] for part in parts]
    pairs = list(zip(parts, margins, strict=True))
    worse = [part for part, margin in pairs if part.difference.high < -margin]
    if worse:
        return Check(gate.name, Verdict.FAILED, "; ".join(map(_words, worse)))
    open_ones = [(part, margin) for part, margin in pairs if part.difference.low < -margin]
    if not open_ones:
        return Check(gate.name, Verdict.PASSED, f"{_words(parts[0])}; {len(parts) - 1} tags and slices hold as well")
    missing: dict[str, int] = {}
    for part, margin in open_ones:
        missing[part.tag] = max(missing.get(part.tag, 0), n_missing(part.difference, margin))
    says = "; ".join(
        f"{_words(part)}, {n_missing(part.difference, margin)} labels missing" for part, margin in open_ones
    )
    return Check(gate.name, Verdict.INSUFFICIENT, says, missing)


def _words(part: Part) -> str:
    gain = part.difference
    return f"{part.name or 'all'}: {gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}, n={part.n_counted})"
