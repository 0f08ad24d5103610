"""What the tests of this floor share: the starter material, its vectors, and one trained model."""

import csv
import tempfile
from pathlib import Path

import numpy as np
import pytest

from winnow.core.text import document, joined
from winnow.core.values import Example
from winnow.ml.encoder import load_encoder
from winnow.ml.job import TrainingJob
from winnow.ml.recipes import load_recipe
from winnow.ml.serving import load_artifact
from winnow.ml.taxonomy import load_taxonomy
from winnow.ml.train import train

DATA = Path(__file__).parents[2] / "data"
# The graph is found by its content, so that every run and every worker may share it.
CACHE = Path(tempfile.gettempdir(), "winnow-test-encoder")
PER_TAG = 40


def read_examples(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Example(document(row["title"], row["description"]), row["tag"], id=row["id"]) for row in rows]


class Memory:
    """An encoder that remembers, so that a session encodes each text once; it answers what the encoder answers."""

    def __init__(self, encoder):
        self.encoder, self.sha256, self.known = encoder, encoder.sha256, {}

    def encode(self, texts, *, progress=None):
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        self.known.update(zip(new, self.encoder.encode(new, progress=progress), strict=True))
        return np.stack([self.known[text] for text in texts]) if texts else np.empty((0, 384), np.float32)

    def of(self, documents):
        return self.encode([joined(doc) for doc in documents])


@pytest.fixture(scope="session")
def real_encoder():
    return load_encoder("bundled", CACHE)


@pytest.fixture(scope="session")
def encoder(real_encoder):
    return Memory(real_encoder)


@pytest.fixture(scope="session")
def tags():
    return load_taxonomy(DATA / "taxonomy.toml")


@pytest.fixture(scope="session")
def slugs(tags):
    return tuple(tag.slug for tag in tags)


@pytest.fixture(scope="session")
def examples(slugs):
    """Forty works of each tag."""
    return [example for slug in slugs for example in read_examples(DATA / "gold" / f"{slug}.csv")[:PER_TAG]]


@pytest.fixture(scope="session")
def unseen(slugs):
    """Thirty more of each tag."""
    return [
        example for slug in slugs for example in read_examples(DATA / "gold" / f"{slug}.csv")[PER_TAG : PER_TAG + 30]
    ]


@pytest.fixture(scope="session")
def job(examples, tags, encoder):
    return TrainingJob(load_recipe("best"), examples, tags, encoder)


@pytest.fixture(scope="session")
def model_folder(job, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model") / "v5"
    train(job, folder)
    return folder


@pytest.fixture(scope="session")
def model(model_folder, tags):
    return load_artifact(model_folder, tags)


@pytest.fixture
def small_data(tmp_path):
    """A folder like the starter material, with a part of its rows."""
    target = tmp_path / "data"
    counts = {"gold": 30, "offtopic/border-ml.csv": 30, "offtopic/not-ml.csv": 80}
    for name in ("taxonomy.toml", "offtopic.toml"):
        _copy(DATA / name, target / name)
    for path in sorted(DATA.glob("gold/*.csv")):
        _copy(path, target / "gold" / path.name, counts["gold"])
    for name in ("offtopic/border-ml.csv", "offtopic/not-ml.csv"):
        _copy(DATA / name, target / name, counts[name])
    return target


def _copy(source, target, n_rows=None):
    target.parent.mkdir(parents=True, exist_ok=True)
    if n_rows is None:
        target.write_bytes(source.read_bytes())
        return
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # Evenly over the file, which is ordered by kind.
    chosen = [rows[place * len(rows) // n_rows] for place in range(n_rows)]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(chosen)
