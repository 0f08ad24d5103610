"""The page on which engineers see how far reviewers agree."""

import pytest

from winnow.models import Label, ReviewTask
from winnow.services.guidelines import keep_version, settle_case
from winnow.services.rejudge import rejudge_labels
from winnow.services.review import label_task

PATH = "/review/agreement"


@pytest.fixture
def two_opinions(make_item, tags, cast):
    def judge(n):
        task = ReviewTask.objects.create(item=make_item(), reason="audit")
        for account, slug in ((cast.reviewer, "mlops"), (cast.other_reviewer, "other" if n == 0 else "mlops")):
            Label.objects.create(item=task.item, task=task, account=account, tag=tags[slug])

    for n in range(6):
        judge(n)


def test_nothing_to_show_says_how_it_comes_about(visit, cast, tags):
    html = visit(PATH, who=cast.engineer)
    assert "No work was judged by two people yet." in html.main
    assert "<svg" not in html.main


def test_figures_stand_beside_their_picture(visit, cast, two_opinions):
    html = visit(PATH, who=cast.engineer)
    assert "6 works judged by at least two people; on 1 they do not all say the same." in html.main
    assert html.main.count("<svg") == 1
    rows = html.all(r'<tr><th scope="row"[^>]*>(.*?)</th>(.*?)</tr>')
    assert [name for name, _ in rows] == [
        "All",
        "MLOps",
        "Other machine learning",
        "Drawn at random, to check how often the classifier is right",
        "reviewer and other-reviewer",
    ]
    assert all(cells.endswith("<td>6</td>") for _, cells in rows)


def test_a_name_is_text_and_nothing_else(visit, cast, two_opinions):
    cast.reviewer.name = "<b>x</b>"
    cast.reviewer.save()
    assert "&lt;b&gt;x&lt;/b&gt; and" in visit(PATH, who=cast.owner).main


def test_what_a_changed_guideline_changed(visit, cast, tags, make_item):
    keep_version(tags["mlops"])
    item = make_item("One", state="published", tag="mlops", decided_by="person")
    Label.objects.create(item=item, tag=tags["mlops"], is_gold=True)
    settle_case(item=item, tag=tags["mlops"], why="", account=cast.engineer)
    [task] = rejudge_labels(seed=1)
    label_task(task=task, tag=tags["other"], account=cast.reviewer)
    html = visit(PATH, who=cast.engineer)
    assert '<tr><th scope="row">MLOps</th><td>1</td><td>1</td></tr>' in html.main
