"""The picture of a replay."""

import xml.etree.ElementTree as ET

from winnow.services.loop_picture import HEIGHT, WIDTH, Point, draw

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [Point(0, 0.0, None), Point(40, 0.0, None), Point(100, 0.75, 0.96)]


def drawn(points):
    return ET.fromstring(draw(points, target=0.9))


def test_it_is_one_svg_that_says_its_figures_and_runs_nothing():
    picture = drawn(POINTS)
    assert picture.tag == f"{SVG}svg"
    assert picture.find(f"{SVG}desc").text.endswith("100 labels: coverage 0.750, precision 0.960")
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} == {
        "svg", "title", "desc", "rect", "line", "text", "path", "circle",
    }  # fmt: skip


def test_precision_is_a_dot_where_something_was_published_and_coverage_a_step():
    picture = drawn(POINTS)
    dot, *others = picture.findall(f"{SVG}circle")
    assert others == []
    assert float(dot.get("cx")) < WIDTH
    assert 0 < float(dot.get("cy")) < HEIGHT / 2
    assert picture.find(f"{SVG}path").get("d").count("H") == 2


def test_a_replay_without_a_step_or_a_label_is_drawn_too():
    assert drawn([]).find(f"{SVG}circle") is None
    assert drawn([Point(0, 0.0, None)]).find(f"{SVG}circle") is None
