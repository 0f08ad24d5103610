"""What a model on its way to readers and the champion said of the same works, and what people say of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from winnow.models import Account, Comparison, Deployment, Item, Label, ModelVersion, Role, RolloutLook
from winnow.queries.audits import standing_labels

STAFF = frozenset({Role.REVIEWER, Role.ENGINEER, Role.OWNER, Role.OPERATOR})
# Who sees on a work's page what a model at a stage says; what decides may be seen by whoever saw it before.
AUDIENCES = {
    "staff": STAFF,
    "internal": frozenset(Role.values),
    "canary": frozenset(Role.values),
    "ab": frozenset(Role.values),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A work that one of both models would publish, and what people say of it, where it was drawn.

    `said` is the tag, "" for none of ours, None where nobody has answered. `is_void`: it says nothing of either model.
    """

    probability: float
    is_split: bool
    is_drawn: bool
    old_tag: str
    new_tag: str
    said: str | None
    is_void: bool
    at: datetime

    @property
    def difference(self) -> int | None:
        """The error of the new model minus that of the old one, -1, 0 or 1; None where nobody has answered."""
        if not self.is_drawn or self.is_void:
            return 0
        if self.said is None:
            return None
        old, new = (bool(tag) and tag == self.said for tag in (self.old_tag, self.new_tag))
        return int(old) - int(new)


def judged_works(*, old: ModelVersion, new: ModelVersion) -> list[Judged]:
    """Works that one of both would publish, in the order in which they came. Works that neither would, prove nothing."""
    rows = Comparison.objects.filter(Q(old_accepts=True) | Q(new_accepts=True), old=old, new=new).order_by("pk")
    found = list(rows.select_related("item").defer("item__vector"))
    drawn = [row.item_id for row in found if row.is_drawn]
    labels = {label.item_id: label for label in standing_labels().filter(item_id__in=drawn).order_by("pk")}
    return [_judged(row, labels.get(row.item_id)) for row in found]


def _judged(row: Comparison, label: Label | None) -> Judged:
    return Judged(
        probability=row.probability,
        is_split=row.is_split,
        is_drawn=row.is_drawn,
        old_tag=row.old_tag,
        new_tag=row.new_tag,
        said=None if label is None else label.tag_id or "",
        is_void=label.copy_of_id is not None if label else row.item.state == Item.State.REMOVED,
        at=row.created_at,
    )


def looks_at(version: ModelVersion) -> list[RolloutLook]:
    """Every look at a model on its way to readers, oldest first."""
    looks = RolloutLook.objects.filter(deployment__model_version=version)
    return list(looks.select_related("deployment", "against_model").order_by("pk"))


def standing_trials() -> list[Deployment]:
    """What serves beside the champion now, challenger first."""
    found = []
    for role in (Deployment.Role.CHALLENGER, Deployment.Role.SHADOW):
        newest = Deployment.objects.filter(role=role).select_related("model_version").order_by("-pk").first()
        if newest is not None and newest.share > 0.0:
            found.append(newest)
    return found


def trial_answers(item: Item, account: Account | None) -> list[Comparison]:
    """What models on trial said of a work, as far as this person may see it at the stage that they have come to."""
    if account is None:
        return []
    seen = [d.model_version_id for d in standing_trials() if account.role in AUDIENCES.get(d.stage_name, frozenset())]
    return list(item.comparisons.filter(new_id__in=seen).select_related("new").order_by("-pk")) if seen else []


def n_compared(version: ModelVersion) -> dict[str, int]:
    """How many works a model was asked about beside a champion, and how many of them were split, drawn, and its own."""
    return Comparison.objects.filter(new=version).aggregate(
        n=Count("pk"),
        n_split=Count("pk", filter=Q(is_split=True)),
        n_drawn=Count("pk", filter=Q(is_drawn=True)),
        n_decided=Count("pk", filter=Q(was_decided_by_new=True)),
    )
