"""Is a text machine learning at all? Spam by rules that say what is sold, the rest by a trained screen."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from winnow.core.errors import ArtifactError
from winnow.core.text import joined
from winnow.core.values import Document
from winnow.ml.artifacts import read_artifact
from winnow.ml.base import Vectors
from winnow.ml.encoder import Encoder
from winnow.ml.rules import Rule, rule_from_json
from winnow.ml.topic_scorer import TopicScorer

KIND = "off-topic screen"
SCREEN_FILE = "screen.json"
SCORER_FILE = "scorer.json"
# Raise it with every change to how a screen is trained.
TRAINING_VERSION = 4


@dataclass(frozen=True, slots=True)
class OffTopicVerdict:
    """`score` from 0 to 1 says how much the text looks like another subject, 1 for spam; `reason` is for people."""

    kind: Literal["on_topic", "off_topic", "spam"]
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class OffTopicScreen:
    """A loaded screen.

    A title alone tells less than a title with a description, so each has a threshold of its own.
    `encoder_sha256` names the encoder whose vectors it reads, `sha256` the screen itself.
    """

    scorer: TopicScorer
    spam: tuple[Rule, ...]
    threshold_described: float
    threshold_bare: float
    encoder_sha256: str
    sha256: str = ""

    def judge(self, doc: Document, vector: Vectors) -> OffTopicVerdict:
        """On topic, off topic, or spam, for a document and the encoder's vector of it (d,)."""
        return self.judge_all([doc], np.asarray(vector, dtype=np.float32)[None])[0]

    def judge_all(self, documents: Sequence[Document], vectors: Vectors) -> list[OffTopicVerdict]:
        """The same for many, each whatever the others are; `vectors` (n, d)."""
        scores = self.scorer.scores(documents, np.asarray(vectors, dtype=np.float32))
        return [self._verdict(doc, score) for doc, score in zip(documents, scores, strict=True)]

    def _verdict(self, doc: Document, score: float) -> OffTopicVerdict:
        text = joined(doc)
        for rule in self.spam:
            if rule.fires(text):
                return OffTopicVerdict("spam", f"the text {rule.reason}", 1.0)
        threshold = self.threshold_described if doc.description else self.threshold_bare
        compared = f"score {score:.2f} for another subject, threshold {threshold:.2f}"
        return OffTopicVerdict("off_topic" if score > threshold else "on_topic", compared, score)


def ensure_screen(data: Path, cache: Path, encoder: Encoder) -> OffTopicScreen:
    """The screen of the starter material in the folder `data`: from the cache, or trained and put there.

    It is found again by the hash of all that it is made of. A torn one is made again; processes that make it at once
    end with the same one. A cache that cannot be written only costs the time to make it.
    """
    folder = cache / f"offtopic-{_key(data, encoder)}"
    try:
        return load_screen(folder)
    except ArtifactError:
        return _make(data, folder, encoder)


def _make(data: Path, folder: Path, encoder: Encoder) -> OffTopicScreen:
    from winnow.ml.offtopic_training import read_job, train_screen  # noqa: PLC0415  slow import of what training needs

    with tempfile.TemporaryDirectory(dir=_workbench(folder.parent), prefix=".tmp-") as temporary:
        fresh = Path(temporary, "screen")
        train_screen(read_job(data, encoder), fresh)
        made = load_screen(fresh)
        with suppress(OSError):  # another process was first, with the same bytes
            if folder.exists():
                folder.rename(Path(temporary, "torn"))
            fresh.rename(folder)
    return made


def _key(data: Path, encoder: Encoder) -> str:
    """Names the screen by the bytes of its material, the encoder, and the version of the code that trains it."""
    digest = hashlib.sha256(f"{TRAINING_VERSION} {encoder.sha256}".encode())
    for path in sorted([*data.glob("*.toml"), *data.glob("gold/*.csv"), *data.glob("offtopic/*.csv")]):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _workbench(cache: Path) -> Path | None:
    """The cache folder, so that moving into it is one step; where it cannot be written, the system's own place."""
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
    return cache if os.access(cache, os.W_OK) and cache.is_dir() else None


def load_screen(folder: Path) -> OffTopicScreen:
    """The screen in a folder. Raises ArtifactError for anything torn, changed or hostile."""
    artifact = read_artifact(folder, KIND)
    try:
        screen = artifact.texts[SCREEN_FILE]
        return OffTopicScreen(
            scorer=TopicScorer.restore(dict(artifact.arrays), artifact.texts[SCORER_FILE]),
            spam=tuple(rule_from_json(rule) for rule in screen["spam"]),
            threshold_described=float(screen["threshold_described"]),
            threshold_bare=float(screen["threshold_bare"]),
            encoder_sha256=str(screen["encoder_sha256"]),
            sha256=artifact.sha256,
        )
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise ArtifactError(f"{folder}: does not hold what a screen has to hold ({error!r}); train it again") from error
