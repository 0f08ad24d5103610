import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.charts import (
    SHARE,
    WIDTH,
    Axis,
    Line,
    Point,
    bar_chart,
    dot_chart,
    line_chart,
    matrix_chart,
    standalone,
    timeline_chart,
)
from winnow.core.values import Interval

X, Y = Axis("coverage", SHARE), Axis("precision", SHARE)
LINE = Line("home", [Point(0.2, 0.9, 0.8, 0.95), Point(0.8, 0.7, 0.6, 0.8)])


def parsed(svg):
    return ET.fromstring(svg)


def texts(svg):
    return [node.text for node in parsed(svg).iter() if node.tag.endswith("text")]


def all_charts():
    yield line_chart("Lines", [LINE], X, Y)
    yield line_chart("Band", [LINE], X, Y, is_band=True, diagonal="equal")
    yield dot_chart("Dots", [("mlops", Interval(0.5, 0.3, 0.7, 20))], X)
    yield bar_chart("Bars", [("arxiv.org", 120), ("github.com", 30)])
    yield matrix_chart("Cells", ["a", "b"], ["a", "b", "none"], [[3, 1, 0], [0, 4, 0]])


@pytest.mark.parametrize("svg", list(all_charts()))
def test_every_chart_is_an_image_with_a_name_and_holds_neither_script_nor_style(svg):
    root = parsed(svg)
    assert (root.get("role"), bool(root.get("aria-label"))) == ("img", True)
    assert re.findall(r"<script|<style|style=|href|url\(|\son\w+=|#[0-9a-f]{3,6}", svg) == []


@pytest.mark.parametrize("svg", list(all_charts()))
def test_a_chart_of_its_own_brings_the_colours_of_both_themes_and_nothing_from_elsewhere(svg):
    alone = standalone(svg)
    parsed(alone)
    assert "prefers-color-scheme: dark" in alone
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\(|<script", alone) == []


def test_the_same_figures_give_the_same_bytes():
    assert list(all_charts()) == list(all_charts())


def test_words_are_inert():
    svg = dot_chart('"><script>', [("<b>&", Interval(0.5, 0.4, 0.6, 3))], X)
    assert parsed(svg).get("aria-label") == '"><script>'
    assert "<b>&" in texts(svg)


def test_a_line_is_named_at_its_end_and_has_an_interval_at_each_point():
    svg = line_chart("Lines", [LINE], X, Y)
    assert "home" in texts(svg)
    assert len(re.findall(r'<line class="mark"', svg)) == len(re.findall("<circle", svg)) == 2
    assert "<polygon" not in svg


def test_a_band_stands_in_place_of_strokes():
    svg = line_chart("Lines", [LINE], X, Y, is_band=True)
    (corners,) = re.findall(r'<polygon class="area" points="([^"]+)"', svg)
    assert len(corners.split()) == 4
    assert '<line class="mark"' not in svg


def test_lines_are_told_apart_without_colour_and_their_names_do_not_overlap():
    lines = [Line(name, [Point(0, 0.5, 0.4, 0.6), Point(1, 0.5, 0.4, 0.6)]) for name in ("one", "two", "three")]
    svg = line_chart("Lines", lines, X, Y)
    dashes = [
        dash for _, dash in re.findall(r'<polyline class="mark" stroke-width="1.75"( stroke-dasharray="([^"]+)")?', svg)
    ]
    assert len(set(dashes)) == 3
    heights = [float(re.search(rf'y="([\d.]+)"[^>]*>{line.name}<', svg).group(1)) for line in lines]
    assert min(b - a for a, b in pairwise(heights)) >= 12


def test_what_lies_outside_of_an_axis_stands_at_its_edge():
    axis = Axis("share", (0.5, 1.0))
    assert [axis.place(value, 0, 100) for value in (0.2, 0.5, 0.75, 1.0, 1.4)] == [0, 0, 50, 100, 100]


def test_dots_say_their_n_and_ticks_are_short():
    found = texts(dot_chart("Dots", [("mlops", Interval(0.5, 0.3, 0.7, 1_200))], Axis("share", (0, 0.25, 1))))
    assert {"mlops", "n 1,200", "0", ".25", "1"} <= set(found)


def test_cells_hold_their_counts_and_are_shaded_by_their_share_of_the_row():
    svg = matrix_chart("Cells", ["a", "b"], ["a", "b"], [[3, 1], [0, 0]])
    assert texts(svg) == ["a", "b", "a", "3", "1", "b", "0", "0"]
    assert re.findall(r'fill-opacity="([\d.]+)"', svg) == ["0.262", "0.087", "0.000", "0.000"]


def test_bars_begin_at_zero_and_end_at_their_share_of_the_longest():
    svg = bar_chart("Bars", [("a", 1_200), ("b", 300), ("c", 0)])
    assert texts(svg) == ["a", "1,200", "b", "300", "c", "0"]
    starts, lengths = (re.findall(rf'<rect [^>]*\b{name}="([\d.]+)"', svg) for name in ("x", "width"))
    assert len(set(starts)) == 1
    assert float(lengths[1]) == pytest.approx(float(lengths[0]) / 4, abs=0.1)
    assert float(lengths[2]) == 0


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 10**6)), max_size=4))
def test_no_bar_leaves_the_picture(rows):
    svg = bar_chart("Bars", [("x" * n, count) for n, count in rows])
    for x, width in re.findall(r'<rect [^>]*x="([\d.]+)" y="\d+" width="([\d.]+)"', svg):
        assert float(x) + float(width) <= WIDTH
    assert all(0 <= float(x) <= WIDTH - 40 for x in re.findall(r'<text x="(-?[\d.]+)"', svg))


@given(st.lists(st.tuples(st.integers(0, 90), st.floats(0, 1)), max_size=3))
def test_nothing_is_drawn_outside_of_the_picture(rows):
    svg = dot_chart("Dots", [("x" * n, Interval(value, 0.0, 1.0, 3)) for n, value in rows], X)
    places = [float(x) for x in re.findall(r' (?:x|x1|x2|cx)="(-?[\d.]+)"', svg)]
    assert all(0 <= place <= WIDTH for place in places)


def test_charts_of_nothing_are_charts():
    for svg in (
        line_chart("A", [], X, Y),
        line_chart("A", [Line("a", [])], X, Y),
        dot_chart("A", [], X),
        bar_chart("A", []),
        matrix_chart("A", [], [], []),
    ):
        parsed(svg)


def test_no_name_becomes_markup():
    evil = '"/><script>alert(1)</script>&'
    line = Line(evil, LINE.points)
    charts = [
        line_chart(evil, [line], Axis(evil, SHARE), Axis(evil, SHARE)),
        dot_chart(evil, [(evil, Interval(0.5, 0.3, 0.7, 20))], Axis(evil, SHARE)),
        bar_chart(evil, [(evil, 3)]),
        matrix_chart(evil, [evil], [evil], [[3]]),
    ]
    for svg in charts:
        assert "script" not in {node.tag.rpartition("}")[2] for node in parsed(svg).iter()}
        assert parsed(svg).get("aria-label") == evil


def test_a_timeline_shows_planned_and_real_and_escapes_names():
    day = date(2026, 1, 5)
    rows = [("<dev>", (day, date(2026, 2, 1)), (day, date(2026, 3, 1))), ("live", (day, day), None)]
    svg = timeline_chart("Plan", rows)
    assert svg.count('class="rule"') == 2
    assert svg.count('class="dot"') == 1
    assert "&lt;dev&gt;" in svg
    assert "2026-03-01" in svg
