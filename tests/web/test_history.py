"""The history of an Item in sentences."""

import re
from pathlib import Path

import pytest

import winnow
from winnow.models import Event
from winnow.web.history import SENTENCES, history_of

NAMES = {"mlops": "MLOps"}


def sentences(*events):
    return [moment.sentence for moment in history_of(events, NAMES)]


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("item.admitted", {"reason": "", "detail": ""}, "Came in."),
        ("item.withheld", {"detail": "the same address"}, "Withheld: the same address."),
        ("item.withheld", {"detail": "A person said so."}, "Withheld: A person said so."),
        ("item.withheld", {}, "Withheld: no reason was given."),
        ("item.held", {"reason": "not sure"}, "Kept for a person: not sure."),
        ("item.published", {"tag": "mlops", "decided_by": "model"}, "Published under MLOps by the model."),
        ("item.retagged", {"tag": "retired", "decided_by": "person"}, "Moved to retired by a person."),
        ("item.restored", {}, "Brought back from what is withheld."),
        ("item.reverted", {"tag": None}, "A decision was taken back."),
        ("item.reported", {"tag": None}, "A reader said that something is wrong."),
        ("item.labelled", {"tag": None}, "A person said: not machine learning."),
        ("item.labelled", {"tag": "mlops"}, "A person said: MLOps."),
        ("item.tag_proposed", {"tag": "mlops"}, "MLOps was proposed with it."),
    ],
)
def test_each_kind_has_its_sentence(kind, data, expected):
    assert sentences(Event(kind=kind, data=data)) == [expected]


def test_what_programs_log_is_not_told():
    assert sentences(Event(kind="model.deployed", data={})) == []


def test_texts_with_braces_stay_as_they_are():
    assert sentences(Event(kind="item.held", data={"reason": "{tag} {0}"})) == ["Kept for a person: {tag} {0}."]


def test_every_kind_that_concerns_an_item_has_a_sentence():
    services = (Path(winnow.__file__).parent / "services").glob("*.py")
    kinds = {kind for path in services for kind in re.findall(r'"(item\.\w+)"', path.read_text())}
    assert kinds == set(SENTENCES)
