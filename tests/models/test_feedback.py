"""Reports."""

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from winnow.models import Report


@pytest.fixture
def say(make_item):
    item = make_item(state="published")

    def say(reporter="a", kind="wrong_tag", **fields):
        return Report.objects.create(**{"item": item, **fields}, reporter=reporter, kind=kind)

    return say


def test_a_voice_says_one_thing_of_an_item_once_while_it_is_open(refused, say, make_item):
    first = say()
    assert refused(say)
    assert not refused(lambda: say("b"))
    assert not refused(lambda: say(kind="spam"))
    assert not refused(lambda: say(item=make_item(state="published")))
    Report.objects.filter(pk=first.pk).update(decided_at=timezone.now())
    assert not refused(say)


def test_a_report_outlives_its_account_and_holds_its_tag(say, cast, tags):
    report = say(account=cast.reader, tag=tags["other"])
    cast.reader.delete()
    report.refresh_from_db()
    assert report.account is None
    with pytest.raises(ProtectedError):
        tags["other"].delete()
