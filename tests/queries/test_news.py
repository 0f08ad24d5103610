"""What is told to readers once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import Event
from winnow.queries.news import latest_news
from winnow.services.log import record_event

NOW = timezone.now()


@pytest.fixture
def deployed(db):
    def deployed(role="champion", ref="v6-1", **fields):
        return record_event("model.deployed", ref=ref, role=role, share=1, reason="r", **fields)

    return deployed


def test_where_nothing_happened_there_is_no_news(db):
    record_event("source.added", name="feed")
    assert latest_news(after=0, now=NOW) is None


def test_the_newest_is_told_with_the_way_to_it(deployed):
    deployed()
    event = record_event("dataset.frozen", version="gold-2", sha256="0" * 64, n=812)
    news = latest_news(after=0, now=NOW)
    assert (news.pk, news.path) == (event.pk, "/datasets/gold-2")
    assert news.words == "A new gold data set, gold-2: 812 works whose tag people settled."


def test_what_was_told_is_not_told_again(deployed):
    event = deployed()
    assert latest_news(after=event.pk - 1, now=NOW).words == "A new model sorts the works: v6-1."
    assert latest_news(after=event.pk, now=NOW) is None


@pytest.mark.parametrize("role", ["challenger", "shadow"])
def test_models_on_trial_are_no_news(deployed, role):
    deployed(role=role)
    assert latest_news(after=0, now=NOW) is None


def test_what_is_old_or_not_public_is_no_news(deployed):
    deployed(is_public=False)
    assert latest_news(after=0, now=NOW) is None
    Event.objects.update(is_public=True, created_at=NOW - timedelta(days=15))
    assert latest_news(after=0, now=NOW) is None
