"""The demo: starter works, a trained and certified model, the example feeds. Safe to run twice; undoes nothing."""

from collections.abc import Callable
from pathlib import Path

from winnow.home import DATA
from winnow.ml.encoder import Progress
from winnow.models import Deployment, Event, Item, ReviewTask, Role, Source
from winnow.services.deploy import version_of
from winnow.services.explain import explain_waiting
from winnow.services.freeze import freeze_dataset
from winnow.services.gather import gather_address
from winnow.services.import_rows import import_file
from winnow.services.invite import Invitation, invite
from winnow.services.promote import promote_version
from winnow.services.train import train_model

GOLD = DATA / "gold"
FEEDS = DATA / "feeds"
Say = Callable[[str], None]


def make_demo(say: Say, progress: Progress) -> None:
    """Fill this home: each step looks first whether it is done."""
    _load_gold(say, progress)
    _train(say, progress)
    _gather(say)
    n_explained = explain_waiting(progress=progress)
    if n_explained:
        say(f"Worked out the words that counted for {n_explained} decisions")


def invitations() -> list[Invitation]:
    """A fresh one-time link for a reviewer and an operator of the demo."""
    return [invite(role=Role.REVIEWER, name="reviewer"), invite(role=Role.OPERATOR, name="operator")]


def figures() -> dict[str, int]:
    """What there is now."""
    return {
        "published": Item.objects.filter(state=Item.State.PUBLISHED).count(),
        "waiting": ReviewTask.objects.filter(closed_at=None).count(),
        "withheld": Item.objects.filter(state__in=(Item.State.DUPLICATE, Item.State.REJECTED)).count(),
    }


def _load_gold(say: Say, progress: Progress) -> None:
    done = set(Event.objects.filter(kind="rows.imported").values_list("data__file", flat=True))
    for path in sorted(GOLD.glob("*.csv")):
        if path.name not in done:
            imported = import_file(path, progress=progress)
            say(f"Loaded {imported.accepted} starter works from {path.name}")


def _train(say: Say, progress: Progress) -> None:
    if Deployment.objects.filter(role="champion").exists():
        return
    dataset = freeze_dataset()
    trained = train_model("best", progress=progress)
    version = version_of(trained.model)
    promote_version(version, role="champion", reason="first model of the demo")
    certificate = version.policy.get("certificate") or {}
    say(
        f"Trained {trained.model} on {dataset.n} works in {trained.seconds:.0f} s; publishes from confidence "
        f"{certificate.get('threshold', 1.0):.2f} (precision at least {certificate.get('bound', 0.0):.2f}, provisional)"
    )


def _gather(say: Say) -> None:
    done = set(Source.objects.filter(fetched_at__isnull=False).values_list("address", flat=True))
    for path in example_feeds():
        if str(path) not in done:
            counts = gather_address(str(path)).counts
            say(
                f"Gathered {path.name}: {counts.admitted} new, {counts.duplicate} duplicates, "
                f"{counts.off_topic} off-topic, {counts.invalid} unusable"
            )


def example_feeds() -> list[Path]:
    """The feeds that come with the project."""
    return sorted(path for path in FEEDS.iterdir() if path.suffix in (".xml", ".rss", ".atom", ".json"))
