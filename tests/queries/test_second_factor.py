"""Who has a second factor, and who must."""

import pytest
from tests.authenticator import code_of

from winnow.models import Authenticator, Role
from winnow.queries.second_factor import MUST, has_second_factor, lacks_second_factor, n_recovery_codes
from winnow.services.second_factor import begin_authenticator, confirm_authenticator


def test_nobody_must_have_one_unless_the_installation_says_so(cast, settings):
    assert not lacks_second_factor(cast.operator)
    settings.REQUIRE_SECOND_FACTOR = True
    lacking = {role for role in Role.values if lacks_second_factor(getattr(cast, role))}
    assert lacking == MUST == {"owner", "operator"}


def test_one_that_is_not_confirmed_does_not_count(cast, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    row = begin_authenticator(cast.operator)
    assert (has_second_factor(cast.operator), lacks_second_factor(cast.operator)) == (False, True)
    confirm_authenticator(account=cast.operator, code=code_of(row))
    assert (has_second_factor(cast.operator), lacks_second_factor(cast.operator)) == (True, False)
    assert (n_recovery_codes(cast.operator), n_recovery_codes(cast.owner)) == (10, 0)


@pytest.mark.django_db
def test_there_is_none_at_first():
    assert not Authenticator.objects.exists()
