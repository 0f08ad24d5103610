"""Audits with what people said of them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from winnow.models import Audit, Certification, Label, ModelVersion
from winnow.queries.reviewers import struck_accounts


@dataclass(frozen=True, slots=True)
class AuditAnswer:
    """One answered audit: what the model said, how sure it was, and what people say now; empty for none of our tags.

    `floor` is the confidence from which on it was drawn.
    """

    item_id: int
    tag: str
    confidence: float
    probability: float
    said: str
    floor: float = 0.0

    @property
    def is_right(self) -> bool:
        """Whether people say what the model said."""
        return self.tag == self.said


def answered_audits(version: ModelVersion, *, up_to: int | None = None) -> list[AuditAnswer]:
    """The audits of a model that were answered (by labels up to that number), first answered first.

    What counts is the newest label of the Item that stands, so that a correction corrects the audit too. An audit
    whose label was undone is none, nor is one that found a copy: that says nothing of the tag.
    """
    answers = Label.objects.filter(task__audit__model_version=version, is_gold=True, undoes=None)
    if up_to is not None:
        answers = answers.filter(pk__lte=up_to)
    item_ids = list(dict.fromkeys(answers.order_by("pk").values_list("item_id", flat=True)))
    audits = {audit.item_id: audit for audit in Audit.objects.filter(model_version=version)}
    said = {label.item_id: label for label in standing_labels().filter(item_id__in=item_ids).order_by("pk")}
    return [
        AuditAnswer(item_id, audit.tag, audit.confidence, audit.probability, said[item_id].tag_id or "", audit.floor)
        for item_id in item_ids
        if item_id in said and said[item_id].copy_of_id is None and (audit := audits[item_id])
    ]


def newest_certification(version: ModelVersion) -> Certification | None:
    """What was proved of a model when its audits were last looked at."""
    return Certification.objects.filter(model_version=version).order_by("-look").first()


def newest_label() -> int:
    """The number of the label given last; 0 where there is none. It moves whenever any answer does."""
    return Label.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def standing_labels() -> QuerySet[Label]:
    """What people decided and nobody took back, but for those whose answers were struck out."""
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    standing = Label.objects.filter(is_gold=True, undoes=None).exclude(is_undone)
    return standing.exclude(account_id__in=struck_accounts())
