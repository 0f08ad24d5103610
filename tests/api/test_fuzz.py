"""The API keeps its description under two thousand generated calls, signed in and not; `bench/api_fuzz.py` makes 50,000."""

import logging

import pytest
from bench.api_fuzz import fuzz

from winnow.models import Account, Scope
from winnow.services.invite import issue_token
from winnow.wsgi import application

N_CALLS = 2000


@pytest.fixture
def quiet():
    """Two thousand refusals are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


# Committed rows, as a server meets them: inside a transaction of the test the calls are answered with 503.
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quiet")
def test_generated_calls_meet_no_fault_and_no_open_door(make_item):
    for state in ("published", "in_review", "rejected"):
        make_item(state=state)
    tally = fuzz(application, issue_token(name="fuzz", scopes=Scope.values).token, N_CALLS)
    assert tally.failures == {}
    assert [status for status in tally.statuses if status >= "500"] == []
    assert tally.n_calls >= N_CALLS
    assert {"200", "401", "404", "422"} <= set(tally.statuses)
    # The token has an opinion of its own, and nobody else came to be.
    assert list(Account.objects.values_list("role", flat=True)) == ["reviewer"]
