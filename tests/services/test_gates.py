"""A model through the gates of a role."""

import pytest

from winnow.ml.gates import Check, Verdict
from winnow.models import GateDecision, ModelVersion
from winnow.services.gates import gates_of, judge, keep_decision, missing_labels, refusals
from winnow.services.measure import code_sha256
from winnow.services.trial import Trial


def kept(version, *checks):
    return keep_decision(Trial(version, "shadow"), checks)


def test_a_decision_is_for_exactly_this_model_data_policy_and_code(champion):
    decision = judge(champion, role="shadow")
    assert decision == GateDecision.objects.exclude(pk=champion.deployments.get().gate_id).get()
    assert (decision.model_sha256, decision.dataset_sha256) == (champion.manifest_sha256, champion.dataset_sha256)
    assert (decision.code_sha256, len(decision.policy_sha256)) == (code_sha256(), 64)
    assert (decision.verdict, decision.compared_with) == ("passed", champion)
    assert [check["name"] for check in decision.checks] == [gate.name for gate in gates_of("shadow")]


def test_of_what_fails_its_smoke_test_nothing_more_is_asked(champion):
    ModelVersion.objects.update(folder="models/none")
    decision = judge(ModelVersion.objects.get(), role="champion")
    assert ([check["name"] for check in decision.checks], decision.verdict) == (["smoke"], "failed")


@pytest.mark.parametrize(
    ("checks", "verdict"),
    [
        ([], "not enough evidence"),
        ([Check("a", Verdict.PASSED, "")], "passed"),
        ([Check("a", Verdict.PASSED, ""), Check("b", Verdict.INSUFFICIENT, "")], "not enough evidence"),
        ([Check("a", Verdict.FAILED, ""), Check("b", Verdict.INSUFFICIENT, "")], "failed"),
    ],
)
def test_the_whole_is_as_strict_as_its_strictest(champion, checks, verdict):
    assert kept(champion, *checks).verdict == verdict


def test_what_stands_in_the_way_is_said_with_the_labels_that_are_missing(champion):
    decision = kept(
        champion,
        Check("size", Verdict.PASSED, "small"),
        Check("data", Verdict.FAILED, "leaks"),
        Check("precision", Verdict.INSUFFICIENT, "too few", {"mlops": 12, "": 3}),
        Check("certificate", Verdict.INSUFFICIENT, "no audits", {"": 40}),
    )
    assert refusals(decision) == (
        "data failed: leaks; precision not enough evidence: too few; certificate not enough evidence: no audits"
    )
    assert missing_labels(decision) == {"mlops": 12, "": 40}
