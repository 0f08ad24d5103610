"""The button that looks for works of a tag under others."""

import pytest

from winnow.models import ReviewTask
from winnow.services.review import label_task

PATH = "/t/other/recall"


@pytest.fixture
def works(make_item):
    return [make_item(f"Work {word}", state="published") for word in ("river", "market", "violin")]


def test_an_engineer_puts_works_into_the_queue_and_is_told(client, cast, works):
    client.force_login(cast.engineer)
    assert client.get("/t/other").content.count(b'action="/t/other/recall"') == 1
    answer = client.post(PATH, follow=True)
    assert answer.redirect_chain == [("/t/other", 302)]
    assert "3 works put into the queue: 3 random." in answer.content.decode()
    assert ReviewTask.objects.filter(reason="rare_tag").count() == 3
    assert "Nothing new to look at" in client.post(PATH, follow=True).content.decode()


def test_everybody_sees_what_came_of_it_and_nobody_else_the_button(client, visit, cast, tags, works):
    assert "Hidden under other tags" not in visit("/t/other").main
    client.force_login(cast.engineer)
    client.post(PATH)
    client.logout()
    assert "3 more works may belong here" in visit("/t/other").main
    task = ReviewTask.objects.first()
    label_task(task=task, tag=tags["other"], account=cast.engineer)
    html = visit("/t/other").main
    assert "1 of 1 work that was looked at belong here (.025 to 1.000)" in " ".join(html.split())
    assert '<tr><th scope="row">random</th><td>1.000</td><td>.025 to 1.000</td><td>1</td></tr>' in html
    assert "/recall" not in html


@pytest.mark.parametrize("role", ["reader", "reviewer"])
def test_others_may_not(client, cast, works, role):
    client.force_login(getattr(cast, role))
    assert client.post(PATH).status_code == 403
    assert not ReviewTask.objects.exists()


def test_a_tag_that_is_none_is_not_there(client, cast, tags):
    client.force_login(cast.engineer)
    assert client.post("/t/rockets/recall").status_code == 404
