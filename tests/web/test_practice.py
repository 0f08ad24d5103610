"""Five worked examples before the first task."""

import pytest
from playwright.sync_api import expect

from winnow.models import Label, Tag
from winnow.queries.practice import worked_examples


@pytest.fixture(autouse=True)
def _leads(settings):
    settings.REVIEW_PRACTICE = True


@pytest.mark.usefixtures("task")
def test_who_comes_for_the_first_time_is_led_to_the_examples_and_others_are_not(client, cast):
    client.force_login(cast.reviewer)
    assert client.get("/review").headers["Location"] == "/review/practice"
    client.force_login(cast.engineer)
    assert client.get("/review").status_code == 200


def test_a_task_that_is_named_is_shown_without_practice(visit, cast, task):
    assert "Which tag is this?" in visit(f"/review?task={task.pk}", cast.reviewer).text


@pytest.mark.parametrize("is_right", [True, False])
def test_an_answer_is_told_whether_the_guideline_says_the_same_and_why(send, cast, tags, is_right):
    example = worked_examples()[0]
    tag = example.answer if is_right else next(slug for slug in tags if slug != example.answer)
    page = send("/review/practice", cast.reviewer, case=1, tag=tag).content.decode()
    assert ("Right:" in page) is is_right
    assert ("The guideline says" in page) is not is_right
    assert tags[example.answer].name in page
    assert not Label.objects.exists()


@pytest.mark.usefixtures("task")
def test_after_the_last_the_queue_begins(client, send, cast, tags):
    for case in range(1, 6):
        assert client.get("/review").status_code == 302
        send("/review/practice", cast.reviewer, case=case, tag="mlops")
    assert client.get("/review").status_code == 200


@pytest.mark.usefixtures("task")
def test_practice_can_be_skipped(client, send, cast):
    assert send("/review/practice", cast.reviewer, skip=1).headers["Location"] == "/review"
    assert client.get("/review").status_code == 200


def test_without_hard_cases_there_is_nothing_to_practise(client, cast, task):
    Tag.objects.update(hard=[])
    client.force_login(cast.reviewer)
    assert client.get("/review/practice").headers["Location"] == "/review"
    assert client.get("/review").status_code == 200


@pytest.mark.parametrize("case", ["0", "6", "-1", "x", "²", "9" * 50])
def test_a_case_that_is_not_there_is_the_first(visit, cast, tags, case):
    assert "Example 1 of 5" in visit("/review/practice", cast.reviewer, case=case).text


def test_an_answer_that_is_no_tag_is_refused(send, cast, tags):
    assert send("/review/practice", cast.reviewer, case=1, tag="nonsense").status_code == 400


@pytest.mark.browser
@pytest.mark.usefixtures("task")
def test_the_examples_are_gone_through_by_the_keyboard_alone(browse, cast):
    page = browse("/review", cast.reviewer)
    for n in range(1, 6):
        expect(page.locator(".count")).to_contain_text(f"Example {n} of 5")
        page.keyboard.press("1")
        page.locator("[data-key=x]").wait_for()
        page.keyboard.press("x")
    expect(page.locator("[data-focus]")).to_have_text("Which tag is this?")
