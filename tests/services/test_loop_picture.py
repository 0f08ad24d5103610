"""The picture of a replay."""

import xml.etree.ElementTree as ET

from winnow.core.intervals import clopper_pearson
from winnow.services.loop_picture import Stage, draw

SVG = "{http://www.w3.org/2000/svg}"
STAGES = [Stage(0, 0.0, None), Stage(40, 0.0, None), Stage(100, 0.75, clopper_pearson(96, 100))]


def drawn(stages):
    return ET.fromstring(draw(stages, target=0.9))


def texts(picture):
    return [node.text for node in picture.iter(f"{SVG}text")]


def test_it_names_what_it_draws_and_runs_nothing():
    picture = drawn(STAGES)
    assert picture.get("aria-label") == "Coverage and precision against labels used"
    assert {"coverage", "precision", "target", "labels used", "100"} <= set(texts(picture))
    assert not list(picture.iter(f"{SVG}script"))


def test_precision_is_drawn_where_something_was_published():
    n_circles = len(list(drawn(STAGES).iter(f"{SVG}circle")))
    without = [Stage(stage.labels, stage.coverage, None) for stage in STAGES]
    assert n_circles == len(list(drawn(without).iter(f"{SVG}circle"))) + 1
    assert "precision" not in texts(drawn(without))


def test_a_replay_without_a_step_or_a_label_is_drawn_too():
    assert "target" in texts(drawn([]))
    assert "coverage" in texts(drawn([Stage(0, 0.0, None)]))
    assert "coverage" in texts(drawn([Stage(1, 0.0, None)]))
