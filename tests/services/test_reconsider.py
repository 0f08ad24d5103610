"""What waits is decided again."""

from winnow.models import Item, Prediction, ReviewTask, Source
from winnow.services.reconsider import reconsider_waiting
from winnow.services.report import report_item
from winnow.services.review import open_task


def let_everything_through(monkeypatch, threshold=0.0):
    """The audits proved whatever threshold the test wants."""
    from winnow.core.policy import Policy
    from winnow.services import deploy

    monkeypatch.setattr(deploy, "policy_in_force", lambda _: Policy(threshold))


def test_where_nothing_is_proved_nothing_is_published(stream):
    n = Prediction.objects.count()
    assert reconsider_waiting() == 0
    assert Prediction.objects.count() == n == len(stream)


def test_a_lower_threshold_publishes_what_waited(stream, monkeypatch):
    let_everything_through(monkeypatch)
    assert reconsider_waiting() == len(stream)
    assert set(Item.objects.values_list("state", "decided_by")) == {("published", "model")}
    assert not ReviewTask.objects.filter(closed_at=None).exists()
    assert reconsider_waiting() == 0


def test_what_people_were_asked_for_another_reason_is_left_to_them(stream, monkeypatch):
    reported, restored, copy, *_ = stream
    report_item(item=reported, reporter="somebody")
    open_task(item=restored, reason=ReviewTask.Reason.RESTORED)
    Item.objects.filter(pk=copy.pk).update(resembles=reported)
    let_everything_through(monkeypatch)
    assert reconsider_waiting() == len(stream) - 3
    assert set(Item.objects.filter(state="in_review")) == {reported, restored, copy}


def test_what_a_source_on_probation_brought_is_left_to_people(stream, monkeypatch):
    source = Source.objects.create(name="new", kind="feed", address="https://example.org/feed", trust="probation")
    unsure, sure, *others = stream
    Item.objects.filter(pk__in=[unsure.pk, sure.pk]).update(source=source)
    ReviewTask.objects.filter(item=sure).update(reason=ReviewTask.Reason.PROBATION)
    let_everything_through(monkeypatch)
    assert reconsider_waiting() == len(others)
    assert set(Item.objects.filter(state="in_review")) == {unsure, sure}
    Source.objects.update(trust="trusted")
    assert reconsider_waiting() == 1
    assert set(Item.objects.filter(state="in_review")) == {sure}


def test_what_a_person_decided_stays(stream, people, monkeypatch):
    people(ReviewTask.objects.filter(reason="low_confidence")[:4])
    let_everything_through(monkeypatch)
    assert reconsider_waiting() == len(stream) - 4
    assert Item.objects.filter(decided_by="person").count() == 4


def test_an_audit_that_nobody_answered_stays_open_and_its_item_is_published(stream, monkeypatch):
    from winnow.services.audit import draw_audits

    tasks = draw_audits(5)
    let_everything_through(monkeypatch)
    assert reconsider_waiting() == len(stream)
    assert ReviewTask.objects.filter(closed_at=None).count() == len(tasks)


def test_without_a_model_everything_goes_on_waiting(stream, undeploy):
    undeploy()
    assert reconsider_waiting() == 0
