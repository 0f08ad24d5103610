"""How often what is shown under a tag bears it rightly."""

from datetime import UTC, datetime

import pytest

from winnow.models import Evidence, Label, ModelVersion
from winnow.services.tag_precision import mistaken_for, precision_of_tags


def test_without_a_model_or_an_answer_nothing_is_said(tags, request):
    assert precision_of_tags() == {}
    request.getfixturevalue("audited_model")
    assert precision_of_tags() == {}


def test_each_tag_has_its_own_share_with_interval_n_and_date(audited):
    for right in ("mlops", "mlops", "mlops", "other"):
        audited("mlops", right)
    last = audited("other", "other")
    Label.objects.filter(pk=last.pk).update(created_at=datetime(2026, 11, 3, tzinfo=UTC))
    found = precision_of_tags()
    assert set(found) == {"mlops", "other"}
    assert (found["mlops"].precision.value, found["mlops"].precision.n) == (0.75, 4)
    assert found["mlops"].precision.low < 0.75 < found["mlops"].precision.high
    assert (found["other"].precision.value, found["other"].audited_at) == (1.0, datetime(2026, 11, 3, tzinfo=UTC))
    assert found["other"].model == "v6-1"


def test_what_the_thresholds_hold_back_is_not_counted(audited):
    audited("mlops", "other", confidence=0.6)
    audited("mlops", "mlops", confidence=0.7)
    assert precision_of_tags()["mlops"].precision.value == 1.0


def test_audits_of_another_model_are_not_counted(audited):
    other = ModelVersion.objects.create(ref="v1-1", policy={}, card={})
    audited("mlops", "other", of=other)
    assert precision_of_tags() == {}


def test_a_new_answer_counts_at_once_and_looking_again_is_cheap(audited, django_assert_num_queries):
    audited("mlops", "mlops")
    assert precision_of_tags()["mlops"].precision.n == 1
    audited("mlops", "mlops")
    assert precision_of_tags()["mlops"].precision.n == 2
    with django_assert_num_queries(3):
        precision_of_tags()


@pytest.mark.usefixtures("audited_model")
def test_tags_that_are_mistaken_for_one_another_are_related_the_most_first():
    about = {"dataset_sha256": "d", "policy_sha256": "p", "n": 40, "method": "held out", "low": 0.0, "high": 1.0}
    figures = [
        ("mlops as mlops", 0.8, "c"),
        ("mlops as other", 0.05, "c"),
        ("mlops as computer-vision", 0.1, "c"),
        ("mlops as other", 0.15, "newer"),
        ("mlops as nothing", 0.2, "c"),
        ("mlops as natural-language-processing", 0.0, "c"),
        ("other as mlops", 0.5, "c"),
    ]
    for scope, value, code in figures:
        Evidence.objects.create(
            metric="confusion", scope=scope, value=value, model_sha256="1" * 64, code_sha256=code, **about
        )
    assert [(one.slug, one.share.value, one.share.n) for one in mistaken_for("mlops")] == [
        ("other", 0.15, 40),
        ("computer-vision", 0.1, 40),
    ]
    assert mistaken_for("computer-vision") == []


def test_without_a_model_no_tag_is_related(tags):
    assert mistaken_for("mlops") == []
