"""Decide again about what waits: a newer model, or later evidence, may publish it."""

import time
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from winnow.core.policy import decide
from winnow.core.values import Action, Document
from winnow.models import Item, ModelVersion, Prediction, ReviewTask, Tag
from winnow.queries.waiting import answers_of, waiting_items
from winnow.services import publish
from winnow.services.classify import Answer, champion, prediction_of
from winnow.services.deploy import Serving
from winnow.services.encode import vectors_of


def reconsider_waiting() -> int:
    """Ask what serves about every Item that waits for want of certainty; returns how many it published.

    The answers are stored once a model; what a person was asked to look at for another reason is left alone.
    """
    model = champion()
    items = list(waiting_items())
    if model is None or not items:
        return 0
    started = time.perf_counter()
    answers = _answers(items, model)
    latency_ms = (time.perf_counter() - started) * 1000 / len(items)
    known = answers_of(model.version, waiting_items())
    with transaction.atomic():
        fresh = [pair for pair in zip(items, answers, strict=True) if pair[0].pk not in known]
        Prediction.objects.bulk_create(prediction_of(i, model.version, a, latency_ms) for i, a in fresh)
        _note(fresh, model.version)
    accepted = [pair for pair in zip(items, answers, strict=True) if pair[1].decision.action is Action.ACCEPT]
    tags = Tag.objects.in_bulk()
    return sum(_publish(item, tags[answer.decision.tag or ""], answer, model.version) for item, answer in accepted)


def _answers(items: Sequence[Item], model: Serving) -> list[Answer]:
    documents = [Document(item.title, item.description) for item in items]
    vectors = vectors_of(items) if model.needs_encoder else None
    given = model.classify(documents, vectors=vectors)
    return [Answer(one, decide(one, model.policy), model.ref) for one in given]


def _note(pairs: Sequence[tuple[Item, Answer]], version: ModelVersion) -> None:
    tags = Tag.objects.in_bulk()
    for item, answer in pairs:
        given = answer.classification
        publish.keep_answer(
            item,
            likely_tag=tags.get(given.ranking[0][0]),
            confidence=given.confidence,
            model_version=version,
            reason="; ".join(answer.decision.reasons),
        )


@transaction.atomic
def _publish(item: Item, tag: Tag, answer: Answer, version: ModelVersion) -> bool:
    """Publish one Item and close what asked about its tag. False where a person was asked or answered meanwhile."""
    if not waiting_items().filter(pk=item.pk).exists():
        return False
    is_ours = publish.publish_item(
        item,
        tag=tag,
        decided_by=Item.DecidedBy.MODEL,
        confidence=answer.classification.confidence,
        model_version=version,
        is_held=True,
    )
    if is_ours:
        unsure = ReviewTask.objects.filter(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE, closed_at=None)
        unsure.update(closed_at=timezone.now())
    return is_ours
