"""`winnow certify` and `winnow explain`."""

import csv

import pytest

from winnow.core.intervals import sample_size


@pytest.fixture
def audited(tmp_path):
    """Forty rows of each tag that a model can hardly miss, and as many that it cannot get right."""
    plain = {
        "computer-vision": "Object detection in photographs",
        "mlops": "Serving models on Kubernetes",
        "other": "Reinforcement learning of policies",
        "natural-language-processing": "Machine translation of sentences",
    }

    def write(name, tag_of):
        path = tmp_path / name
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title", "description", "tag"])
            for n, (tag, text) in enumerate(pair for pair in plain.items() for _ in range(40)):
                writer.writerow([n, f"{text}, part {n}", "", tag_of(tag)])
        return path

    return write


def test_what_is_right_is_certified_overall_and_per_tag(demo, audited):
    proof = demo("certify", "champion", "--data", audited("good.csv", lambda tag: tag), "--json").rows[0]
    assert set(proof["per_tag"]) == {"natural-language-processing", "computer-vision", "mlops", "other"}
    assert proof["overall"]["threshold"] is not None
    assert proof["overall"]["bound"] >= 0.90
    assert set(proof["overall"]) >= {"threshold", "n", "k", "bound", "coverage", "missing"}


def test_what_is_wrong_is_not_certified_and_says_what_is_missing(demo, audited):
    path = audited("bad.csv", lambda tag: "other" if tag != "other" else "mlops")
    done = demo("certify", "champion", "--data", path, "--json")
    overall = done.rows[0]["overall"]
    assert (done.status, overall["threshold"], overall["coverage"]) == (0, None, 0.0)
    assert overall["missing"] >= 1


def test_a_handful_of_rows_is_not_enough(demo, tmp_path):
    path = tmp_path / "few.csv"
    path.write_text(
        "id,title,tag\n" + "".join(f"{n},Object detection in images {n},computer-vision\n" for n in range(5))
    )
    overall = demo("certify", "champion", "--data", path, "--scope", "overall", "--json").rows[0]["overall"]
    assert (overall["threshold"], overall["missing"]) == (None, sample_size(1, 0.9, 0.1) - 5)


@pytest.mark.parametrize("words", [["--target", "1.5"], ["--delta", "0"]])
def test_a_share_that_is_none_is_one_line(demo, audited, words):
    done = demo("certify", "champion", "--data", audited("good.csv", lambda tag: tag), *words)
    assert (done.status, len(done.err.splitlines())) == (1, 1)


def test_explain_answers_every_row_in_order(demo):
    lines = '{"id": "a", "title": "Dependency parsing of Finnish sentences"}\n{"id": "b", "title": ""}\n'
    rows = demo("explain", "champion", "-", "--json", stdin=lines).rows
    assert [row["id"] for row in rows] == ["a", "b"]
    assert rows[0]["tag"] == "natural-language-processing"
    assert {word for word, _ in rows[0]["words"]} == {"dependency", "parsing", "finnish", "sentences"}
    assert rows[1]["error"].startswith("line 2: title")


def test_an_unknown_benchmark_is_named_with_those_that_exist(winnow):
    done = winnow("bench", "nonsense")
    assert (done.status, "serving" in done.err) == (1, True)
