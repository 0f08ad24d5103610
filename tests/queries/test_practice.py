"""Worked examples for first-time reviewers."""

import pytest

from winnow.models import Label, Tag
from winnow.queries.practice import N_EXAMPLES, is_first_time, worked_examples


def test_five_cases_of_the_guidelines_the_first_of_each_tag_before_the_second_of_any(tags):
    found = worked_examples()
    assert len(found) == len({example.case for example in found}) == N_EXAMPLES
    assert [example.case for example in found[: len(tags)]] == [tag.hard[0]["case"] for tag in tags.values()]
    assert {example.answer for example in found} <= tags.keys()
    assert all(example.why for example in found)


def test_a_tag_that_is_no_answer_any_more_is_in_no_example(tags):
    gone = worked_examples()[0].answer
    Tag.objects.filter(slug=gone).update(is_approved=False)
    assert gone not in {example.answer for example in worked_examples()}


def test_guidelines_without_hard_cases_give_no_examples(tags):
    Tag.objects.update(hard=[])
    assert worked_examples() == []


@pytest.mark.parametrize(("role", "is_first"), [("reviewer", True), ("engineer", False), ("owner", False)])
def test_reviewers_alone_are_led(cast, role, is_first):
    assert is_first_time(getattr(cast, role)) is is_first


def test_who_has_answered_once_is_not_new(cast, tags, make_item):
    Label.objects.create(item=make_item(), tag=tags["mlops"], account=cast.reviewer)
    assert not is_first_time(cast.reviewer)
    assert is_first_time(cast.other_reviewer)
