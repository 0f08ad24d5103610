"""Who works on which task."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.errors import ConflictError, NotFoundError
from winnow.models import Account, Item, Label, ReviewTask, TaskSkip
from winnow.services.claim import (
    LEASE,
    SKIPPED_FOR,
    claim_task,
    claim_this,
    keep_claim,
    reviewer_of,
    skip_task,
    task_for,
)
from winnow.services.invite import issue_token, token_of
from winnow.services.review import label_task, open_task, propose_copy, undo_label

Reason = ReviewTask.Reason


@pytest.fixture
def ask(make_item):
    def ask(priority=0.5, reason=Reason.LOW_CONFIDENCE, **fields):
        return open_task(item=make_item(state="in_review", **fields), reason=reason, priority=priority)

    return ask


def expire(task):
    ReviewTask.objects.filter(pk=task.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def answer(task, account, tag=None):
    return label_task(task=task, tag=tag, account=account, token=task.token)


def test_an_empty_queue_has_nothing_for_anybody(cast):
    assert claim_task(cast.reviewer) is None


def test_the_most_pressing_comes_first_and_of_equals_the_oldest(ask, cast):
    low, first, second = ask(0.1), ask(0.5), ask(0.5)
    taken = [claim_task(who) for who in (cast.reviewer, cast.other_reviewer, cast.engineer)]
    assert taken == [first, second, low]


def test_a_claim_is_a_holder_a_lease_and_a_higher_token(ask, cast):
    task, before = ask(), timezone.now()
    claimed = claim_task(cast.reviewer)
    assert (claimed, claimed.holder, claimed.token) == (task, cast.reviewer, 1)
    assert before + LEASE <= claimed.lease_until <= timezone.now() + LEASE


def test_who_claims_again_gets_the_same_with_a_fresh_lease_and_the_same_token(ask, cast):
    ask(), ask()
    first = claim_task(cast.reviewer)
    expire(first)
    again = claim_task(cast.reviewer)
    assert (again, again.token) == (first, 1)
    assert again.lease_until > timezone.now()


def test_what_is_held_is_nobody_elses_until_its_lease_is_out(ask, cast):
    task = ask()
    claim_task(cast.reviewer)
    assert claim_task(cast.other_reviewer) is None
    expire(task)
    assert claim_task(cast.other_reviewer) == task
    assert claim_task(cast.reviewer) is None


def test_a_lease_is_kept_alive_by_its_holder_alone(ask, cast):
    task = ask()
    claim_task(cast.reviewer)
    expire(task)
    assert keep_claim(task.pk, cast.reviewer)
    assert not keep_claim(task.pk, cast.other_reviewer)
    assert claim_task(cast.other_reviewer) is None


def test_what_is_ones_own_answered_or_meant_for_another_is_not_given(ask, cast, tags):
    ask(submitted_by=cast.reviewer)
    hidden = ask()
    ReviewTask.objects.filter(pk=hidden.pk).update(for_account=cast.other_reviewer)
    wanted_twice = ask()
    ReviewTask.objects.filter(pk=wanted_twice.pk).update(n_wanted=2)
    answer(claim_task(cast.reviewer), cast.reviewer, tags["mlops"])
    assert claim_task(cast.reviewer) is None
    assert claim_task(cast.engineer) is not None


@pytest.mark.parametrize("reason", ["disagreement", "appeal", "take_down"])
def test_what_touches_others_is_for_those_who_write_the_guidelines(ask, cast, reason):
    task = ask(reason=Reason(reason))
    assert claim_task(cast.reviewer) is None
    assert claim_this(task.pk, cast.reviewer) is None
    assert claim_task(cast.engineer) == task


def test_skipped_goes_last_and_to_others_first(ask, cast):
    first, second = ask(0.9), ask(0.1)
    skip_task(claim_task(cast.reviewer), cast.reviewer)
    assert claim_task(cast.other_reviewer) == first
    assert claim_task(cast.reviewer) == second
    skip_task(second, cast.reviewer)
    expire(first)
    ReviewTask.objects.update(holder=None, lease_until=None)
    assert claim_task(cast.reviewer) == first
    assert TaskSkip.objects.count() == 2


def test_after_a_day_it_is_forgotten_that_it_was_skipped(ask, cast):
    first, _ = ask(0.9), ask(0.1)
    skip_task(claim_task(cast.reviewer), cast.reviewer)
    TaskSkip.objects.update(skipped_at=timezone.now() - SKIPPED_FOR - timedelta(minutes=1))
    assert claim_task(cast.reviewer) == first


def test_the_work_is_split_between_reasons_by_their_shares(ask, cast, tags, settings):
    settings.REVIEW_SHARES = {"audit": 3, "reported": 1} | dict.fromkeys(set(Reason.values) - {"audit", "reported"}, 0)
    for _ in range(12):
        ask(0.1, Reason.AUDIT), ask(0.9, Reason.REPORTED)
    done = []
    for _ in range(12):
        task = claim_task(cast.reviewer)
        done.append(task.reason)
        answer(task, cast.reviewer, tags["mlops"])
    assert (done.count("audit"), done.count("reported")) == (9, 3)
    assert "reported" in done[:4]


def test_one_task_by_its_number_lets_go_of_others(ask, cast):
    first, second = ask(0.9), ask(0.1)
    claim_task(cast.reviewer)
    assert claim_this(second.pk, cast.reviewer) == second
    assert claim_task(cast.other_reviewer) == first
    assert claim_this(first.pk, cast.reviewer) is None
    assert claim_this(987654, cast.reviewer) is None


def test_j2_an_answer_after_another_claimed_is_a_further_opinion(ask, cast, tags):
    task = ask()
    frozen = claim_task(cast.reviewer)
    expire(task)
    other = claim_task(cast.other_reviewer)
    late = answer(frozen, cast.reviewer, tags["mlops"])
    assert not late.is_gold
    assert answer(other, cast.other_reviewer, tags["other"]).is_gold
    task.refresh_from_db()
    assert (task.closed_at is not None, Label.objects.count()) == (True, 2)


def test_an_undone_answer_may_be_given_again(ask, cast, tags):
    task = ask()
    undo_label(label=answer(claim_task(cast.reviewer), cast.reviewer, tags["mlops"]), account=cast.reviewer)
    assert claim_task(cast.reviewer) == task


def test_a_program_has_an_opinion_of_its_own_that_nobody_signs_in_by(db):
    token = token_of(issue_token(name="labeller", scopes=["review"]).token)
    account = reviewer_of(token)
    assert (account, account.has_password) == (reviewer_of(token), False)
    assert Account.objects.count() == 1


def test_a_token_of_a_person_speaks_for_that_person(cast):
    token = token_of(issue_token(name="mine", scopes=["review"], account=cast.reviewer).token)
    assert reviewer_of(token) == cast.reviewer


def test_a_task_is_shown_to_those_it_is_for(ask, cast):
    task = ask(submitted_by=cast.reviewer)
    assert task_for(task.pk, cast.engineer) == task
    with pytest.raises(NotFoundError):
        task_for(task.pk, cast.reviewer)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_claim_each_a_task_of_their_own(ask, at_once, db):
    for _ in range(8):
        ask()
    accounts = [Account.objects.create(name=f"r{n}", role="reviewer") for n in range(8)]
    claimed = at_once([lambda who=who: claim_task(who).pk for who in accounts])
    assert len(set(claimed)) == 8


@pytest.mark.django_db(transaction=True)
def test_eight_claims_of_one_person_at_once_are_one(ask, at_once, cast):
    for _ in range(3):
        ask()
    claimed = at_once([lambda: claim_task(cast.reviewer).pk] * 8)
    assert len(claimed) == 8
    assert ReviewTask.objects.filter(holder=cast.reviewer).count() <= 2


def test_answered_already_is_a_conflict(ask, cast, tags):
    ask()
    task = claim_task(cast.reviewer)
    answer(task, cast.reviewer, tags["mlops"])
    with pytest.raises(ConflictError, match="answered this already"):
        answer(task, cast.reviewer, tags["mlops"])


def test_what_may_be_a_copy_waits_for_the_work_that_came_before_it(make_item, cast, tags):
    first, second = (make_item(f"The work, {n}", state="in_review") for n in range(2))
    propose_copy(item=second, face=first, evidence="titles")
    head = open_task(item=first, reason=ReviewTask.Reason.LOW_CONFIDENCE)
    task = claim_task(cast.reviewer)
    assert task == head
    label_task(task=task, tag=tags["mlops"], account=cast.reviewer)
    assert claim_task(cast.reviewer).item == second


def test_two_that_may_be_copies_of_each_other_do_not_wait_for_each_other(make_item, cast):
    first, second = (make_item(f"The work, {n}", state="in_review") for n in range(2))
    propose_copy(item=second, face=first, evidence="titles")
    propose_copy(item=first, face=second, evidence="titles")
    assert claim_task(cast.reviewer).item == first


@pytest.mark.parametrize("why", ["own", "unsure", "engineers"])
def test_what_may_be_a_copy_waits_for_no_work_that_its_reviewer_cannot_decide(make_item, cast, why):
    first, second = (make_item(f"The work, {n}", state="in_review") for n in range(2))
    propose_copy(item=second, face=first, evidence="titles")
    head = open_task(item=first, reason=Reason.APPEAL if why == "engineers" else Reason.LOW_CONFIDENCE)
    if why == "own":
        Item.objects.filter(pk=first.pk).update(submitted_by=cast.reviewer)
    if why == "unsure":
        label_task(task=head, tag=None, account=cast.reviewer, is_unsure=True)
    assert claim_task(cast.reviewer).item == second


def test_j7_a_clock_that_is_put_back_holds_no_task_up(ask, cast):
    task = ask()
    claimed = claim_task(cast.reviewer)
    ReviewTask.objects.filter(pk=task.pk).update(lease_until=claimed.lease_until + timedelta(hours=1))
    assert claim_task(cast.other_reviewer) == task
