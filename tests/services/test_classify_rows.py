"""Row files are classified as they are read."""

import json
import os
import threading

import pytest

from winnow.core.errors import ArtifactError, InputError, NotFoundError
from winnow.services.classify_rows import BATCH, classify_file
from winnow.services.train import train_model

LUNGS = {"title": "Segmentation of lungs in photographs", "description": "A network outlines objects in images."}


@pytest.fixture
def classify(tmp_path):
    """Classify rows, given as objects; gives the answers."""

    def classify(*rows, ref="champion", **options):
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps({"id": str(n), **row}) + "\n" for n, row in enumerate(rows, 1)))
        return list(classify_file(path, ref=ref, **options))

    return classify


@pytest.fixture
def dummy(tags, labelled, tmp_path):
    """The folder of a model that reads nothing and is never sure."""
    return train_model("dummy", data=[labelled], out=tmp_path / "dummy").model


def test_an_answer_names_row_tag_and_model(champion, classify):
    (answer,) = classify(LUNGS)
    assert set(answer) == {"id", "tag", "confidence", "decision", "probabilities", "model"}
    assert (answer["id"], answer["tag"], answer["decision"], answer["model"]) == (
        "1",
        "computer-vision",
        "accept",
        champion.ref,
    )


def test_on_review_the_tag_is_told_only_without_the_policy(dummy, classify):
    with_policy, without = classify(LUNGS, ref=dummy), classify(LUNGS, ref=dummy, uses_policy=False)
    assert [(a["tag"], a["decision"]) for a in (*with_policy, *without)] == [
        (None, "review"),
        ("natural-language-processing", "review"),
    ]
    assert with_policy[0]["confidence"] == without[0]["confidence"] == 0.25


def test_invalid_rows_keep_their_place_and_say_what_is_wrong(champion, classify):
    answers = classify({"title": " "}, LUNGS, {"title": "A", "created_on": "soon"}, LUNGS)
    assert [answer["id"] for answer in answers] == ["1", "2", "3", "4"]
    assert [answer.get("error", "")[:20] for answer in answers] == [
        "line 1: title: is em",
        "",
        "line 3: created_on: ",
        "",
    ]
    assert (answers[0]["tag"], answers[0]["model"], answers[0]["probabilities"]) == (None, None, {})
    assert answers[1] == {**answers[3], "id": "2"}


def test_a_file_of_invalid_rows_alone_is_answered(champion, classify):
    assert [answer["decision"] for answer in classify({"title": ""}, {"title": ""})] == ["review", "review"]


def test_batches_do_not_show_and_progress_follows_them(champion, classify):
    rows = [{"title": f"Parsing of language {n}", "description": "About " * (n % 7)} for n in range(BATCH + 1)]
    steps = []
    together = classify(*rows, progress=lambda *step: steps.append(step))
    assert (len(together), steps) == (BATCH + 1, [(BATCH, 0), (BATCH + 1, 0)])
    assert together[-1] == {**classify(rows[-1])[0], "id": str(BATCH + 1)}


def test_answers_come_while_the_rest_is_still_being_written(dummy, tmp_path):
    pipe = tmp_path / "rows.jsonl"
    os.mkfifo(pipe)
    is_answered = threading.Event()
    waited = []

    def write():
        with pipe.open("w") as file:
            file.writelines(json.dumps({"id": n, "title": "BERT"}) + "\n" for n in range(BATCH))
            file.flush()
            waited.append(is_answered.wait(timeout=30))
            file.write('{"id": "last", "title": "BERT"}\n')

    writer = threading.Thread(target=write)
    writer.start()
    answers = classify_file(pipe, ref=dummy)
    first = next(answers)
    is_answered.set()
    rest = list(answers)
    writer.join()
    assert (first["id"], len(rest), rest[-1]["id"], waited) == ("0", BATCH, "last", [True])


@pytest.mark.parametrize(
    ("ref", "error"), [("v9-1", NotFoundError), ("champion", NotFoundError), ("/nowhere", ArtifactError)]
)
def test_a_model_that_is_not_here_is_an_error(tags, classify, ref, error):
    with pytest.raises(error):
        classify(LUNGS, ref=ref)


def test_a_file_that_breaks_off_is_answered_up_to_there(dummy, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b'{"id": "1", "title": "A"}\n' * BATCH + b"\xff\n")
    answers = classify_file(path, ref=dummy)
    assert next(answers)["id"] == "1"
    with pytest.raises(InputError, match=f":{BATCH + 1}: is not UTF-8"):
        list(answers)
