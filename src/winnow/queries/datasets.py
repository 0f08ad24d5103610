"""Gate 7, learn: labels as rows of a data set, and the sets that were frozen of them."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from winnow.core.errors import NotFoundError
from winnow.models import DatasetVersion, Item, Label
from winnow.queries.reviewers import struck_accounts

UNKNOWN = "not recorded"
TAKEN_DOWN = "a work that was taken down"


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A work and the tag that people gave it last.

    `provenance` says who labelled it (the number of the account, which outlives the person; 0 for what came with its
    label), when, under which version of the guideline, why they were asked, and how probably chance chose it.
    `arrived_on` is the day on which it came in; `is_answer` says that somebody here was asked about it. `work` is the
    Item that stands for it and its copies, or that it may be a copy of; its own number where there is none.
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
    work: int = 0
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
    faces = {pk: label.item.duplicate_of_id or label.item.resembles_id for pk, label in newest.items()}
    return [
        _row(label, label.tag.slug, _face(pk, faces))
        for pk, label in sorted(newest.items())
        if label.tag is not None and label.tag.is_approved
    ]


def _face(pk: int, faces: Mapping[int, int | None]) -> int:
    """The end of the chain of copies; of a ring of possible copies its lowest number."""
    seen: list[int] = []
    while pk not in seen:
        seen.append(pk)
        pk = faces.get(pk) or pk
    return min(seen[seen.index(pk) :])


def n_struck_labels() -> int:
    """How many labels are left out because of who gave them."""
    return Label.objects.filter(is_gold=True, undoes=None, account_id__in=struck_accounts()).count()


def _row(label: Label, tag: str, work: int) -> GoldRow:
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
        work=work,
        provenance=_provenance(label),
    )


def _provenance(label: Label) -> dict[str, Any]:
    """Where a label comes from, without a name: who labelled elsewhere is no number here, and stays out of it."""
    is_starter = label.account is None and not label.annotator
    return {
        "by": label.account_id or 0,
        "role": str(label.account.role) if label.account else "starter" if is_starter else "imported",
        # What came with its label is the same in every home.
        "at": None if is_starter else label.created_at.isoformat(timespec="seconds"),
        "guideline": label.guideline.version if label.guideline else None,
        "asked": _asked(label),
        "probability": label.task.probability if label.task else 1.0,
    }


def _asked(label: Label) -> str:
    if label.task is not None:
        return str(label.task.reason)
    return "labelled elsewhere" if label.annotator else "came with its label"


@dataclass(frozen=True, slots=True)
class Change:
    """One work that one version holds otherwise than another: the tag it had ("" for none), the one it has, and why.

    The title is empty where the work was taken down since.
    """

    item: int
    title: str
    was: str
    now: str
    why: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version holds that the other does not, and which tags differ; `n_moved` works changed their split alone."""

    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    n_moved: int = 0

    @property
    def why(self) -> Mapping[str, int]:
        """How often each reason was one, the commonest first."""
        return dict(Counter(one.why for one in (*self.added, *self.removed, *self.changed)).most_common())


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


def difference(old: DatasetVersion | None, new: DatasetVersion) -> Difference:
    """What freezing again changed: for what people were asked about what is new, and why what is gone is gone.

    Why something is gone is known to the version that left it out, of the one before it.
    """
    was, now = ({int(row["item"]): row for row in one.rows} if one else {} for one in (old, new))
    gone, hidden = new.checks.get("gone", {}), taken_down()
    both = [item for item in now if item in was]
    return Difference(
        added=tuple(_change(item, None, now[item], hidden) for item in now if item not in was),
        removed=tuple(
            Change(item, "" if item in hidden else row["title"], row["tag"], "", gone.get(str(item), UNKNOWN))
            for item, row in was.items()
            if item not in now
        ),
        changed=tuple(
            _change(item, was[item], now[item], hidden) for item in both if was[item]["tag"] != now[item]["tag"]
        ),
        n_moved=sum(was[item]["split"] != now[item]["split"] for item in both if was[item]["tag"] == now[item]["tag"]),
    )


def taken_down() -> set[int]:
    """Works that are not on this site any more, nor what is a copy of them: a frozen set keeps them, and shows them to nobody."""
    removed = Item.State.REMOVED
    return set(Item.objects.filter(Q(state=removed) | Q(duplicate_of__state=removed)).values_list("pk", flat=True))


def _change(item: int, was: Mapping[str, Any] | None, now: Mapping[str, Any], hidden: Collection[int]) -> Change:
    why = now.get("label", {}).get("asked", UNKNOWN)
    return Change(item, "" if item in hidden else now["title"], was["tag"] if was else "", now["tag"], why)


def why_gone(item_ids: Collection[int]) -> dict[int, str]:
    """Why works that were gold are no more, as things stand; "too much of one reviewer" where nothing else is the matter."""
    items = Item.objects.filter(pk__in=item_ids)
    is_undone = Exists(Label.objects.filter(undoes=OuterRef("pk")))
    labels = Label.objects.filter(item_id__in=item_ids, is_gold=True, undoes=None).exclude(is_undone)
    newest = {label.item_id: label for label in labels.select_related("tag").order_by("pk")}
    removed = set(items.filter(state=Item.State.REMOVED).values_list("pk", flat=True))
    struck = struck_accounts()
    return {pk: _why_gone(newest.get(pk), struck, is_removed=pk in removed) for pk in sorted(item_ids)}


def _why_gone(label: Label | None, struck: set[int], *, is_removed: bool) -> str:
    if is_removed:
        return "the work was taken down"
    if label is None:
        return "the label was taken back"
    if label.account_id in struck:
        return "the reviewer is below the line"
    if label.tag is None:
        return "it is a copy" if label.copy_of_id else "not machine learning"
    return "too much of one reviewer" if label.tag.is_approved else "the tag was retired"


def splits_by_sha256() -> dict[str, tuple[str, str]]:
    """The version and the split that a measurement was made on, by the hash that it names."""
    versions = DatasetVersion.objects.order_by("-pk").values_list("version", "checks")
    return {
        sha256: (version, split)
        for version, checks in versions
        for split, sha256 in checks.get("examples_sha256", {}).items()
    }
