"""Audits: draw at random what people check blind, and read what their answers say of the model that serves."""

import random
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from winnow.core.policy import Policy, decide
from winnow.core.text import document
from winnow.core.values import Action, Classification, Example
from winnow.ml.asking import surest_floor
from winnow.ml.audit import LivePrecision, spread_sample, watch
from winnow.ml.splits import group_examples
from winnow.models import Audit, Item, ModelVersion, Prediction, ReviewTask
from winnow.queries.audits import AuditAnswer, answered_audits
from winnow.queries.datasets import gold_rows
from winnow.queries.waiting import answers_of, waiting_items
from winnow.services.classify import champion
from winnow.services.review import open_task

# Above all that the classifier is not sure of: the certificate waits for the last of them.
AUDITED = 1.4


@dataclass(frozen=True, slots=True)
class Pool:
    """What audits are drawn from: the model's answers that may be drawn, and the confidence at which it begins."""

    answers: tuple[Prediction, ...]
    floor: float


def draw_audits(n: int, *, seed: int = 0) -> list[ReviewTask]:
    """Open up to `n` audits of what serves, each Item of the pool equally likely; returns their tasks.

    They are spread over tags and, within a tag, over confidence, as the pool is (`ml.audit.spread_sample`).
    The pool is what is published by this model and, while nothing is certified, what would be published first: the
    surest of what waits. Nothing that the model was taught, nor a near copy of it, is in it.
    Audits of other models that nobody answered yet are closed: their answer would prove nothing any more.
    """
    model = champion()
    if model is None:
        return []
    pool = _pool(model.version, model.policy)
    generator = random.Random(f"{seed} {model.version.manifest_sha256}")  # noqa: S311 - a sample is no secret
    ranked = sorted(pool.answers, key=lambda answer: (answer.tag, answer.confidence, answer.pk))
    drawn = [ranked[place] for place in spread_sample(len(ranked), n, generator)]
    with transaction.atomic():
        stale = ReviewTask.objects.filter(reason=ReviewTask.Reason.AUDIT, closed_at=None)
        stale.exclude(audit__model_version=model.version).update(closed_at=timezone.now())
        return [_open(answer, pool.floor, len(drawn) / len(pool.answers)) for answer in drawn]


def live_precision(version: ModelVersion, policy: Policy, *, target: float) -> LivePrecision:
    """What the answered audits among all that `policy` lets through say of its precision, and whether they alarm."""
    accepted = [audit for audit in answered_audits(version) if is_accepted(audit, policy)]
    return watch([not audit.is_right for audit in accepted], target=target)


def is_accepted(audit: AuditAnswer, policy: Policy) -> bool:
    """Whether what the model said of an audited Item is published under a policy."""
    given = Classification(audit.tag or None, audit.confidence, {})
    return decide(given, policy).action is Action.ACCEPT


def _pool(version: ModelVersion, policy: Policy) -> Pool:
    may_be_drawn = Q(pk__in=waiting_items()) | Q(state=Item.State.PUBLISHED, decided_by=Item.DecidedBy.MODEL)
    items = Item.objects.filter(may_be_drawn, model_version=version).exclude(audits__model_version=version)
    answers = _untaught(list(answers_of(version, items).values()), version)
    if policy.threshold is not None:
        accepted = [row for row in answers if decide(_given(row), policy).action is Action.ACCEPT]
        return Pool(tuple(accepted), policy.threshold)
    earlier = Audit.objects.filter(model_version=version).order_by("pk").first()
    # A second draw is from the same pool as the first, so that both together are one random sample of it.
    floor = earlier.floor if earlier else surest_floor([row.confidence for row in answers])
    return Pool(tuple(row for row in answers if row.confidence >= floor), floor)


def _untaught(answers: list[Prediction], version: ModelVersion) -> list[Prediction]:
    """Without near copies of labelled Items, but for the audits of this very model, which taught it nothing."""
    audited = set(Audit.objects.filter(model_version=version).values_list("item_id", flat=True))
    taught = [Example(document(r.title, r.description), "") for r in gold_rows() if r.item_id not in audited]
    items = Item.objects.in_bulk([row.item_id for row in answers])
    documents = [document(items[row.item_id].title, items[row.item_id].description) for row in answers]
    groups = group_examples([*taught, *(Example(doc, "") for doc in documents)])
    known = set(groups[: len(taught)])
    return [row for row, group in zip(answers, groups[len(taught) :], strict=True) if group not in known]


def _open(answer: Prediction, floor: float, probability: float) -> ReviewTask:
    task = open_task(item=answer.item, reason=ReviewTask.Reason.AUDIT, priority=AUDITED)
    Audit.objects.create(
        item=answer.item,
        task=task,
        model_version=answer.model_version,
        tag=answer.tag,
        confidence=answer.confidence,
        probability=probability,
        floor=floor,
    )
    return task


def _given(answer: Prediction) -> Classification:
    return Classification(answer.tag or None, answer.confidence, answer.probabilities)
