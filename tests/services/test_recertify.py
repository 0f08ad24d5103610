"""Certificates: from answered audits alone, for exactly the model and the answers that they rest on."""

import pytest

from winnow.core.policy import Policy
from winnow.core.values import Document
from winnow.models import Audit, Certification, Event, Item, ModelVersion, ReviewTask
from winnow.queries.audits import AuditAnswer
from winnow.services.audit import draw_audits
from winnow.services.certificates import VOID, policy_in_force
from winnow.services.classify import champion as what_serves
from winnow.services.classify import classify_documents
from winnow.services.recertify import certificate_of, comparable, look, recertify
from winnow.services.review import undo_label

SURE = Document("Segmentation of harbour images", "A convolutional network segments images of a harbour.")


def prove(version, **others):
    return recertify(version, **{"target": 0.9, "delta": 0.1, "opens_audits": False, **others})


@pytest.fixture
def certified(stream, champion, people):
    """The champion with fifty right audits and its certificate."""
    tasks = draw_audits(50)
    people(tasks)
    return prove(champion)


def published():
    return Item.objects.filter(state="published", decided_by="model").count()


def test_without_audits_nothing_is_published_and_those_missing_are_opened(stream, champion):
    certification = prove(champion, opens_audits=True)
    assert (certificate_of(certification).threshold, published(), certification.risk) == (None, 0, 0.0)
    assert ReviewTask.objects.filter(reason="audit").count() == certificate_of(certification).missing == 38
    prove(champion, opens_audits=True)
    assert ReviewTask.objects.filter(reason="audit").count() == 38


def test_right_audits_certify_and_what_waited_is_published(stream, certified):
    certificate = certificate_of(certified)
    assert (certificate.n, certificate.k) == (50, 0)
    assert certificate.bound >= 0.9
    assert certified.risk == pytest.approx(0.096)
    audited = Audit.objects.values("item")
    unasked = Item.objects.filter(pk__in=[item.pk for item in stream]).exclude(pk__in=audited)
    assert published() == unasked.filter(confidence__gte=certificate.threshold).count() > 0
    assert all(item.confidence >= certificate.threshold for item in Item.objects.filter(decided_by="model"))
    assert not ReviewTask.objects.filter(item__decided_by="model", reason="low_confidence", closed_at=None).exists()


def test_what_serves_has_the_certified_threshold_and_says_what_it_stands_on(certified):
    serving = what_serves()
    assert serving.policy.threshold == certificate_of(certified).threshold
    assert (serving.policy.is_provisional, "audits" in serving.policy.provenance) == (False, True)
    assert serving.loaded.policy.threshold != serving.policy.threshold
    assert classify_documents([SURE], model=serving)[0].decision.tag == "computer-vision"


def test_the_same_answers_are_no_new_look(certified, champion):
    assert prove(champion) == certified
    assert Certification.objects.count() == 2
    assert prove(champion, target=0.8) != certified


def test_an_answer_taken_back_makes_the_certificate_void_until_the_next_look(certified, champion, cast):
    label = ReviewTask.objects.filter(reason="audit").first().labels.get()
    undo_label(label=label, account=cast.engineer)
    assert what_serves().policy == Policy(None, provenance=VOID)
    assert classify_documents([SURE], model=what_serves())[0].decision.tag is None
    again = prove(champion)
    # Too few for what is left of the risk: this look could prove nothing, and has risked nothing.
    assert (again.look, again.n, again.risk, again.policy["threshold"]) == (3, 49, 0.0, None)


def test_an_answer_corrected_makes_it_void_too(certified, champion, tags, cast):
    from winnow.services.review import label_task, open_task

    audit = champion.audits.first()
    other = next(slug for slug in tags if slug != audit.tag)
    task = open_task(item=audit.item, reason=ReviewTask.Reason.REPORTED)
    label_task(task=task, tag=tags[other], account=cast.other_reviewer)
    assert policy_in_force(champion).provenance == VOID


def test_another_model_makes_it_void(certified, champion):
    ModelVersion.objects.filter(pk=champion.pk).update(manifest_sha256="0" * 64)
    champion.refresh_from_db()
    assert policy_in_force(champion) == Policy(None, provenance=VOID)


def test_a_label_that_is_no_audit_changes_nothing(certified, champion, people):
    people(ReviewTask.objects.filter(reason="low_confidence", closed_at=None)[:2])
    assert policy_in_force(champion).threshold == certificate_of(certified).threshold


@pytest.mark.usefixtures("stream")
def test_errors_keep_everything_waiting_and_say_what_is_missing(champion, people):
    people(draw_audits(40), wrong=range(0, 40, 3))
    certificate = certificate_of(prove(champion))
    assert (certificate.threshold, published()) == (None, 0)
    assert certificate.missing > 0


@pytest.mark.usefixtures("stream")
def test_a_tag_whose_audits_contradict_the_target_is_withdrawn_and_the_others_are_not(champion, people):
    tasks = draw_audits(60)
    places = [place for place, task in enumerate(tasks) if task.audit.tag == "mlops"]
    people(tasks, wrong=places)
    prove(champion)
    policy = what_serves().policy
    assert policy.withdrawn == ("mlops",)
    assert not Item.objects.filter(decided_by="model", tag="mlops").exists()
    assert policy.threshold is None or published() > 0


def test_each_tag_has_a_certificate_of_its_own_at_its_share_of_the_risk(certified, tags):
    assert set(certified.per_tag) == set(tags)
    assert {round(one["delta"], 6) for one in certified.per_tag.values()} == {0.024}
    assert sum(one["n"] for one in certified.per_tag.values()) <= 50


def test_each_look_is_in_the_log(certified, champion):
    event = Event.objects.filter(kind="model.certified").last()
    assert event.data == {
        "ref": champion.ref,
        "n": 50,
        "target": 0.9,
        "threshold": certificate_of(certified).threshold,
    }


@pytest.mark.usefixtures("certified")
def test_a_look_needs_no_stream(champion):
    assert look(champion, target=0.95, delta=0.05).look == 3


@pytest.mark.usefixtures("stream")
def test_more_right_audits_leave_a_certificate_that_stands_in_force(certified, champion, people):
    people(draw_audits(3))
    assert prove(champion) == certified
    assert what_serves().policy.threshold == certificate_of(certified).threshold


@pytest.mark.usefixtures("stream")
def test_a_tag_that_later_audits_contradict_is_withdrawn_though_the_certificate_stands(certified, champion, people):
    later = draw_audits(18)
    tag = later[0].audit.tag
    places = [place for place, task in enumerate(later) if task.audit.tag == tag]
    people(later, wrong=places)
    prove(champion)
    assert tag in what_serves().policy.withdrawn or what_serves().policy.threshold is None


def test_below_the_floor_of_any_draw_audits_prove_nothing():
    wide = [AuditAnswer(n, "mlops", 0.5 + n / 1000, 1.0, "mlops", floor=0.5) for n in range(100)]
    narrow = [AuditAnswer(1000 + n, "mlops", 0.9, 1.0, "mlops", floor=0.9) for n in range(60)]
    assert {audit.floor for audit in comparable(wide)} == {0.5}
    assert len(comparable(wide)) == 100
    assert {audit.confidence for audit in comparable([*wide, *narrow])} == {0.9}
