"""Evidence: each figure once, with n and interval."""

import pytest

from winnow.core.text import document
from winnow.core.values import Classification, Example, Interval
from winnow.ml.evaluate import evaluate
from winnow.ml.serving import load_artifact
from winnow.models import Evidence
from winnow.queries.evidence import evidence_of
from winnow.services.evaluate import evaluate_file
from winnow.services.measure import COVERAGES, code_sha256, figures_of, keep_scorecard
from winnow.services.taxonomy import approved_list

TAGS = ("natural-language-processing", "computer-vision", "mlops", "other")


@pytest.fixture
def scorecard():
    """Twenty answers, sixteen of them right."""
    given = [Example(document(f"Work {n}", "About it." if n % 2 else ""), TAGS[n % 4]) for n in range(20)]
    said = [TAGS[(n + (n < 4)) % 4] for n in range(20)]
    answers = [Classification(tag, 0.9, {one: 0.9 if one == tag else 0.1 / 3 for one in TAGS}) for tag in said]
    return evaluate(answers, given, TAGS)


@pytest.fixture
def loaded(trained_folder, tags):
    return load_artifact(trained_folder, approved_list())


def test_every_figure_has_n_and_an_interval_around_it(scorecard):
    figures = list(figures_of(scorecard))
    assert len(figures) > 10
    for figure in figures:
        assert figure.interval.low <= figure.interval.value <= figure.interval.high
        assert figure.interval.n > 0


def test_the_figures_are_those_of_the_scorecard(scorecard):
    found = {(figure.metric, figure.scope): figure.interval for figure in figures_of(scorecard)}
    assert found["accuracy", ""].value == scorecard.overall["accuracy"] == 0.8
    assert found["precision", "mlops"].value == scorecard.per_tag["mlops"]["precision"]
    for name, figures in scorecard.slices.items():
        assert found["accuracy", f"slice {name}"].value == pytest.approx(figures["accuracy"])


def test_a_mean_confidence_has_the_ends_of_its_bin_and_a_bin_its_share_right(scorecard):
    found = {(figure.metric, figure.scope): figure.interval for figure in figures_of(scorecard)}
    bins = scorecard.calibration["bins"]
    assert found["mean confidence", "bin 01"] == Interval(pytest.approx(0.9), 0.9, 0.9, 2)
    assert [found["share right", f"bin {n:02}"].value for n in range(1, 11)] == [part["accuracy"] for part in bins]
    assert sum(part.n for (metric, _), part in found.items() if metric == "share right") == 20


def test_the_curve_is_kept_at_round_coverages(scorecard):
    found = {figure.scope: figure.interval for figure in figures_of(scorecard) if figure.metric == "precision"}
    # All twenty answers are equally sure, so that whoever keeps one keeps all.
    assert {(found[f"coverage {share:.2f}"].value, found[f"coverage {share:.2f}"].n) for share in COVERAGES} == {
        (0.8, 20)
    }


def test_confusion_is_kept_as_shares_of_the_works_of_a_tag(scorecard):
    found = {figure.scope: figure.interval for figure in figures_of(scorecard) if figure.metric == "confusion"}
    assert (found["mlops as mlops"].value, found["mlops as other"].value, found["mlops as nothing"].value) == (
        0.8,
        0.2,
        0,
    )
    assert {interval.n for interval in found.values()} == {5}
    assert len(found) == len(TAGS) * (len(TAGS) + 1)


def test_measuring_the_same_again_changes_nothing(scorecard, loaded):
    n_new = keep_scorecard(scorecard, model=loaded, dataset_sha256="d" * 64, method="test")
    assert n_new == Evidence.objects.count() > 10
    assert keep_scorecard(scorecard, model=loaded, dataset_sha256="d" * 64, method="test") == 0
    assert keep_scorecard(scorecard, model=loaded, dataset_sha256="e" * 64, method="test") == n_new


def test_a_row_says_what_it_holds_for(scorecard, loaded):
    keep_scorecard(scorecard, model=loaded, dataset_sha256="d" * 64, method="test")
    row = Evidence.objects.get(metric="accuracy", scope="")
    assert (row.value, row.n, row.method) == (0.8, 20, "test")
    assert (row.model_sha256, row.dataset_sha256, row.code_sha256) == (loaded.sha256, "d" * 64, code_sha256())
    assert len(row.policy_sha256) == 64


def test_evaluating_a_registered_model_leaves_evidence_and_a_folder_does_not(champion, trained_folder, tmp_path):
    path = tmp_path / "labelled.csv"
    path.write_text("id,title,tag\n1,Object detection in photographs,computer-vision\n2,Serving models,mlops\n")
    evaluate_file(str(trained_folder), path)
    assert Evidence.objects.count() == 0
    evaluate_file("champion", path)
    assert {row.n for row in evidence_of(champion) if row.metric == "accuracy" and not row.scope} == {2}
