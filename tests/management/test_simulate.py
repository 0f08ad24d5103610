"""`winnow simulate`."""

import csv
import random

import pytest
from tests.management.conftest import ROOT

GOLD = sorted((ROOT / "data" / "gold").glob("*.csv"))


@pytest.fixture
def halves(tmp_path):
    """The starter works in two files: what is known, and what will stream in."""
    rows = [row for path in GOLD for row in csv.DictReader(path.read_text().splitlines(keepends=True))]
    random.Random(5).shuffle(rows)

    def write(name, part):
        path = tmp_path / name
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(part)
        return path

    return write("seed.csv", rows[:400]), write("stream.csv", rows[400:800])


def test_steps_then_a_total_that_adds_up(demo, halves):
    seed, stream = halves
    rows = demo("simulate", "--seed-data", seed, "--stream", stream, "--labels", "100", "--json").rows
    total = rows[-1]["total"]
    assert set(total) == {"published", "published_precision", "coverage", "labels_used", "alarms"}
    assert [row["labels_used"] for row in rows[:-1]] == sorted(row["labels_used"] for row in rows[:-1])
    assert total["labels_used"] == rows[-2]["labels_used"] <= 100
    assert total["coverage"] == pytest.approx(total["published"] / (400 - total["labels_used"]))


def test_the_home_it_is_called_in_stays_as_it_is(winnow, tmp_path, halves):
    seed, stream = halves
    done = winnow("simulate", "--seed-data", seed, "--stream", stream, "--labels", "0", "--picture", tmp_path / "p.svg")
    assert (done.status, done.err) == (0, "")
    assert "400 works wait" in done.out
    assert not (winnow.home / "winnow.sqlite3").exists()
    assert (tmp_path / "p.svg").read_text().startswith("<svg")


def test_it_never_replays_in_a_home_that_is_in_use(demo, halves):
    seed, stream = halves
    done = demo("simulate", "--seed-data", seed, "--stream", stream, "--labels", "5", "--here")
    assert (done.status, len(done.err.splitlines())) == (1, 1)


def test_the_same_seed_gives_the_same_answer(demo, halves):
    seed, stream = halves
    words = ("simulate", "--seed-data", seed, "--stream", stream, "--labels", "60", "--json")
    assert demo(*words).out == demo(*words).out


@pytest.mark.parametrize(
    "words", [["--labels", "-1"], ["--labels", "5", "--target", "2"], ["--labels", "5", "--picture", "/nowhere/x.svg"]]
)
def test_a_budget_or_target_that_cannot_be_is_one_line(demo, halves, words):
    seed, stream = halves
    done = demo("simulate", "--seed-data", seed, "--stream", stream, *words)
    assert (done.status, len(done.err.splitlines())) == (1, 1)
