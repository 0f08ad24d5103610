"""Gates 3 and 4, judge and decide: what serves, and what it makes of Documents and admitted Items."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from winnow.core.policy import decide
from winnow.core.values import Action, Classification, Decision, Document
from winnow.models import Deployment, Item, ModelVersion, Prediction, ReviewTask, Source, Tag
from winnow.services import away, publish
from winnow.services.deploy import Serving
from winnow.services.encode import Vectors, encode, encoder, vectors_of
from winnow.services.jobs import enqueue
from winnow.services.review import open_task
from winnow.services.shadow import Heard, shadow
from winnow.services.sides import OnTrial, Said, ask, keep_safely, on_trial

BATCH = 64
Role = Deployment.Role
NO_MODEL = "no model serves yet"
ON_PROBATION = "its source is on probation"
MAY_BE_A_COPY = "may be the same work as one that is here"


@dataclass(frozen=True, slots=True)
class Answer:
    """A classification with what the policy makes of it, and the model that gave it; empty where none serves."""

    classification: Classification
    decision: Decision
    model: str | None

    def as_json(self) -> dict[str, object]:
        """The fields that command and API give."""
        return {
            "tag": self.decision.tag,
            "confidence": self.classification.confidence,
            "decision": str(self.decision.action),
            "probabilities": dict(self.classification.probabilities),
            "model": self.model,
        }


def classify_documents(documents: Sequence[Document], *, model: Serving | None) -> list[Answer]:
    """One answer a Document, independent of its neighbours. Without a model everything goes to review."""
    if model is None:
        return [_unanswered() for _ in documents]
    asked = Asked(model, documents)
    answers = away.answers_of_model(asked, len(documents), model.loaded.classes_)
    shadow.note(Heard(documents, [given.tag if given else None for given in answers], asked.vectors, model.version))
    return [_unanswered() if one is None else Answer(one, decide(one, model.policy), model.ref) for one in answers]


class Asked:
    """A model asked about Documents, all or some; `vectors` are those of all once it was asked about all."""

    def __init__(self, model: Serving, documents: Sequence[Document], items: Sequence[Item] = ()) -> None:
        self.model, self.documents, self.items = model, documents, items
        self.vectors: Vectors | None = None

    def __call__(self, places: Sequence[int]) -> list[Classification]:
        """What it says of the Documents at these places."""
        some = [self.documents[place] for place in places]
        vectors = self._read(places, some) if self.model.needs_encoder else None
        if len(some) == len(self.documents):
            self.vectors = vectors
        return self.model.classify(some, vectors=vectors)

    def _read(self, places: Sequence[int], some: Sequence[Document]) -> Vectors:
        self.model.loaded.check_encoder(encoder())
        return vectors_of([self.items[place] for place in places]) if self.items else encode(some)


def classify_admitted() -> int:
    """Decide about every admitted Item; returns how many were decided here. Others may do the same at once."""
    model = champion()
    trials = on_trial() if model is not None else []
    n_decided = 0
    last_pk = 0
    while batch := list(Item.objects.filter(state=Item.State.ADMITTED, pk__gt=last_pk).order_by("pk")[:BATCH]):
        n_decided += _decide_batch(batch, None if away.is_resting() else model, trials)
        last_pk = batch[-1].pk
    return n_decided


def champion() -> Serving | None:
    """What serves, or None where nothing does, or model or encoder are away or not made for each other.

    Where it is None, people decide.
    """
    return away.loaded_champion()


def _decide_batch(items: Sequence[Item], model: Serving | None, trials: Sequence[OnTrial] = ()) -> int:
    """Decide about some Items; a challenger decides about those of its share, and all on trial are asked about all."""
    if model is None:
        return sum(_hold(item, None, _unanswered(), 0.0, {}) for item in items)
    started = time.perf_counter()
    documents = [Document(item.title, item.description) for item in items]
    asked_of = Asked(model, documents, items)
    answers = away.answers_of_model(asked_of, len(items), model.loaded.classes_)
    vectors = asked_of.vectors
    latency_ms = (time.perf_counter() - started) * 1000 / len(items)
    decided = [None if one is None else Answer(one, decide(one, model.policy), model.ref) for one in answers]
    pairs = zip(items, decided, strict=True)
    mine = {item.pk: Said(answer.classification, answer.decision) for item, answer in pairs if answer is not None}
    asked = [(trial, ask(trial, items, vectors)) for trial in trials if trial.deployment.role == Role.CHALLENGER]
    deciders = _deciders(items, asked)
    tags = Tag.objects.in_bulk()
    # Together, because waiting for the disk costs more than the deciding: a batch is decided whole or not at all.
    with transaction.atomic():
        n_decided = 0
        for item, answer in zip(items, decided, strict=True):
            if answer is None:
                # A challenger decides nothing that the champion could not be asked about.
                n_decided += _hold(item, None, _unanswered(), 0.0, {})
                continue
            version, taken = deciders.get(item.pk, (model.version, answer))
            n_decided += _act(item, version, taken, latency_ms, tags)
    asked += [(trial, ask(trial, items, vectors)) for trial in trials if trial.deployment.role != Role.CHALLENGER]
    for trial, said in asked:
        if said is not None:
            theirs = {item.pk: one for item, one in zip(items, said, strict=True)}
            keep_safely(items, mine, theirs, champion=model.version, trial=trial)
    return n_decided


def _deciders(
    items: Sequence[Item], asked: Sequence[tuple[OnTrial, list[Said] | None]]
) -> dict[int, tuple[ModelVersion, Answer]]:
    """By Item the challenger into whose share it falls, with its answer; where it has none, the champion decides."""
    return {
        item.pk: (trial.model.version, Answer(one.given, one.decision, trial.model.ref))
        for trial, said in asked
        for item, one in zip(items, said or [], strict=said is not None)
        if trial.decides(item)
    }


@transaction.atomic(savepoint=False)
def _act(item: Item, version: ModelVersion, answer: Answer, latency_ms: float, tags: Mapping[str, Tag]) -> bool:
    """Publish or hold one Item, with its Prediction, in one transaction. False where somebody else was first."""
    if answer.decision.action is not Action.ACCEPT or item.resembles_id is not None or _is_on_probation(item):
        return _hold(item, version, answer, latency_ms, tags)
    tag = tags[str(answer.decision.tag)]
    is_ours = publish.publish_item(
        item,
        tag=tag,
        decided_by=Item.DecidedBy.MODEL,
        confidence=answer.classification.confidence,
        model_version=version,
    )
    if is_ours:
        _store(item, version, answer, latency_ms)
    return is_ours


@transaction.atomic(savepoint=False)
def _hold(item: Item, version: ModelVersion | None, answer: Answer, latency_ms: float, tags: Mapping[str, Tag]) -> bool:
    given = answer.classification
    likely = tags.get(given.ranking[0][0]) if given.probabilities else None
    reason, task_reason = _why(item, answer)
    is_ours = publish.hold_item(
        item, likely_tag=likely, confidence=given.confidence, model_version=version, reason=reason
    )
    if is_ours:
        open_task(item=item, reason=task_reason, priority=1.0 - given.confidence)
        if version is not None:
            _store(item, version, answer, latency_ms)
    return is_ours


def _why(item: Item, answer: Answer) -> tuple[str, ReviewTask.Reason]:
    """Why a person must look: for readers, and for the queue."""
    if item.resembles_id is not None:
        return MAY_BE_A_COPY, ReviewTask.Reason.DUPLICATE_PAIR
    if answer.decision.action is Action.ACCEPT:
        return ON_PROBATION, ReviewTask.Reason.PROBATION
    return "; ".join(answer.decision.reasons), ReviewTask.Reason.LOW_CONFIDENCE


def _is_on_probation(item: Item) -> bool:
    """Asked of the row as it is now: a reading may have changed it since the Item came in."""
    return Source.objects.filter(items=item, trust=Source.Trust.PROBATION).exists()


def _store(item: Item, version: ModelVersion, answer: Answer, latency_ms: float) -> None:
    prediction_of(item, version, answer, latency_ms).save()
    enqueue("explain", str(item.pk))


def prediction_of(item: Item, version: ModelVersion, answer: Answer, latency_ms: float) -> Prediction:
    """An answer as the row that keeps it, not saved yet."""
    given = answer.classification
    return Prediction(
        item=item,
        model_version=version,
        tag=given.tag or "",
        confidence=given.confidence,
        probabilities=dict(given.probabilities),
        action=str(answer.decision.action),
        reasons=[*answer.decision.reasons, *given.reasons],
        latency_ms=latency_ms,
    )


def _unanswered() -> Answer:
    return Answer(Classification(None, 0.0, {}), Decision(Action.REVIEW, None, (NO_MODEL,)), None)
