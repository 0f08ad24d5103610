"""`winnow label-errors`."""

import csv
import random

from tests.management.conftest import ROOT

GOLD = ROOT / "data" / "gold"


def test_planted_errors_are_among_the_worst_suspects(demo, tmp_path):
    gold = [
        row for path in sorted(GOLD.glob("*.csv")) for row in csv.DictReader(path.read_text().splitlines(keepends=True))
    ]
    rows = random.Random(3).sample(gold, 400)
    tags = sorted({row["tag"] for row in rows})
    planted = rows[:32]
    for row in planted:
        row["tag"] = tags[(tags.index(row["tag"]) + 1) % len(tags)]
    path = tmp_path / "planted.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    suspects = demo("label-errors", path, "--json").rows
    assert set(suspects[0]) == {"id", "tag", "suspected_tag", "score"}
    assert [row["score"] for row in suspects] == sorted((row["score"] for row in suspects), reverse=True)
    found = {row["id"] for row in suspects[: len(planted)]} & {row["id"] for row in planted}
    assert len(found) >= 0.6 * len(planted)


def test_without_a_file_the_newest_data_set_is_searched(demo):
    done = demo("label-errors")
    assert done.status == 0
    assert len(done.out.splitlines()) > 1


def test_without_any_data_it_says_what_to_do(winnow):
    done = winnow("label-errors")
    assert (done.status, "make demo" in done.err) == (1, True)
