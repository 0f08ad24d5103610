"""Pictures and tables of one measurement."""

import re

import pytest

from winnow.models import Evidence
from winnow.queries.evidence import measurements_of
from winnow.web.model_figures import figures_of

NAMES = {"mlops": "MLOps", "other": "Other"}


@pytest.fixture
def figures(measured):
    (run,) = measurements_of(measured)
    return {figure.title: figure for figure in figures_of(run, NAMES)}


def test_the_whole_comes_first_and_the_tables_hold_rows_of_evidence(figures):
    assert next(iter(figures)) == "As a whole"
    assert [(name, row.value) for name, row in figures["As a whole"].rows] == [
        ("Weighted precision", 0.9),
        ("Expected calibration error", 0.03),
    ]
    assert [(name, row.value) for name, row in figures["Precision by tag"].rows] == [("MLOps", 0.92)]
    assert [name for name, _ in figures["Precision against coverage"].rows] == ["0.50", "1.00"]


def test_counts_of_the_matrix_come_from_shares(figures):
    confusion = figures["What is taken for what"]
    assert confusion.heads == ("works of", "MLOps", "Other", "none")
    assert confusion.cells == [("MLOps", [30, 10, 0])]
    assert re.findall(r">(\d+)</text>", confusion.svg) == ["30", "10", "0"]


def test_bins_are_named_by_the_confidences_in_them(figures):
    assert [name for name, _ in figures["Is confidence a probability?"].rows] == ["0.60 to 0.80"]


def test_behaviour_is_drawn_by_kind_and_listed_by_tag_too(figures):
    behaviour = figures["Behavioural tests"]
    assert [name for name, _ in behaviour.rows] == ["direction", "direction, MLOps"]
    assert len(re.findall("<circle", behaviour.svg)) == 1


def test_what_was_not_measured_is_not_shown(measured):
    Evidence.objects.exclude(metric="ece").delete()
    (run,) = measurements_of(measured)
    assert [figure.title for figure in figures_of(run, NAMES)] == ["As a whole"]


def test_words_of_a_slice_are_inert_in_the_picture(measured):
    Evidence.objects.filter(metric="accuracy").update(scope="slice source: <script>")
    (run,) = measurements_of(measured)
    (figure,) = (one for one in figures_of(run, NAMES) if one.title == "By kind of work")
    assert "<script>" not in figure.svg
    assert "&lt;script&gt;" in figure.svg
