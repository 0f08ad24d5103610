"""Agreement, from labels to figures."""

import pytest

from winnow.core.values import Interval
from winnow.models import Label, ReviewTask
from winnow.services.agreement import agreement


@pytest.fixture
def judged(make_item, tags, cast):
    """Ten works that two people judged, who differ on the last two; one of them is an audit."""

    def judge(n):
        task = ReviewTask.objects.create(item=make_item(), reason="audit" if n == 9 else "low_confidence")
        first = list(tags.values())[n % 4]
        second = first if n < 8 else tags["other"] if first != tags["other"] else tags["mlops"]
        for account, tag in ((cast.reviewer, first), (cast.other_reviewer, second)):
            Label.objects.create(item=task.item, task=task, account=account, tag=tag)

    for n in range(10):
        judge(n)


def test_nobody_said_anything(tags):
    found = agreement()
    assert found.overall.alpha == found.overall.ac1 == Interval(0.0, -1.0, 1.0, 0)
    assert (found.by_pair, found.by_reason, found.n_disputed, found.overall.n) == ((), (), 0, 0)


def test_two_who_mostly_agree(judged, cast):
    found = agreement()
    assert (found.overall.n, found.n_disputed) == (10, 2)
    assert 0.6 < found.overall.alpha.value < 0.8
    assert 0.6 < found.overall.ac1.value < 0.85
    assert found.overall.ac1.low < found.overall.ac1.value <= found.overall.ac1.high
    assert [(pair.name, pair.n) for pair in found.by_pair] == [("reviewer and other-reviewer", 10)]
    assert {one.name: one.n for one in found.by_reason} == {"audit": 1, "low_confidence": 9}
    assert "not-ml" not in {one.name for one in found.by_tag} >= {"mlops", "other"}


def test_a_later_word_is_heard(judged, cast, tags):
    before = agreement()
    disputed = Label.objects.filter(account=cast.other_reviewer).order_by("-pk")[0]
    first = Label.objects.get(task=disputed.task, account=cast.reviewer)
    Label.objects.create(item=first.item, task=first.task, account=cast.other_reviewer, tag=first.tag)
    after = agreement()
    assert (before.n_disputed, after.n_disputed) == (2, 1)
    assert after.overall.alpha.value > before.overall.alpha.value
