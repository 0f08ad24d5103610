"""The queue: label, skip, undo, come too late."""

import pytest

from winnow.models import Account, Item, Label, ReviewTask, Tag
from winnow.services.report import report_item
from winnow.services.review import label_task, open_task, propose_copy
from winnow.web.review import ANSWERED_ALREADY, FURTHER_OPINION

HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def second(make_item):
    item = make_item("The second", state="in_review", likely_tag="other")
    return open_task(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE, priority=0.1)


def shown(html):
    return html.all(r"<h2 [^>]*data-focus>(.*?)</h2>")


@pytest.mark.usefixtures("task", "second")
def test_the_page_shows_the_most_pressing_task(visit, cast):
    html = visit("/review", who=cast.reviewer)
    assert shown(html) == ["Which tag is this?"]
    assert html.all(r'<p class="count">(.*?)</p>') == ["2 tasks open, 0 answered by you today"]


@pytest.mark.usefixtures("task")
def test_tags_stand_in_their_order_with_their_digit_and_the_likeliest_is_marked_in_words(visit, cast):
    html = visit("/review", who=cast.reviewer)
    answers = html.all(r'<button class="answer[^>]*value="([^"]+)" data-key="(\d)">(.*?)</button>')
    assert [(value, key) for value, key, _ in answers] == [
        ("natural-language-processing", "1"),
        ("computer-vision", "2"),
        ("mlops", "3"),
        ("other", "4"),
        ("not-ml", "0"),
    ]
    assert [value for value, _, text in answers if "likeliest, .61" in text] == ["mlops"]


@pytest.mark.usefixtures("client", "second")
def test_a_label_publishes_and_the_next_task_is_there(send, visit, cast, task):
    answer = send(f"/review/{task.pk}/label", who=cast.reviewer, tag="computer-vision")
    task.item.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/review")
    assert (task.item.state, task.item.tag_id, task.item.decided_by) == ("published", "computer-vision", "person")
    html = visit("/review")
    assert shown(html) == ["The second"]
    assert html.all(r"You chose <strong>(.*?)</strong>") == ["Vision"]


def test_not_machine_learning_withholds(send, cast, task):
    send(f"/review/{task.pk}/label", who=cast.reviewer, tag="not-ml")
    task.item.refresh_from_db()
    assert (task.item.state, task.item.reason) == ("rejected", "off_topic")
    assert Label.objects.get().tag is None


@pytest.mark.usefixtures("second")
def test_a_script_gets_the_panel_alone(send, cast, task):
    answer = send(f"/review/{task.pk}/label", who=cast.reviewer, headers=HTMX, tag="other")
    html = answer.content.decode()
    assert (answer.status_code, html.lstrip()[:24]) == (200, '<div id="review" class="')
    assert ("The second" in html, "<html" in html) == (True, False)


@pytest.mark.parametrize("tag", ["", "no-such", "<script>"])
def test_an_answer_that_is_no_tag_is_refused(send, cast, task, tag):
    assert send(f"/review/{task.pk}/label", who=cast.reviewer, tag=tag).status_code == 400
    assert (Label.objects.count(), ReviewTask.objects.get().closed_at) == (0, None)


@pytest.mark.usefixtures("second")
def test_undo_brings_the_task_back(send, visit, cast, task):
    send(f"/review/{task.pk}/label", who=cast.reviewer, tag="other")
    answer = send(f"/review/undo/{Label.objects.get().pk}")
    task.item.refresh_from_db()
    assert answer["Location"] == f"/review?task={task.pk}"
    assert (task.item.state, task.item.tag) == ("in_review", None)
    assert shown(visit(answer["Location"])) == ["Which tag is this?"]


@pytest.mark.usefixtures("second")
def test_undo_in_place_shows_the_task_again(send, cast, task):
    send(f"/review/{task.pk}/label", who=cast.reviewer, tag="other")
    answer = send(f"/review/undo/{Label.objects.get().pk}", headers=HTMX)
    assert "Which tag is this?</h2>" in answer.content.decode()


def test_undoing_twice_says_so_and_changes_nothing(client, send, cast, task):
    send(f"/review/{task.pk}/label", who=cast.reviewer, tag="other")
    label = Label.objects.get()
    for _ in range(2):
        send(f"/review/undo/{label.pk}")
    assert Label.objects.count() == 2
    assert "Not undone: this label is undone already." in client.get("/review").content.decode()


def test_nobody_undoes_the_label_of_somebody_else(send, cast, task):
    label = label_task(task=task, tag=None, account=cast.reviewer)
    assert send(f"/review/undo/{label.pk}", who=cast.other_reviewer).status_code == 404
    assert Label.objects.count() == 1


def test_l08_an_answer_that_came_too_late_is_kept_as_a_further_opinion(client, send, cast, tags, task):
    label_task(task=task, tag=tags["mlops"], account=cast.other_reviewer)
    send(f"/review/{task.pk}/label", who=cast.reviewer, tag="other")
    task.item.refresh_from_db()
    assert (task.item.tag_id, Label.objects.count()) == ("mlops", 2)
    assert str(FURTHER_OPINION) in client.get("/review").content.decode()


def test_the_same_answer_sent_twice_is_one_label(client, send, cast, task):
    for _ in range(2):
        send(f"/review/{task.pk}/label", who=cast.reviewer, tag="other")
    assert Label.objects.count() == 1
    assert str(ANSWERED_ALREADY) in client.get("/review").content.decode()


def test_skip_leaves_the_task_open_and_goes_on(send, visit, cast, task, second):
    assert send(f"/review/{task.pk}/skip", who=cast.reviewer)["Location"] == "/review"
    assert shown(visit("/review")) == ["The second"]
    send(f"/review/{second.pk}/skip")
    assert shown(visit("/review")) == ["Which tag is this?"]
    assert ReviewTask.objects.filter(closed_at=None).count() == 2


def test_l07_nobody_judges_their_own_submission(send, visit, cast, task):
    task.item.submitted_by = cast.reviewer
    task.item.save()
    assert "The queue is empty" in visit("/review", who=cast.reviewer).main
    assert send(f"/review/{task.pk}/label", tag="other").status_code == 404
    assert shown(visit("/review", who=cast.other_reviewer)) == ["Which tag is this?"]


@pytest.mark.parametrize("wanted", ["0", "x", "-1", "9" * 40, "٣"])
@pytest.mark.usefixtures("task")
def test_a_task_that_is_not_there_gives_the_next_one(visit, cast, wanted):
    assert shown(visit("/review", who=cast.reviewer, task=wanted)) == ["Which tag is this?"]


def test_reports_are_shown_with_what_they_propose(visit, cast, make_item, tags):
    item = make_item("Reported", state="published")
    report_item(item=item, reporter="a", tag=tags["other"], note="<b>no</b>")
    html = visit("/review", who=cast.reviewer)
    assert html.all(r"<li>(.*?)</li>") == ['Wrong tag, proposed: Other ML: <q dir="auto">&lt;b&gt;no&lt;/b&gt;</q>']


def test_the_queue_is_never_kept_by_a_cache(client, cast):
    client.force_login(cast.reviewer)
    assert "no-store" in client.get("/review")["Cache-Control"]


def test_a_closed_account_keeps_its_labels(send, cast, task):
    send(f"/review/{task.pk}/label", who=cast.reviewer, tag="other")
    Account.objects.filter(pk=cast.reviewer.pk).update(is_active=False)
    assert Label.objects.get().account_id == cast.reviewer.pk


def test_l13_a_tag_that_was_retired_while_its_task_was_open_is_no_answer_any_more(send, visit, cast, task):
    Tag.objects.filter(slug="mlops").update(is_approved=False)
    html = visit("/review", who=cast.reviewer)
    assert shown(html) == ["Which tag is this?"]
    assert 'value="mlops"' not in html.text
    assert send(f"/review/{task.pk}/label", tag="mlops").status_code == 400
    assert (Label.objects.count(), ReviewTask.objects.get(pk=task.pk).closed_at) == (0, None)
    send(f"/review/{task.pk}/label", tag="other")
    task.item.refresh_from_db()
    assert task.item.tag_id == "other"


@pytest.fixture
def dispute(make_item, tags, cast):
    """Two people said different things of one work."""
    task = open_task(item=make_item("Disputed", state="in_review"), reason=ReviewTask.Reason.LOW_CONFIDENCE)
    ReviewTask.objects.filter(pk=task.pk).update(n_wanted=2)
    task.refresh_from_db()
    label_task(task=task, tag=tags["mlops"], account=cast.reviewer, note="<b>It serves.</b>")
    label_task(task=task, tag=tags["other"], account=cast.other_reviewer)
    return ReviewTask.objects.get(reason="disagreement")


def test_who_settles_a_dispute_sees_what_was_said_and_why_but_not_by_whom(visit, cast, dispute):
    html = visit("/review", who=cast.engineer).main
    assert 'MLOps (decided): <q dir="auto">&lt;b&gt;It serves.&lt;/b&gt;</q>' in html
    assert "<li>Other ML</li>" in html
    assert "other-reviewer" not in html


def test_a_settled_dispute_may_become_an_example_of_the_guideline(send, cast, dispute):
    send(f"/review/{dispute.pk}/label", who=cast.engineer, tag="other", note="No serving in it.", settles="1")
    tag = Tag.objects.get(slug="other")
    assert [(case["case"], case["why"]) for case in tag.settled] == [("Disputed", "No serving in it.")]
    assert tag.guidelines.count() == 2


def test_a_blind_task_shows_nothing_that_anybody_said(visit, make_item, cast):
    item = make_item("Blind", state="published", tag="mlops", confidence=0.93)
    ReviewTask.objects.create(item=item, reason="audit", is_blind=True)
    html = visit("/review", who=cast.reviewer).main
    assert "Nothing is shown of what anybody said" in html
    assert "likeliest" not in html
    assert ">now<" not in html
    assert "its page" not in html
    assert "<details open" not in html


def test_cannot_tell_and_a_note_are_kept(send, cast, task):
    send(f"/review/{task.pk}/label", who=cast.reviewer, tag="unsure", note="No idea.")
    label = Label.objects.get()
    assert (label.is_unsure, label.tag, label.note) == (True, None, "No idea.")
    assert ReviewTask.objects.get().closed_at is None


def test_thinking_keeps_the_claim_and_nobody_elses(send, visit, cast, task):
    visit("/review", who=cast.reviewer)
    ReviewTask.objects.update(lease_until=None)
    assert send(f"/review/{task.pk}/keep").status_code == 204
    assert ReviewTask.objects.get().lease_until is not None
    assert "The queue is empty" in visit("/review", who=cast.other_reviewer).main


def test_works_that_look_like_it_are_offered_and_become_copies_only_where_they_are_ticked(
    send, visit, cast, task, make_item
):
    same, another = (make_item(f"Which tag is this, {n}?", state="in_review") for n in range(2))
    for item in (same, another):
        propose_copy(item=item, face=task.item, evidence="titles")
    page = visit(f"/review?task={task.pk}", cast.reviewer)
    assert page.all(r'name="alike" value="(\d+)"') == [str(same.pk), str(another.pk)]
    send(f"/review/{task.pk}/label", tag="mlops", alike=[same.pk, "x", "9" * 40])
    assert [Item.objects.get(pk=item.pk).state for item in (same, another)] == ["duplicate", "in_review"]


def test_a_long_queue_is_said_to_be_longer_than_was_counted(visit, cast, task, second, monkeypatch):
    monkeypatch.setattr("winnow.queries.review.MAX_COUNTED", 1)
    assert "over 1 task open" in visit("/review", cast.reviewer).text
