"""Replay a labelled stream through the services that production uses; the file's tags answer for people.

It needs a home of its own, which `services/elsewhere.py` makes for as long as the replay lasts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from django.db import transaction
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError
from winnow.core.intervals import clopper_pearson
from winnow.core.values import Certificate, Example, Interval
from winnow.home import DATA
from winnow.ml.asking import ROUNDS, audits_of
from winnow.ml.encoder import Progress
from winnow.models import Account, Item, Label, ModelVersion, ReviewTask, Role, Tag
from winnow.queries.audits import answered_audits
from winnow.queries.waiting import waiting_items
from winnow.services import publish
from winnow.services.ask import ask_about
from winnow.services.audit import draw_audits
from winnow.services.classify import classify_admitted
from winnow.services.encode import Vectors, encode, encoder, pack
from winnow.services.examples import examples_of_files
from winnow.services.loop_picture import Stage, draw
from winnow.services.recertify import certificate_of, is_alarmed, recertify
from winnow.services.retrain import retrain
from winnow.services.review import label_task
from winnow.services.taxonomy import approved_list

# A replay has no readers to protect: drafts serve there that nothing was measured of, and publish nothing.
GATES = DATA / "gates-replay.toml"


@dataclass(frozen=True, slots=True)
class Promise:
    """What is to be proved, at which risk, by a model of which recipe, and what draws the audits."""

    target: float = 0.90
    delta: float = 0.10
    seed: int = 0
    recipe: str = "best"

    def __post_init__(self) -> None:
        if not 0.0 < self.target < 1.0 or not 0.0 < self.delta < 1.0:
            raise InputError("--target and --delta: between 0 and 1")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the loop in words, the labels used by its end, and how much was published by then, of how many."""

    name: str
    words: str
    labels_used: int
    published: int
    coverage: float

    def as_json(self) -> dict[str, object]:
        """The line of the command."""
        words = {"step": self.name, "words": self.words, "labels_used": self.labels_used}
        return words | {"published": self.published, "coverage": self.coverage}

    def in_words(self) -> str:
        """The line of the command for people."""
        return f"{self.labels_used:>5} labels  {self.name:<8} {self.words}"


@dataclass(slots=True)
class People:
    """They know every tag of the stream, and are asked one at a time. `tags` are by Item."""

    account: Account
    tags: dict[int, str]
    n_asked: int = 0

    def ask(self, item_id: int) -> str:
        """The tag of one Item: the only way to it."""
        self.n_asked += 1
        return self.tags[item_id]

    def answer(self, tasks: Sequence[ReviewTask]) -> int:
        """Label tasks as a reviewer does; returns how many."""
        known = Tag.objects.in_bulk()
        with transaction.atomic():
            for task in tasks:
                label_task(task=task, tag=known[self.ask(task.item_id)], account=self.account)
        return len(tasks)


@dataclass(frozen=True, slots=True)
class Total:
    """A replay held against the truth; `published_precision` is None where nothing was published."""

    published: int
    published_precision: float | None
    coverage: float
    labels_used: int
    alarms: int

    def as_json(self) -> dict[str, object]:
        """The last line of the command."""
        return {"total": asdict(self)}

    def in_words(self) -> str:
        """The last line for people."""
        precision = self.published_precision
        right = "nothing published" if precision is None else f"precision {precision:.3f}"
        return f"{self.published} published by itself ({self.coverage:.0%} of the rest), {right}, {self.alarms} alarms"


@dataclass(slots=True)
class Replay:
    """A stream in this home, as far as it was replayed, and what was published by each step: tags by Item."""

    people: People
    promise: Promise
    history: list[tuple[int, dict[int, str]]] = field(default_factory=list)
    n_alarms: int = 0

    def spend(self, n_labels: int) -> Iterator[Step]:
        """Spend a budget of labels: what does not go into audits teaches first."""
        n_labels = min(n_labels, len(self.people.tags))
        yield from self.learn(n_labels - audits_of(n_labels, self.promise.target, self.promise.delta))
        yield from self.prove(n_labels - self.people.n_asked)

    def learn(self, n_labels: int) -> Iterator[Step]:
        """Spend labels on what is nearest to the decision, in rounds, each with a draft of all answers before."""
        for number, part in enumerate(np.array_split(np.arange(n_labels), ROUNDS)):
            if number and len(part):
                self._train(is_draft=True)
            if len(part) and (n := self.people.answer(ask_about(len(part)))):
                yield self._step("learn", f"{n} works nearest to the decision were asked about")

    def prove(self, n_labels: int) -> Iterator[Step]:
        """Train on all answers; spend labels on audits until they prove the promise or are used up; publish it."""
        version, promise = self._train(), self.promise
        yield self._step("retrain", f"{version.ref} learned from {self.people.n_asked} answers")
        end = self.people.n_asked + n_labels
        n_due = n_labels
        while n_due and (tasks := draw_audits(n_due, seed=promise.seed)):
            n = self.people.answer(tasks)
            wrong = sum(not audit.is_right for audit in answered_audits(version))
            yield self._step("audit", f"{wrong} of {n} answers drawn at random are wrong")
            # Hundreds of works are published one by one; here they are stored at once.
            with transaction.atomic():
                look = recertify(version, target=promise.target, delta=promise.delta, opens_audits=False)
            certificate = certificate_of(look)
            yield self._step("certify", _words(certificate, self.n_published()))
            n_due = min(certificate.missing, end - self.people.n_asked)
        self.n_alarms += is_alarmed(version, promise.target)

    def total(self) -> Total:
        """The figures of the whole, by all tags: they are looked at here and in `stages` alone, when all is done."""
        published = self._published()
        n_labels, precision = self.people.n_asked, self._precision(published)
        right = None if precision is None else precision.value
        return Total(len(published), right, self._coverage(len(published), n_labels), n_labels, self.n_alarms)

    def stages(self) -> list[Stage]:
        """Coverage and true precision after each step."""
        return [
            Stage(n_labels, self._coverage(len(published), n_labels), self._precision(published))
            for n_labels, published in self.history
        ]

    def _precision(self, published: Mapping[int, str]) -> Interval | None:
        right = sum(self.people.tags[item_id] == tag for item_id, tag in published.items())
        return clopper_pearson(right, len(published)) if published else None

    def _coverage(self, n_published: int, n_labels: int) -> float:
        n_unasked = len(self.people.tags) - n_labels
        return n_published / n_unasked if n_unasked else 0.0

    def n_published(self) -> int:
        """How many the model published by itself."""
        return len(self._published())

    def begin(self) -> Step:
        """Train a draft on the seed data and hold the whole stream: nothing is proved of it yet."""
        version = self._train(is_draft=True)
        with transaction.atomic():
            classify_admitted()
        return self._step("begin", f"{version.ref} learned from the seed data; {waiting_items().count()} works wait")

    def _train(self, *, is_draft: bool = False) -> ModelVersion:
        promise = self.promise
        return retrain(
            promise.recipe,
            target=promise.target,
            delta=promise.delta,
            opens_audits=False,
            is_draft=is_draft,
            is_measured=False,
            gates=GATES,
        )

    def _published(self) -> dict[int, str]:
        """Tags by Item of what the model published by itself."""
        found = Item.objects.filter(state=Item.State.PUBLISHED, decided_by=Item.DecidedBy.MODEL)
        return {item_id: str(tag) for item_id, tag in found.values_list("pk", "tag_id")}

    def _step(self, name: str, words: str) -> Step:
        published, n_labels = self._published(), self.people.n_asked
        self.history.append((n_labels, published))
        return Step(name, words, n_labels, len(published), self._coverage(len(published), n_labels))


def simulate_stream(
    seed_data: Path,
    stream: Path,
    *,
    n_labels: int,
    promise: Promise,
    picture: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[Step | Total]:
    """The steps of the loop in order, then the total, in this home, where nothing else may be.

    With `picture` coverage and precision are drawn into that file.
    Raises InputError for rows that cannot be used and a budget below 0, ConflictError in a home that is in use.
    """
    if n_labels < 0:
        raise InputError("--labels: at least 0")
    tags = approved_list()
    known, coming = examples_of_files([seed_data], tags), examples_of_files([stream], tags)
    replay = enter(known, coming, promise=promise, progress=progress)
    yield replay.begin()
    yield from replay.spend(n_labels)
    yield replay.total()
    if picture is not None:
        picture.write_text(draw(replay.stages(), target=promise.target), encoding="utf-8")


def enter(
    known: Sequence[Example],
    coming: Sequence[Example],
    *,
    promise: Promise,
    vectors: Vectors | None = None,
    progress: Progress | None = None,
) -> Replay:
    """Put seed data with its labels and a stream without them into this home, which has to be empty.

    `vectors` (n, d) are those of both in this order, where they are known already.
    """
    if Item.objects.exists():
        raise ConflictError("a replay needs a home of its own, and this one holds works")
    examples = [*known, *coming]
    if vectors is None:
        vectors = encode([example.document for example in examples], progress=progress)
    rows = Tag.objects.in_bulk()
    with transaction.atomic():
        items = [_enter(e, v, place) for place, (e, v) in enumerate(zip(examples, vectors, strict=True))]
        for item, example in zip(items, known, strict=False):
            Label.objects.create(item=item, tag=rows[example.tag], is_gold=True)
            publish.publish_item(item, tag=rows[example.tag], decided_by=Item.DecidedBy.PERSON)
        account = Account.objects.create(name="the tags of the file", role=Role.ENGINEER)
    streamed = items[len(known) :]
    tags = {item.pk: example.tag for item, example in zip(streamed, coming, strict=True)}
    return Replay(People(account, tags), promise)


def _enter(example: Example, vector: Vectors, place: int) -> Item:
    item = Item(
        external_id=str(place),
        title=example.document.title,
        description=example.document.description,
        dated_at=timezone.now(),
        vector=pack(vector),
        encoder_sha256=encoder().sha256,
    )
    return publish.enter_item(item)


def _words(certificate: Certificate, n_published: int) -> str:
    if certificate.threshold is None:
        return f"nothing is certified; {certificate.missing} labels more are needed at the least"
    return (
        f"confidence from {certificate.threshold:.3f} on is certified ({certificate.k} of {certificate.n} wrong, precision "
        f"at least {certificate.bound:.3f}); {n_published} published"
    )
