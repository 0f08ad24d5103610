"""How many items a second pass the whole gate in bulk: screened, admitted and classified, with the encoder.

Works of ../shared/data are admitted in batches into a new home (SQLite), the screen and the starter model made before
the clock starts. Writes results/gate.json.
"""

import csv
import os
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

N_ITEMS = 1000


def main() -> None:
    """Set up a home, pour items through, write down the pace of each step."""
    home = tempfile.mkdtemp(prefix="gate-")
    os.environ |= {"WINNOW_HOME": home, "DJANGO_SETTINGS_MODULE": "winnow.settings"}
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    figures, samples = _measure()
    from record import record

    record("gate", figures, samples)


def _measure() -> tuple[dict[str, object], dict[str, list[float]]]:
    # ruff: noqa: PLC0415
    from django.conf import settings

    from winnow.home import DATA
    from winnow.ml.job import TrainingJob
    from winnow.ml.recipes import load_recipe
    from winnow.ml.serving import load_artifact
    from winnow.ml.taxonomy import load_taxonomy
    from winnow.ml.train import train
    from winnow.models import Item
    from winnow.services import topic
    from winnow.services.admit import BATCH, admit, prepare
    from winnow.services.classify import classify_admitted
    from winnow.services.deploy import deploy, register_model
    from winnow.services.encode import encoder
    from winnow.services.examples import examples_of_files
    from winnow.services.taxonomy import apply_taxonomy, approved_list

    apply_taxonomy(settings.TAXONOMY)
    tags = load_taxonomy(settings.TAXONOMY)
    examples = examples_of_files(sorted((DATA / "gold").glob("*.csv")), tags)
    folder = settings.HOME / "models" / "gate"
    held_out = [example for n, example in enumerate(examples) if not n % 4]
    kept = [example for n, example in enumerate(examples) if n % 4]
    job = TrainingJob(
        recipe=load_recipe("best"),
        examples=kept,
        held_out=held_out,
        tags=tags,
        encoder=encoder(),
        provenance="for the gate",
    )
    train(job, folder)
    version = register_model(load_artifact(folder, approved_list()), dataset=None, scorecard={})
    deploy(version, role="champion", reason="for the gate")
    topic.screen()

    steps: dict[str, list[float]] = {"prepare": [], "admit": [], "classify": []}
    candidates = iter(_candidates())
    n = 0
    started = time.perf_counter()
    while batch := list(islice(candidates, BATCH)):
        at = [time.perf_counter()]
        screened = prepare(batch)
        at.append(time.perf_counter())
        for one in screened:
            admit(one)
        at.append(time.perf_counter())
        classify_admitted()
        at.append(time.perf_counter())
        for name, begin, end in zip(steps, at, at[1:], strict=False):
            steps[name].append(end - begin)
        n += len(batch)
    seconds = time.perf_counter() - started
    figures: dict[str, object] = {
        "items": n,
        "items a second": round(n / seconds, 1),
        "ms an item": {name: round(1000 * sum(values) / n, 2) for name, values in steps.items()},
        "states": {state: Item.objects.filter(state=state).count() for state in Item.State.values},
        "load of the machine": [round(value, 1) for value in os.getloadavg()],
        "processor seconds an item": round(sum(os.times()[:2]) / n, 4),
    }
    return figures, steps


def _candidates() -> list[object]:
    from record import SHARED
    from winnow.core.values import Candidate

    path = Path(os.environ.get("WINNOW_BENCH_ROWS", SHARED / "text" / "stream_papers_of_week.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.DictReader(file), N_ITEMS))
    return [Candidate(f"{n}", row["title"], row["description"], row.get("url", "")) for n, row in enumerate(rows)]


if __name__ == "__main__":
    sys.exit(main())
