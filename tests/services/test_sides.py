"""Models on their way to readers are asked beside the champion, and can neither fail nor change its answer."""

import pytest

from winnow.models import Comparison, Deployment, Item, Prediction, ReviewTask
from winnow.services import sides
from winnow.services.classify import champion as what_serves
from winnow.services.classify import classify_admitted
from winnow.services.deploy import version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.import_rows import import_file
from winnow.services.sides import on_trial, place_of
from winnow.services.train import train_model


@pytest.fixture
def weak(labelled, champion):
    import_file(labelled)
    freeze_dataset(holds_out=False)
    return version_of(train_model("dummy", is_measured=False).model)


@pytest.fixture
def works(make_item):
    def make(n):
        return [
            make_item(
                f"Segmentation of lungs in photographs {k}",
                description="A convolutional network outlines objects in images; we report masks.",
            )
            for k in range(n)
        ]

    return make


def published(items):
    return {item.pk: (item.state, item.tag_id) for item in Item.objects.filter(pk__in=[i.pk for i in items])}


def test_a_shadow_decides_nothing_and_both_answers_are_kept(champion, weak, let_serve, works):
    alone = works(2)
    classify_admitted()
    let_serve(weak, "shadow")
    shadowed = works(2)
    classify_admitted()
    assert set(published(shadowed).values()) == set(published(alone).values())
    rows = Comparison.objects.order_by("pk")
    assert [(row.item_id, row.old, row.new) for row in rows] == [(i.pk, champion, weak) for i in shadowed]
    assert {(row.old_tag, row.old_accepts, row.was_decided_by_new) for row in rows} == {
        ("computer-vision", True, False)
    }
    assert not Prediction.objects.filter(model_version=weak).exists()


def test_a_part_of_what_they_disagree_about_is_judged_blind_with_its_probability(weak, let_serve, works):
    let_serve(weak, "shadow")
    items = works(30)
    classify_admitted()
    split = Comparison.objects.filter(is_split=True)
    drawn = split.filter(is_drawn=True)
    assert split.count() == len(items)
    assert 5 <= drawn.count() <= 25
    tasks = ReviewTask.objects.filter(reason="disagreement")
    assert set(tasks.values_list("is_blind", "probability")) == {(True, 0.5)}
    assert sorted(tasks.values_list("pk", flat=True)) == sorted(drawn.values_list("task", flat=True))
    assert set(Comparison.objects.values_list("probability", flat=True)) == {0.5}


def test_a_challenger_decides_about_its_share_and_always_the_same(weak, let_serve, works):
    let_serve(weak, "challenger", share=0.5)
    items = works(30)
    classify_admitted()
    (trial,) = on_trial()
    theirs = {item.pk for item in items if trial.decides(item)}
    assert 0 < len(theirs) < len(items)
    assert set(Item.objects.filter(model_version=weak).values_list("pk", flat=True)) == theirs
    assert set(Comparison.objects.filter(was_decided_by_new=True).values_list("item", flat=True)) == theirs
    assert {item.pk for item in items if place_of(item, weak, "share") < 0.1} <= theirs


def test_what_fell_to_a_challenger_that_fails_is_decided_by_the_champion(champion, weak, let_serve, works, monkeypatch):
    let_serve(weak, "challenger", share=1.0)

    def fails(*_args, **_others):
        raise RuntimeError

    trials = on_trial()
    monkeypatch.setattr(type(trials[0].model.loaded.predictor), "classify", fails)
    items = works(3)
    assert classify_admitted() == 3
    assert set(Item.objects.filter(pk__in=[i.pk for i in items]).values_list("model_version", flat=True)) == {
        champion.pk
    }
    assert not Comparison.objects.exists()


def test_what_cannot_be_kept_changes_no_answer(weak, let_serve, works, monkeypatch):
    let_serve(weak, "shadow")
    monkeypatch.setattr(sides, "PRIORITY", "no number")
    items = works(12)
    assert classify_admitted() == 12
    assert {state for state, _ in published(items).values()} == {"published"}
    assert not Comparison.objects.exists()


def test_a_model_that_is_away_is_left_out(weak, let_serve, settings, tmp_path, monkeypatch):
    from winnow.models import ModelVersion
    from winnow.services import deploy

    let_serve(weak, "shadow")
    monkeypatch.setattr(deploy, "_loaded", {})
    ModelVersion.objects.filter(pk=weak.pk).update(folder=str(tmp_path / "gone"))
    assert on_trial() == []
    assert what_serves() is not None


def test_a_role_that_was_ended_is_not_asked(weak, let_serve):
    let_serve(weak, "shadow")
    assert [trial.deployment.role for trial in on_trial()] == ["shadow"]
    let_serve(weak, "shadow", share=0.0)
    assert on_trial() == []
    assert Deployment.objects.filter(role="shadow").count() == 2
