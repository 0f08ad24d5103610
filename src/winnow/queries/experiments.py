"""Experiments on readers: what runs, what was counted, and whose tags a side sees."""

from collections.abc import Collection

from django.db.models import F, Q, QuerySet, Sum

from winnow.core.errors import NotFoundError
from winnow.core.experiments import Counts
from winnow.models import Comparison, Deployment, Event, Experiment, ExperimentCount, Item, ModelVersion

# Works whose tags may differ for a reader; older ones are shown as they stand.
NEWEST = 1000
LAST_STAGE = "ab"


def running_experiments() -> list[Experiment]:
    """What runs now, oldest first."""
    return list(Experiment.objects.filter(state=Experiment.State.RUNNING).order_by("pk"))


def all_experiments() -> list[Experiment]:
    """Every experiment, newest first."""
    return list(Experiment.objects.select_related("model_version", "stopped_by").order_by("-pk"))


def experiment_of(name: str) -> Experiment:
    """One experiment by its name. Raises NotFoundError."""
    found = Experiment.objects.select_related("model_version", "stopped_by").filter(name=name).first()
    if found is None:
        raise NotFoundError("there is no such experiment; /experiments lists them")
    return found


def counts_of(experiment: Experiment) -> Counts:
    """What was counted since it began, by side and what was done."""
    rows = ExperimentCount.objects.filter(experiment=experiment).values_list("arm", "what")
    return {(arm, what): n for arm, what, n in rows.annotate(total=Sum("n")).order_by()}


def events_of(experiment: Experiment) -> list[Event]:
    """What was decided about it, oldest first."""
    events = Event.objects.filter(kind__startswith="experiment.", data__experiment=experiment.name)
    return list(events.select_related("account").order_by("pk"))


def model_at_last_stage() -> ModelVersion | None:
    """The model that decides about half of the works now, if there is one."""
    newest = Deployment.objects.filter(role=Deployment.Role.CHALLENGER).select_related("model_version")
    row = newest.order_by("-pk").first()
    is_there = row is not None and row.share > 0.0 and row.stage_name == LAST_STAGE
    return row.model_version if row is not None and is_there else None


def split_tags(
    version: ModelVersion, *, among: Collection[int] | None = None, tag: str = ""
) -> dict[int, tuple[str, str]]:
    """By number the published works that the champion and this model would both publish, each under its own tag.

    What a person decided stands. `among` names the only works, `tag` one that either model gave.
    """
    rows = _split(version)
    if among is not None:
        rows = rows.filter(item__in=among)
    if tag:
        rows = rows.filter(Q(old_tag=tag) | Q(new_tag=tag))
    newest = rows.order_by("-pk").values_list("item_id", "old_tag", "new_tag")[:NEWEST]
    # The newest comparison of a work comes last, and holds.
    return {pk: (old, new) for pk, old, new in reversed(newest)}


def _split(version: ModelVersion) -> QuerySet[Comparison]:
    stands = Q(item__tag=F("old_tag")) | Q(item__tag=F("new_tag"))
    by_model = {"item__state": Item.State.PUBLISHED, "item__decided_by": Item.DecidedBy.MODEL}
    return Comparison.objects.filter(stands, new=version, is_split=True, old_accepts=True, new_accepts=True, **by_model)
