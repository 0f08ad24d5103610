"""Is a bad model taken back, and does a good one go on? Works through the real services, from admission to roll-back.

`rollout.py [RUNS]`. Every work is decided by `classify_admitted`, what both models disagree about is claimed and labelled
through the queue, and `look_at_trials` is asked after each 25 works. What the models say is scripted, so that their precision
is known: the champion is right in .93 of all works. "Bad" is right in .88, "equal" in .93 and "better" in .95; of the
champion's errors they share six of ten. Gates of the shadow's stages are the real ones; stages last no hours here, and
works as in `data/rollout.toml`. Seeds from 1000 on: none was looked at while the tests were made.
The risk of a false roll-back is simulated besides on the tests alone, whose runs are many: to 4,000 works, looked at after
each one.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from record import quantiles, record
from throwaway import ensure_ready
from winnow.core.intervals import clopper_pearson
from winnow.core.policy import Policy
from winnow.core.values import Classification, Document
from winnow.home import DATA
from winnow.ml.gates import Check, Verdict
from winnow.ml.rollout import Pair, watch_pairs
from winnow.models import Account, Comparison, Item, ModelVersion, Tag
from winnow.queries.rollout import standing_trials
from winnow.services import deploy as deploying
from winnow.services import publish
from winnow.services import rollout as leading
from winnow.services.claim import claim_task
from winnow.services.classify import classify_admitted
from winnow.services.deploy import Serving, deploy, load_version, version_of
from winnow.services.gates import keep_decision
from winnow.services.promote import end_trial, promote
from winnow.services.review import label_task
from winnow.services.rollout import look_at_trials
from winnow.services.sides import plan
from winnow.services.train import train_model
from winnow.services.trial import Trial

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
FIRST_SEED, ALONE = 1000, 2000
EACH, MOST, MOST_ALONE = 25, 3000, 4000
RIGHT, SHARED_ERRORS = 0.93, 0.6
KINDS = {"bad, 5 points lower": 0.88, "equal": 0.93, "better, 2 points higher": 0.95}
TAGS = ("natural-language-processing", "computer-vision", "mlops", "other")


class Scripted:
    """A predictor that says what was written for each title."""

    classes_ = TAGS
    needs_encoder = False

    def __init__(self) -> None:
        self.said: dict[str, str] = {}

    def classify(self, documents: Sequence[Document], _vectors: Any = None) -> list[Classification]:
        """The tag that was written, with the same confidence always."""
        return [self._one(self.said[document.title]) for document in documents]

    def _one(self, tag: str) -> Classification:
        return Classification(tag, 0.91, {one: 0.91 if one == tag else 0.03 for one in TAGS})


def main() -> None:
    """All runs of all kinds."""
    ensure_ready()
    files = sorted((DATA / "gold").glob("*.csv"))
    old, new = (version_of(train_model("dummy", data=data, is_measured=False).model) for data in (files, files[1:]))
    people = Account.objects.create(name="people", role="reviewer")
    quick = replace(plan(), stages=tuple(replace(stage, hours=0.0) for stage in plan().stages))
    leading.plan = lambda: quick  # type: ignore[attr-defined, assignment] - nobody waits for hours here
    _served(old, "champion", Scripted())
    figures: dict[str, Any] = {
        "runs of each": RUNS,
        "alpha": plan().alpha,
        "margin": plan().margin,
        "drawn": plan().drawn,
    }
    samples: dict[str, list[float]] = {}
    for number, (name, right) in enumerate(KINDS.items()):
        ends = [_run(new, right, [FIRST_SEED + run, number], people) for run in range(RUNS)]
        figures[name] = _summed(ends)
        samples[f"{name}: answers until its end"] = [end["answers"] for end in ends]
        print(name, figures[name], flush=True)
    figures["tests alone"] = _alone()
    record("rollout", figures, samples)


def _run(new: ModelVersion, right: float, seed: list[int], people: Account) -> dict[str, Any]:
    """One model from its first work to the end: taken back, gone on twice, or held after `MOST` works."""
    rng = np.random.default_rng(seed)
    scripts = [deploying._loaded["champion"].loaded.predictor, Scripted()]  # noqa: SLF001 - the script is put there
    if right < RIGHT:
        _served(new, "challenger", scripts[1], share=0.1)
    else:
        promote(new.ref, role="shadow")
        _held(new, "shadow", scripts[1])
    tags, n_answers, n_on = Tag.objects.in_bulk(), 0, 0
    for n in range(EACH, MOST + 1, EACH):
        truth = _admit(rng, scripts, right, f"{seed} {n}")
        classify_admitted()
        while (task := claim_task(people)) is not None:
            label_task(task=task, tag=tags[truth[task.item.title]], account=people, token=task.token)
            n_answers += 1
        (look,) = look_at_trials()
        n_on += look.course == "go on"
        if look.course == "take back" or n_on == 2:
            break
    for trial in standing_trials():
        end_trial(trial, reason="the end of a run")
    Comparison.objects.all().delete()
    course = "go on" if n_on == 2 else "take back" if look.course == "take back" else "hold"
    return {"course": course, "works": n, "answers": n_answers}


def _admit(rng: np.random.Generator, scripts: Sequence[Any], right: float, name: str) -> dict[str, str]:
    """Works as admission stores them, with what each model will say; their true tags."""
    truth = {}
    share_new = ((1 - right) - SHARED_ERRORS * (1 - RIGHT)) / RIGHT
    with transaction.atomic():
        for number in range(EACH):
            title = f"Work {name} {number}"
            tag, wrong, other = rng.permutation(TAGS)[:3]
            is_wrong = rng.random() < 1 - RIGHT
            errs = rng.random() < (SHARED_ERRORS if is_wrong else share_new)
            truth[title] = str(tag)
            scripts[0].said[title] = str(wrong if is_wrong else tag)
            scripts[1].said[title] = str((wrong if is_wrong or rng.random() < 0.5 else other) if errs else tag)
            publish.enter_item(Item(external_id=title, title=title, dated_at=timezone.now()))
    return truth


def _served(version: ModelVersion, role: str, script: Scripted, *, share: float = 1.0) -> None:
    """Let a model serve past the gates, whose own bench is another one."""
    check = Check("bench", Verdict.PASSED, "its precision is known")
    deploy(keep_decision(Trial(version, role), [check]), reason="bench", share=share)
    _held(version, role, script)


def _held(version: ModelVersion, role: str, script: Scripted) -> None:
    loaded = replace(load_version(version), predictor=script, policy=Policy(0.5, provenance="bench"))  # type: ignore[arg-type] - as much of a predictor as serves
    deploying._loaded[role] = Serving(version, loaded, loaded.policy)  # noqa: SLF001 - in place of what its folder says


def _summed(ends: Sequence[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for course in ("take back", "go on", "hold"):
        mine = [end for end in ends if end["course"] == course]
        share = clopper_pearson(len(mine), len(ends))
        found[course] = {"share": share.value, "low": round(share.low, 3), "high": round(share.high, 3), "n": len(ends)}
        if mine:
            found[course] |= {f"{what}, median": median(end[what] for end in mine) for what in ("works", "answers")}
    return found


def _alone() -> dict[str, Any]:
    """The tests without services: equal models, and such as are worse by just the margin."""
    rng = np.random.default_rng(FIRST_SEED)
    equal = [_watched(rng, 0.035, 0.035) for _ in range(ALONE)]
    worse = [_watched(rng, 0.045, 0.025) for _ in range(ALONE)]
    limit = 1.0 / plan().alpha
    return {
        "works": MOST_ALONE,
        "false roll-backs of equal models": _share(sum(one.against >= limit for one in equal), ALONE),
        "let on though worse by the margin": _share(sum(one.for_it >= limit for one in worse), ALONE),
        "answers of an equal model": quantiles([float(one.n_drawn) for one in equal]),
    }


def _watched(rng: np.random.Generator, worse: float, better: float) -> Any:
    kinds = rng.choice([1, -1, 0], size=MOST_ALONE, p=[worse, better, 1 - worse - better])
    drawn = rng.random(MOST_ALONE) < plan().drawn
    pairs = [Pair(plan().drawn, bool(d and k), int(k) if d else 0) for k, d in zip(kinds, drawn, strict=True)]
    return watch_pairs(pairs, margin=plan().margin, alpha=plan().alpha)


def _share(k: int, n: int) -> dict[str, float]:
    found = clopper_pearson(k, n)
    return {"share": round(found.value, 4), "low": round(found.low, 4), "high": round(found.high, 4), "n": n}


if __name__ == "__main__":
    main()
