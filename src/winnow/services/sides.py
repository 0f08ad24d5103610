"""Ask, beside what decides, the models that are on their way to readers; keep what both said, and draw what people judge.

Nothing here can fail or hold up an answer: it is asked when the answer stands, and what goes wrong is a line of the log.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction

from winnow.core.errors import WinnowError
from winnow.core.policy import decide
from winnow.core.values import Action, Classification, Decision, Document
from winnow.home import DATA
from winnow.ml.rollout import Plan, load_plan
from winnow.models import Comparison, Deployment, Item, ModelVersion, ReviewTask
from winnow.services.deploy import Serving, serving
from winnow.services.encode import Vectors, encoder, vectors_of
from winnow.services.review import open_task

# Beside audits, before all that the classifier is not sure of.
PRIORITY = 1.3
ROLES = (Deployment.Role.CHALLENGER, Deployment.Role.SHADOW)
PARTS = 2**64
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OnTrial:
    """A model that is on its way to readers, and the row that says how far it has come."""

    model: Serving
    deployment: Deployment

    def decides(self, item: Item) -> bool:
        """Whether an Item falls into its share: always the same answer for the same Item, and kept as the share grows."""
        is_challenger = self.deployment.role == Deployment.Role.CHALLENGER
        return is_challenger and place_of(item, self.model.version, "share") < self.deployment.share


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said of an Item and what its policy makes of it."""

    given: Classification
    decision: Decision

    @property
    def accepts(self) -> bool:
        """Whether it would be published."""
        return self.decision.action is Action.ACCEPT


@lru_cache(maxsize=1)
def plan() -> Plan:
    """The stages and risks of `data/rollout.toml`."""
    return load_plan(DATA / "rollout.toml")


def place_of(item: Item, version: ModelVersion, salt: str) -> float:
    """A place in [0, 1) that looks drawn at random and is always the same for this Item, model and purpose."""
    digest = hashlib.sha256(f"{salt} {version.manifest_sha256} {item.pk}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / PARTS


def on_trial() -> list[OnTrial]:
    """The models that are asked beside the champion, challenger first; one that is away is left out."""
    found = []
    for role in ROLES:
        newest = Deployment.objects.filter(role=role).select_related("model_version").order_by("-pk").first()
        if newest is None or newest.share == 0.0:
            continue
        try:
            model = serving(role)
            if model is None or model.version.pk != newest.model_version_id:
                continue
            if model.needs_encoder:
                model.loaded.check_encoder(encoder())
        except WinnowError as error:
            log.warning("%s %s is away: %s", role, newest.model_version.ref, error)
            continue
        found.append(OnTrial(model, newest))
    return found


def ask(trial: OnTrial, items: Sequence[Item], vectors: Vectors | None = None) -> list[Said] | None:
    """What a model on trial says of Items; None where it fails, whatever the reason."""
    documents = [Document(item.title, item.description) for item in items]
    try:
        if trial.model.needs_encoder and vectors is None:
            vectors = vectors_of(items)
        given = trial.model.classify(documents, vectors=vectors if trial.model.needs_encoder else None)
    except Exception:
        # The champion's answer stands, whatever a candidate does wrong.
        log.exception("%s did not answer", trial.model.ref)
        return None
    return [Said(one, decide(one, trial.model.policy)) for one in given]


def keep_sides(
    items: Sequence[Item], old: Sequence[Said], new: Sequence[Said], *, champion: ModelVersion, trial: OnTrial
) -> int:
    """Store what both said of Items, and ask people blind about a part of those that they disagree about.

    A part is drawn with the probability of the plan, which is stored with each. Returns how many were drawn.
    """
    triples = zip(items, old, new, strict=True)
    drawn = plan().drawn
    rows = [_row(item, one, other, champion, trial, drawn) for item, one, other in triples]
    with transaction.atomic():
        for row in rows:
            if row.is_drawn:
                row.task = open_task(
                    item=row.item, reason=ReviewTask.Reason.DISAGREEMENT, priority=PRIORITY, is_blind=True
                )
                ReviewTask.objects.filter(pk=row.task.pk).update(probability=row.probability)
        Comparison.objects.bulk_create(rows, ignore_conflicts=True)
    return sum(row.is_drawn for row in rows)


def keep_safely(
    items: Sequence[Item], old: Mapping[int, Said], new: Mapping[int, Said], *, champion: ModelVersion, trial: OnTrial
) -> None:
    """The same for those Items that both answered, by key; whatever goes wrong ends here."""
    both = [item for item in items if item.pk in old and item.pk in new]
    try:
        keep_sides(both, [old[i.pk] for i in both], [new[i.pk] for i in both], champion=champion, trial=trial)
    except Exception:
        log.exception("what %s said was not kept", trial.model.ref)


def _row(item: Item, old: Said, new: Said, champion: ModelVersion, trial: OnTrial, drawn: float) -> Comparison:
    version = trial.model.version
    is_split = old.given.tag != new.given.tag and (old.accepts or new.accepts)
    return Comparison(
        item=item,
        old=champion,
        new=version,
        old_tag=old.given.tag or "",
        new_tag=new.given.tag or "",
        old_confidence=old.given.confidence,
        new_confidence=new.given.confidence,
        old_accepts=old.accepts,
        new_accepts=new.accepts,
        is_split=is_split,
        was_decided_by_new=trial.decides(item),
        probability=drawn,
        is_drawn=is_split and place_of(item, version, "drawn") < drawn,
    )
