"""`winnow classify`."""

import json
import subprocess
import sys

import pytest
from tests.management.conftest import environment

ROWS = [
    {
        "id": "a",
        "title": "Image segmentation of lungs",
        "description": "A convolutional network outlines lungs in scans.",
    },
    {
        "id": "b",
        "title": "Serving models on Kubernetes",
        "description": "Autoscaling inference servers, canary releases, monitoring.",
    },
    {"id": "c", "title": "Dependency parsing of Finnish", "description": ""},
    {"id": "d", "title": "zzz"},
]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def test_one_answer_a_row_in_order_with_the_fields_of_the_contract(demo):
    rows = demo("classify", "-", "--json", stdin=LINES).rows
    assert [row["id"] for row in rows] == ["a", "b", "c", "d"]
    for row in rows:
        assert set(row) == {"id", "tag", "confidence", "decision", "probabilities", "model"}
        assert sum(row["probabilities"].values()) == pytest.approx(1)
        assert (row["tag"] is None) is (row["decision"] == "review")
    assert [row["tag"] for row in rows[:2]] == ["computer-vision", "mlops"]
    assert rows[3]["decision"] == "review"


def test_without_a_policy_the_tag_is_told_all_the_same(demo):
    rows = demo("classify", "-", "--json", "--policy", "none", stdin=LINES).rows
    assert all(row["tag"] == max(row["probabilities"], key=row["probabilities"].get) for row in rows)
    assert [row["decision"] for row in rows] == [
        row["decision"] for row in demo("classify", "-", "--json", stdin=LINES).rows
    ]


def test_an_answer_never_depends_on_its_neighbours(demo):
    together = demo("classify", "-", "--json", stdin=LINES).out
    alone = "".join(demo("classify", "-", "--json", stdin=json.dumps(row) + "\n").out for row in ROWS)
    assert together == alone


def test_an_invalid_row_is_answered_with_its_fault(demo):
    done = demo(
        "classify",
        "-",
        "--json",
        stdin='{"id": "x", "title": " "}\n{"id": "y", "title": "BERT", "created_on": "soon"}\n',
    )
    assert done.status == 0
    assert [(row["id"], row["tag"], row["decision"]) for row in done.rows] == [
        ("x", None, "review"),
        ("y", None, "review"),
    ]
    assert done.rows[0]["error"].startswith("line 1: title: ")
    assert done.rows[1]["error"].startswith("line 2: created_on: ")


def test_an_empty_file_is_one_line(demo, tmp_path):
    file = tmp_path / "empty.csv"
    file.write_text("")
    done = demo("classify", file)
    assert (done.status, len(done.err.splitlines())) == (1, 1)


def test_it_stores_nothing(demo):
    before = demo("tags", "--json").out
    demo("classify", "-", stdin=LINES)
    assert demo("tags", "--json").out == before


def test_what_is_sent_is_answered_before_more_is_sent(demo):
    command = [sys.executable, "-m", "winnow", "classify", "-", "--json"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True, env=environment(demo.home)) as process:
        for line in LINES.splitlines(keepends=True):
            process.stdin.write(line)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == json.loads(line)["id"]
        process.stdin.close()
    assert process.returncode == 0
