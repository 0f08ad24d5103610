import json
from pathlib import Path

import pytest
import yaml

from winnow.core.criteria.judge import Measured
from winnow.core.documents.cards import metadata, stale
from winnow.core.documents.markdown import read_document

STATES = {"model.py": "a1b2c3d4e5f6" + 52 * "0", "data": "0123456789ab" + 52 * "0"}
CARD = """---
describes: {describes}
language: en
license: apache-2.0
pipeline_tag: text-classification
metrics: [accuracy, precision]
model_name: shoes
---
# Model card

## Quantitative analyses
{{{{accuracy(holdout)}}}}, again {{{{accuracy(holdout)}}}}, and {{{{past precision(holdout, tag=boot)}}}}.
It answers in {{{{latency_p99(answer)}}}}; {{{{recall(nowhere)}}}} {{{{accuracy(}}}}
"""


def card(describes):
    return read_document(Path("model-card.md"), CARD.format(describes=describes))


def sha256(paths):
    return STATES.get(" ".join(paths), "")


def of(call):
    found = {"accuracy": Measured(0.97, 400, "pictures.json"), "precision": Measured(0.5, 8, "pictures.json")}
    return found.get(call.function)


def test_a_card_of_the_present_state_has_no_fault():
    assert list(stale(card("model.py a1b2c3d4e5f6"), sha256)) == []


def test_documents_that_describe_no_files_cannot_be_stale():
    assert list(stale(read_document(Path("x.md"), "# Plan\nWords.\n"), sha256)) == []


@pytest.mark.parametrize(
    ("describes", "says"),
    [
        ("model.py 000000000000", "the card is stale: what it describes is no longer `000000000000`"),
        ("model.py a1b2", "write `describes: model.py a1b2c3d4e5f6`"),
        ("gone.py a1b2c3d4e5f6", "what the card describes is not there: gone.py"),
        ("a1b2c3d4e5f6", "say what the card describes"),
        ("", "say what the card describes"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_to_write(describes, says):
    ((line, message),) = stale(card(describes), sha256)
    assert line == 2
    assert says in message


def test_the_metadata_is_yaml_with_the_results_that_the_text_refers_to():
    head = metadata(card("model.py a1b2c3d4e5f6"), of)
    assert head.startswith("---\n")
    found = yaml.safe_load(head.strip().strip("-"))
    assert found["license"] == "apache-2.0"
    assert found["metrics"] == ["accuracy", "precision"]
    (model,) = found["model-index"]
    assert model["name"] == "shoes"
    measured = [
        (one["dataset"]["name"], one["metrics"][0]["type"], one["metrics"][0]["value"]) for one in model["results"]
    ]
    assert measured == [("holdout", "accuracy", 0.97), ("holdout", "precision", 0.5)]
    assert all(one["task"] == {"type": "text-classification"} for one in model["results"])
    assert json.loads(head.splitlines()[-3].removeprefix("  - "))["metrics"][0]["name"].endswith("n = 8")


def test_a_head_without_a_model_stays_as_it_was_written():
    document = read_document(Path("x.md"), "---\nkind: proof of concept\nproof:\n---\n# X\n{{accuracy(holdout)}}\n")
    assert metadata(document, of) == "---\nkind: proof of concept\nproof:\n---\n\n"
    assert metadata(read_document(Path("x.md"), "# X\n"), of) == ""
