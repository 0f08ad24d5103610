"""Gate 7, learn: labels as rows of a data set, and the sets that were frozen of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from winnow.core.errors import NotFoundError
from winnow.models import DatasetVersion, Item, Label
from winnow.queries.reviewers import struck_accounts


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A work and the tag that people gave it last.

    `provenance` says who labelled it (the number of the account, which outlives the person; 0 for what came with its
    label), when, under which version of the guideline, why they were asked, and how probably chance chose it.
    `arrived_on` is the day on which it came in; `is_answer` says that somebody here was asked about it.
    """

    item_id: int
    title: str
    description: str
    tag: str
    created_on: date
    arrived_on: date
    url: str = ""
    source: str = ""
    is_answer: bool = False
    provenance: Mapping[str, Any] = field(default_factory=dict, compare=False)


def gold_rows() -> list[GoldRow]:
    """The effective label of every Item that people labelled: the newest that stands; in the order of the Items.

    Labels that say "not machine learning" are not of this set, nor are retired tags, nor what was said by accounts that
    hidden gold has shown to be below the line.
    """
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    standing = (
        Label.objects.filter(is_gold=True, undoes=None)
        .exclude(is_undone)
        .exclude(item__state=Item.State.REMOVED)
        .exclude(account_id__in=struck_accounts())
    )
    newest = {
        label.item_id: label
        for label in standing.select_related("item__source", "tag", "task", "guideline", "account")
        .defer("item__vector")
        .order_by("pk")
    }
    return [
        _row(label, label.tag.slug)
        for _, label in sorted(newest.items())
        if label.tag is not None and label.tag.is_approved
    ]


def n_struck_labels() -> int:
    """How many labels are left out because of who gave them."""
    return Label.objects.filter(is_gold=True, undoes=None, account_id__in=struck_accounts()).count()


def _row(label: Label, tag: str) -> GoldRow:
    item = label.item
    return GoldRow(
        item_id=item.pk,
        title=item.title,
        description=item.description,
        tag=tag,
        created_on=item.dated_at.date(),
        arrived_on=item.admitted_at.date(),
        url=item.url,
        source=item.source.name if item.source else "",
        is_answer=label.task_id is not None,
        provenance={
            "by": label.account_id or 0,
            "role": str(label.account.role) if label.account else "starter",
            # What came with its label is the same in every home.
            "at": label.created_at.isoformat(timespec="seconds") if label.account_id else None,
            "guideline": label.guideline.version if label.guideline else None,
            "asked": str(label.task.reason) if label.task else "came with its label",
            "probability": label.task.probability if label.task else 1.0,
        },
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version holds that the other does not, and which tags differ, by title."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, str, str], ...]
    why: Mapping[str, int]


def dataset_rows() -> list[DatasetVersion]:
    """Every version without its rows, newest first."""
    return list(DatasetVersion.objects.defer("rows").order_by("-pk"))


def dataset_named(version: str) -> DatasetVersion:
    """A version by its name. Raises NotFoundError."""
    found = DatasetVersion.objects.filter(version=version).first()
    if found is None:
        raise NotFoundError(f"there is no data set {version!r}; `winnow datasets` names them")
    return found


def before(dataset: DatasetVersion) -> DatasetVersion | None:
    """The version that was frozen before."""
    return DatasetVersion.objects.filter(pk__lt=dataset.pk).order_by("-pk").first()


def difference(old: DatasetVersion, new: DatasetVersion) -> Difference:
    """What freezing again changed, by title, and for what people were asked where they said something new."""
    was, now = ({row["item"]: row for row in one.rows} for one in (old, new))
    fresh = [row for item, row in now.items() if item not in was or was[item]["tag"] != row["tag"]]
    return Difference(
        added=tuple(row["title"] for item, row in now.items() if item not in was),
        removed=tuple(row["title"] for item, row in was.items() if item not in now),
        changed=tuple(
            (row["title"], was[item]["tag"], row["tag"])
            for item, row in now.items()
            if item in was and was[item]["tag"] != row["tag"]
        ),
        why=dict(Counter(row.get("label", {}).get("asked", "unknown") for row in fresh)),
    )
