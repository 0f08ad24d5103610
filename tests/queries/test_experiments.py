"""What runs, what was counted, whose tags a side sees."""

import pytest
from django.db import IntegrityError
from django.utils import timezone
from tests.services.experiments_cast import begun, planned
from tests.services.rollout_cast import NLP, VISION, pairs

from winnow.core.errors import NotFoundError
from winnow.models import Experiment, ExperimentCount, Item, ModelVersion
from winnow.queries.experiments import counts_of, experiment_of, model_at_last_stage, running_experiments, split_tags


@pytest.fixture
def versions(tags):
    about = {"recipe": "dummy", "folder": "none", "dataset_sha256": "0" * 64, "policy": {}, "card": {}}
    return [ModelVersion.objects.create(ref=f"v{n}-1", manifest_sha256=str(n) * 64, **about) for n in (1, 2)]


@pytest.fixture
def split(versions):
    """Three works that the model published as vision, which the newer one calls NLP."""
    old, new = versions
    rows = pairs(3, old=old, new=new, is_split=True, is_drawn=False)
    Item.objects.update(decided_by="model")
    return [row.item for row in rows]


def test_what_runs_is_what_was_started_and_not_stopped(db):
    planned(name="one")
    begun(name="two")
    assert [row.name for row in running_experiments()] == ["two"]
    with pytest.raises(NotFoundError):
        experiment_of("three")


def test_sums_of_days_add_up(db):
    row = planned()
    for day in ("2026-11-01", "2026-11-02"):
        for arm in ("control", "variant"):
            ExperimentCount.objects.create(experiment=row, arm=arm, day=day, what="reader", n=5)
    assert counts_of(row) == {("control", "reader"): 10, ("variant", "reader"): 10}


def test_only_half_of_the_works_is_the_last_stage(versions, deployed):
    _, new = versions
    assert model_at_last_stage() is None
    deployed(new, role="challenger", share=0.1, stage="canary")
    assert model_at_last_stage() is None
    deployed(new, role="challenger", share=0.5, stage="ab")
    assert model_at_last_stage() == new
    deployed(new, role="challenger", share=0.0, stage="ab")
    assert model_at_last_stage() is None


def test_each_work_has_the_tags_of_both_models(versions, split):
    pks = {item.pk for item in split}
    assert split_tags(versions[1]) == dict.fromkeys(pks, (VISION, NLP))
    assert split_tags(versions[1], among=[split[0].pk]) == {split[0].pk: (VISION, NLP)}
    assert set(split_tags(versions[1], tag=NLP)) == pks
    assert split_tags(versions[1], tag="mlops") == {}
    assert split_tags(versions[0]) == {}


@pytest.mark.parametrize("change", [{"decided_by": "person"}, {"state": "in_review"}, {"tag": "mlops"}])
def test_what_was_decided_otherwise_since_stands_as_it_is(versions, split, change):
    Item.objects.filter(pk=split[0].pk).update(**change)
    assert split[0].pk not in split_tags(versions[1])


def test_what_one_model_would_not_publish_stands_as_it_is(versions):
    pairs(1, old=versions[0], new=versions[1], is_split=True, is_drawn=False, accepts=False)
    Item.objects.update(decided_by="model")
    assert split_tags(versions[1]) == {}


def test_one_experiment_varies_one_thing_at_a_time_in_the_database_too(db):
    begun(name="one")
    planned(name="two")
    with pytest.raises(IntegrityError):
        Experiment.objects.filter(name="two").update(state="running", started_at=timezone.now())
