"""Error budgets: spent by audits alone, burnt in the transaction of the answer, and never unburnt by the same model."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from winnow.core.policy import Policy
from winnow.models import Alert, Audit, Event, Item, ReviewTask, TagBurn
from winnow.services.budget import budgets, close_settled
from winnow.services.certificates import burns_of, with_burns
from winnow.services.deploy import serving
from winnow.services.review import label_task, undo_label

TAG = "mlops"


@pytest.fixture
def judge(make_item, tags, cast):
    """Open a task about a published work, for a reason, and answer it; audits are of the model given."""

    def judge(version, right, *, reason="audit", confidence=0.9, number=[0]):  # noqa: B006 - counts through a test
        number[0] += 1
        item = make_item(
            f"Serving of models, experiment {number[0]}", state="published", tag=TAG, model_version=version
        )
        task = ReviewTask.objects.create(item=item, reason=reason)
        if reason == "audit":
            about = {"tag": TAG, "confidence": confidence, "probability": 0.5, "floor": 0.5}
            Audit.objects.create(item=item, task=task, model_version=version, **about)
        return label_task(task=task, tag=tags[right], account=cast.engineer)

    return judge


@pytest.fixture
def burnt(audited_model, judge):
    """The tag after a dozen errors, and the label that was the last straw."""
    labels = [judge(audited_model, "other") for _ in range(12)]
    return TagBurn.objects.get(), labels


def test_what_was_right_spends_nothing(audited_model, judge):
    for _ in range(5):
        judge(audited_model, TAG)
    found = budgets()[TAG]
    assert (found.budget.wrong, found.budget.n, found.is_burnt, found.threshold) == (0, 5, False, 0.7)
    assert budgets()["other"].budget.n == 0


@pytest.mark.parametrize("reason", ["reported", "low_confidence", "drift"])
def test_what_is_no_audit_never_enters(audited_model, judge, reason):
    for _ in range(12):
        judge(audited_model, "other", reason=reason)
    assert budgets()[TAG].budget.n == 0
    assert not TagBurn.objects.exists()


def test_a_burnt_tag_goes_to_people_at_once_with_reason_and_alert(audited_model, burnt):
    burn, labels = burnt
    assert (burn.tag, burn.threshold, burn.wrong, burn.n) == (TAG, None, burn.n, burn.n)
    assert burn.label == labels[burn.n - 1]
    assert list(burns_of(audited_model)) == [(TAG, None)]
    alert = Alert.objects.get(kind="budget")
    assert alert.subject == f"v6-1 {TAG}"
    assert "people decide" in alert.says
    assert Event.objects.get(kind="tag.burnt").data["tag"] == TAG
    assert budgets()[TAG].is_burnt
    assert (budgets()[TAG].budget.wrong, budgets()[TAG].budget.n) == (12, 12)


def test_it_burns_in_the_transaction_of_the_answer(audited_model, judge):
    with transaction.atomic():
        for _ in range(12):
            judge(audited_model, "other")
        assert TagBurn.objects.exists()
        transaction.set_rollback(True)
    assert not TagBurn.objects.exists()
    assert not Alert.objects.exists()


def test_nothing_that_is_said_later_brings_it_back(audited_model, burnt, cast, judge):
    _, labels = burnt
    undo_label(label=labels[-1], account=cast.engineer)
    for _ in range(20):
        judge(audited_model, TAG)
    assert list(burns_of(audited_model)) == [(TAG, None)]
    with pytest.raises(DatabaseError), transaction.atomic():
        TagBurn.objects.all().delete()


def test_the_threshold_rises_where_the_surer_half_is_proved_right(audited_model, make_item, tags, cast, judge):
    now = timezone.now()
    for _ in range(160):
        item = make_item(state="published", tag=TAG)
        task = ReviewTask.objects.create(item=item, reason="audit", closed_at=now)
        about = {"tag": TAG, "confidence": 0.99, "probability": 0.5, "floor": 0.5}
        Audit.objects.create(item=item, task=task, model_version=audited_model, **about)
        item.labels.create(task=task, tag=tags[TAG], account=cast.engineer, is_gold=True)
    while not TagBurn.objects.exists():
        judge(audited_model, "other", confidence=0.71)
    burn = TagBurn.objects.get()
    assert burn.threshold == pytest.approx(0.7 + 0.3 / 8)
    assert budgets()[TAG].threshold == burn.threshold
    judge(audited_model, "other", confidence=0.71)
    assert (budgets()[TAG].budget.n, TagBurn.objects.count()) == (0, 1)
    for _ in range(12):
        judge(audited_model, "other", confidence=0.99)
    assert [one.threshold for one in TagBurn.objects.order_by("pk")] == [burn.threshold, None]


def test_burns_only_ever_narrow_what_is_published():
    policy = Policy(0.7, per_tag={"a": 0.95})
    assert with_burns(policy, ()) is policy
    assert with_burns(policy, [("a", 0.8)]).threshold_of("a") == 0.95
    assert with_burns(policy, [("b", 0.8), ("b", None)]).threshold_of("b") is None
    assert with_burns(Policy(None), [("b", 0.8)]).threshold_of("b") is None


def test_what_serves_heeds_it_and_another_model_begins_anew(champion, judge, let_serve, tags, labelled):
    from winnow.services.deploy import version_of
    from winnow.services.train import train_model

    before = serving("champion").policy.threshold_of(TAG)
    assert before is not None
    for _ in range(12):
        judge(champion, "other", confidence=0.999)
    assert serving("champion").policy.threshold_of(TAG) is None
    assert serving("champion").policy.threshold_of("other") == before
    assert close_settled() == 0
    let_serve(version_of(train_model("dummy", data=[labelled]).model))
    assert not budgets()[TAG].is_burnt
    assert close_settled() == 1
    assert Item.objects.filter(tag=TAG).count() == 0
