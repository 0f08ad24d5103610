"""Spam by its sender."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.values import Candidate
from winnow.models import Account, Item, Role
from winnow.services.admit import admit, prepare
from winnow.services.screen import Outcome
from winnow.services.spam import rules

TEXT = "We train a transformer network for question answering over clinical notes and compare it with baselines."
pytestmark = pytest.mark.usefixtures("tags")


def sent(n, account, title="Question answering over clinical notes", description=TEXT, **fields):
    url = fields.pop("url", f"https://place{n}.example/work")
    return admit(prepare([Candidate(str(n), title, description, url)])[0], account=account, **fields)


@pytest.fixture
def readers(db):
    return [Account.objects.create(name=f"reader-{n}", role=Role.READER) for n in range(4)]


def test_l10_one_text_with_other_addresses_from_many_accounts_is_spam(readers):
    outcomes = [sent(n, reader).verdict.outcome for n, reader in enumerate(readers)]
    assert outcomes == [Outcome.ACCEPTED, Outcome.DUPLICATE, Outcome.SPAM, Outcome.SPAM]
    last = Item.objects.order_by("pk").last()
    assert (last.state, last.reason, last.reason_detail) == ("rejected", "spam", rules().same_text.reason)


def test_one_address_from_many_accounts_is_a_work_that_many_like(readers):
    outcomes = [
        sent(n, reader, url="https://arxiv.org/abs/2401.00001").verdict.outcome for n, reader in enumerate(readers)
    ]
    assert outcomes == [Outcome.ACCEPTED, *[Outcome.DUPLICATE] * 3]


def test_one_account_that_sends_a_text_again_repeats_itself(readers):
    outcomes = [sent(n, readers[0]).verdict.outcome for n in range(4)]
    assert outcomes == [Outcome.ACCEPTED, *[Outcome.DUPLICATE] * 3]


def test_what_was_sent_long_ago_no_longer_counts(readers):
    for n, reader in enumerate(readers[:3]):
        sent(n, reader)
    Item.objects.update(admitted_at=timezone.now() - rules().same_text.within - timedelta(minutes=1))
    assert sent(3, readers[3]).verdict.outcome is Outcome.DUPLICATE


@pytest.fixture
def busy(cast):
    """As many works of a reader and of a reviewer as a reader may send."""
    limit = rules().velocity.limit
    for account in (cast.reader, cast.reviewer):
        rows = [
            Item(
                external_id=f"{account.name}-{n}",
                title="x",
                dated_at=timezone.now(),
                submitted_by=account,
                state="admitted",
            )
            for n in range(limit)
        ]
        Item.objects.bulk_create(rows)
    return cast


def test_an_account_that_sends_more_than_a_person_can_read_is_spam(busy):
    verdict = sent(1, busy.reader).verdict
    assert (verdict.outcome, verdict.reason) == (Outcome.SPAM, rules().velocity.reason)


def test_an_hour_later_it_may_send_again(busy):
    Item.objects.update(admitted_at=timezone.now() - timedelta(minutes=61))
    assert sent(1, busy.reader).verdict.outcome is Outcome.ACCEPTED


def test_people_with_a_role_and_sources_may_send_as_much_as_they_like(busy):
    assert sent(1, busy.reviewer).verdict.outcome is Outcome.ACCEPTED
    assert sent(2, None, title="Another work on parsing").verdict.outcome is not Outcome.SPAM


def test_an_address_of_a_spam_site_is_spam_before_its_text_is_judged(cast):
    verdict = sent(1, cast.reviewer, url="https://lucky.casino/deep-learning").verdict
    assert (verdict.outcome, verdict.reason) == (Outcome.SPAM, "the address leads to gambling (lucky.casino)")
