"""`winnow train` and `winnow evaluate`."""

import csv
import filecmp
import re

import pytest

TEXTS = {
    "natural-language-processing": ("translation of {}", "parsing {} sentences", "sentiment in {} reviews"),
    "computer-vision": ("detecting {} in photographs", "segmenting {} images", "video of {} tracked"),
    "mlops": ("serving {} models", "monitoring {} pipelines", "versioning {} experiments"),
    "other": ("forecasting {} series", "reinforcement learning of {}", "recommending {}"),
}
WORDS = ("river", "market", "violin", "harbour", "meadow", "engine", "orchard", "tunnel", "glacier", "kitchen")


@pytest.fixture
def labelled(tmp_path):
    path = tmp_path / "labelled.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title", "description", "tag"])
        rows = [(text.format(word), tag) for tag, texts in TEXTS.items() for text in texts for word in WORDS]
        writer.writerows([n, title.capitalize(), f"About {title}.", tag] for n, (title, tag) in enumerate(rows))
    return path


def test_train_makes_a_folder_that_can_be_moved_and_used(winnow, labelled, tmp_path):
    row = winnow("train", "linear", "--data", labelled, "--out", tmp_path / "m", "--json").rows[0]
    assert set(row) == {"model", "dataset_sha256", "seconds"}
    (tmp_path / "m").rename(tmp_path / "moved")
    answers = winnow(
        "classify",
        "-",
        "--model",
        tmp_path / "moved",
        "--policy",
        "none",
        "--json",
        stdin='{"id": "1", "title": "Segmenting castle images"}\n',
    ).rows
    assert answers[0]["tag"] == "computer-vision"


def test_equal_data_gives_equal_bytes(winnow, labelled, tmp_path):
    for name in ("a", "b"):
        assert winnow("train", "best", "--data", labelled, "--out", tmp_path / name).status == 0
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", names, shallow=False) == (names, [], [])


def test_evaluate_counts_every_row(winnow, labelled, tmp_path):
    winnow("train", "v3", "--data", labelled, "--out", tmp_path / "m")
    card = winnow("evaluate", tmp_path / "m", "--data", labelled, "--json").rows[0]
    assert card["n"] == 120
    assert set(card) >= {"overall", "per_tag", "slices", "coverage_curve", "calibration", "intervals"}
    assert set(card["overall"]) >= {"precision", "recall", "f1", "accuracy"}
    assert card["overall"]["accuracy"] > 0.9


def test_evaluate_tells_people_each_figure_with_interval_and_n(winnow, labelled, tmp_path):
    winnow("train", "v3", "--data", labelled, "--out", tmp_path / "m")
    lines = winnow("evaluate", tmp_path / "m", "--data", labelled).out.splitlines()
    figure = r"  [\w: -]+ +\d\.\d{3}  \(\d\.\d{3} to \d\.\d{3}, n = \d+\)"
    assert sum(bool(re.fullmatch(figure, line)) for line in lines) == 5 + 4 + 7
    assert any(re.fullmatch(r"  with a description +\d\.\d{3}  n = \d+", line) for line in lines)


def test_a_folder_that_holds_something_is_refused(winnow, labelled, tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "note").write_text("mine")
    done = winnow("train", "linear", "--data", labelled, "--out", tmp_path / "m")
    assert (done.status, "not empty" in done.err) == (1, True)
    assert (tmp_path / "m" / "note").read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,title,tag\n1,A,cooking\n", ":2: tag: 'cooking' is not approved"),
        ("id,title\n1,A\n", ":2: tag: missing"),
        ("id,title,tag\n1,,mlops\n", ":2: title"),
        ("id,title,tag\n1,A,mlops\n", ""),
    ],
)
def test_data_that_cannot_train_is_one_line(winnow, tmp_path, content, words):
    path = tmp_path / "bad.csv"
    path.write_text(content)
    done = winnow("train", "linear", "--data", path, "--out", tmp_path / "m")
    assert (done.status, len(done.err.splitlines()), words in done.err) == (1, 1, True)
    assert not (tmp_path / "m").exists()


def test_a_registered_model_gets_the_next_number(demo, labelled):
    assert demo("train", "linear", "--data", labelled, "--json").rows[0]["model"] == "v3-1"
    assert [row["ref"] for row in demo("models", "--json").rows] == ["v3-1", "v6-1"]
