"""Whether a certificate still holds."""

from winnow.core.policy import Policy
from winnow.queries.audits import AuditAnswer
from winnow.services.certificates import audits_sha256, policy_in_force
from winnow.services.deploy import serving

AUDITS = [AuditAnswer(1, "mlops", 0.9, 0.5, "mlops"), AuditAnswer(2, "other", 0.8, 0.5, "mlops")]


def test_a_model_whose_audits_were_never_looked_at_has_the_thresholds_it_came_with(champion):
    assert policy_in_force(champion) is None
    assert serving("champion").policy == serving("champion").loaded.policy


def test_a_look_that_proves_nothing_is_in_force_at_once(champion):
    from winnow.services.recertify import look

    before = serving("champion")
    look(champion, target=0.9, delta=0.1)
    assert serving("champion").policy.threshold is None
    assert serving("champion").loaded is before.loaded
    assert serving("champion") is serving("champion")
    assert isinstance(policy_in_force(champion), Policy)


def test_the_hash_is_that_of_the_answers_in_any_order():
    first, second = AUDITS
    assert audits_sha256([first, second]) == audits_sha256([second, first])
    other = AuditAnswer(2, "other", 0.8, 0.5, "other")
    assert len({audits_sha256(each) for each in ([], [first], AUDITS, [first, other])}) == 4
