"""What is told of a work and of a report has the documented shape, and says nothing of who reported."""

import json
import re
from pathlib import Path

import pytest

from winnow.models import Label, Message, Report, Webhook
from winnow.services.outbox import EVENTS
from winnow.services.payloads import of_item, of_report
from winnow.services.publish import publish_item
from winnow.services.report import report_item
from winnow.services.review import label_task

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[2] / "docs" / "reference" / "webhooks.md"


@pytest.fixture
def hook(db):
    return Webhook.objects.create(url="https://hook.test/", events=list(EVENTS), salt="s")


def test_a_work_has_the_shape_of_the_documentation(make_item):
    shape = json.loads(re.findall(r"```json\n(.*?)```", DOCS.read_text(), re.DOTALL)[0])["data"]
    told = of_item(make_item(state="published"), before="other")
    assert (told.keys(), told["item"].keys()) == (shape.keys(), shape["item"].keys())


def test_a_publication_and_a_move_are_told_with_them(hook, make_item, tags):
    item = make_item("A work", state="published", tag="mlops")
    publish_item(item, tag=tags["other"], decided_by="person")
    first, second = [message.content for message in Message.objects.order_by("pk")]
    assert (first["event"], first["data"]["item"]["tag"], first["data"]["before"]) == ("item.published", "mlops", None)
    assert (second["event"], second["data"]["item"]["tag"], second["data"]["before"]) == (
        "item.retagged",
        "other",
        "mlops",
    )
    assert second["data"]["item"]["page"] == f"http://127.0.0.1:8000/i/{item.pk}/a-work"


def test_what_comes_too_late_is_not_told(hook, make_item, tags):
    item = make_item(state="rejected")
    assert not publish_item(item, tag=tags["mlops"], decided_by="person")
    assert not Message.objects.exists()


def test_a_decided_report_is_told_without_its_reporter(hook, make_item, cast, tags):
    item = make_item(state="published", tag="mlops")
    report_item(item=item, reporter="somebody-secret", tag=tags["other"], account=cast.reader, note="private words")
    label_task(task=item.tasks.get(), tag=tags["other"], account=cast.engineer)
    content = Message.objects.get(event="report.decided").content
    assert content["data"]["report"] == {
        "id": Report.objects.get().pk,
        "kind": "wrong_tag",
        "tag": "other",
        "upheld": True,
    }
    told = json.dumps(content)
    assert not any(word in told for word in ("somebody-secret", "private words", cast.reader.name + '"'))
    assert Label.objects.exists()


def test_a_report_that_nobody_judged_says_so(make_item):
    item = make_item(state="published")
    report = Report.objects.create(item=item, kind="spam", reporter="r")
    assert of_report(report, item)["report"]["upheld"] is None
