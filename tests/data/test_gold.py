"""The starter material keeps its promises."""

import csv
import gzip
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from winnow.core.intervals import clopper_pearson
from winnow.core.urls import canonical_url, identity_keys

DATA = Path(__file__).parents[2] / "data"
GOLD = sorted((DATA / "gold").glob("*.csv"))
RUN = 8
# Columns of the test material that hold running text.
TEXT_COLUMNS = {"title", "description", "title_a", "title_b", "description_a", "description_b", "abstract"}


def rows_of(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def runs_of(text):
    words = re.findall(r"[^\W_]+", text.lower())
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


@pytest.fixture(scope="module")
def gold():
    return [row for path in GOLD for row in rows_of(path)]


def test_every_tag_has_at_least_two_hundred_works(gold):
    counts = Counter(row["tag"] for row in gold)
    assert len(gold) >= 1000
    assert min(counts.values()) >= 200
    assert set(counts) == {"natural-language-processing", "computer-vision", "mlops", "other"}


def test_no_two_rows_are_one_work(gold):
    keys = [keys[0] for row in gold if (keys := identity_keys(row["url"]))]
    titles = [row["title"].casefold().strip() for row in gold]
    assert [key for key, n in Counter(keys).items() if n > 1] == []
    assert [title for title, n in Counter(titles).items() if n > 1] == []
    assert len({row["id"] for row in gold}) == len(gold)


def test_every_row_is_complete_and_dated(gold):
    for row in gold:
        assert row["title"], row["id"]
        assert row["description"], row["id"]
        assert canonical_url(row["url"]), row["id"]
        year, month, day = ([*row["created_on"].split("-"), "1", "1"])[:3]
        assert date(int(year), int(month), int(day)) <= date(2026, 1, 1), row["id"]


def test_descriptions_share_no_eight_words_with_each_other(gold):
    owners = Counter(run for row in gold for run in runs_of(row["description"]))
    assert [run for run, n in owners.items() if n > 1] == []


def test_descriptions_share_no_eight_words_with_the_test_material(gold, shared_data):
    ours = {run for row in gold for run in runs_of(row["description"])}
    assert len(ours) > 5000
    shared = set()
    for path in [*shared_data.rglob("*.csv"), *shared_data.rglob("*.csv.gz")]:
        for row in rows_of(path):
            for column in TEXT_COLUMNS & row.keys():
                shared |= ours & runs_of(row[column] or "")
    assert sorted(shared) == []


def test_the_agreement_of_the_datasheet_is_that_of_the_raw_answers(gold):
    tags = {row["id"]: row["tag"] for row in gold}
    answers = [json.loads(line) for line in (DATA / "gold/agreement/blind-pass.jsonl").read_text().splitlines()]
    n_agreed = sum(tags[answer["id"]] == answer["tag"] for answer in answers)
    interval = clopper_pearson(n_agreed, len(answers))
    stated = (
        f"{n_agreed} of {len(answers)}: {interval.value:.3f} (95 % interval {interval.low:.3f} to {interval.high:.3f}"
    )
    assert stated.replace("0.", ".") in (DATA / "gold/README.md").read_text()
