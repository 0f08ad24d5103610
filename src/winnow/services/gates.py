"""Put a model through the gates of a role, and keep what they said."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction

from winnow.home import DATA
from winnow.ml.gates import Check, Gate, Verdict, load_gates, verdict_of
from winnow.models import GateDecision, ModelVersion
from winnow.services.gate_checks import CHECKS
from winnow.services.log import record_event
from winnow.services.measure import code_sha256, policy_sha256
from winnow.services.trial import Trial

GATES = DATA / "gates.toml"
# Past these nothing of a model is asked in this process.
_FIRST = ("smoke", "tags")


def gates_of(role: str, path: Path = GATES) -> tuple[Gate, ...]:
    """The gates of a role, in their order."""
    return tuple(gate for gate in load_gates(path, list(CHECKS)) if role in gate.roles)


def judge(version: ModelVersion, *, role: str, path: Path = GATES) -> GateDecision:
    """Check a model for a role and keep the decision, whatever it is."""
    trial = Trial(version, role)
    checks: list[Check] = []
    for gate in gates_of(role, path):
        found = _checked(trial, gate)
        checks.append(found)
        if found.verdict is Verdict.FAILED and gate.check in _FIRST:
            break
    return keep_decision(trial, checks)


@transaction.atomic
def keep_decision(trial: Trial, checks: Sequence[Check]) -> GateDecision:
    """The row of what was found: for exactly this model, data, policy and code."""
    version = trial.version
    decision = GateDecision.objects.create(
        model_version=version,
        role=trial.role,
        verdict=verdict_of(checks).value,
        checks=[check.as_json() for check in checks],
        compared_with=trial.champion,
        model_sha256=version.manifest_sha256,
        dataset_sha256=version.dataset_sha256,
        policy_sha256=policy_sha256(trial.policy),
        code_sha256=code_sha256(),
    )
    record_event("model.judged", ref=version.ref, role=trial.role, verdict=decision.verdict)
    return decision


def refusals(decision: GateDecision) -> str:
    """What stands in the way, in words."""
    open_ones = (check for check in decision.checks if check["verdict"] in (Verdict.FAILED, Verdict.INSUFFICIENT))
    return "; ".join(f"{check['name']} {check['verdict']}: {check['says']}" for check in open_ones)


def missing_labels(decision: GateDecision) -> dict[str, int]:
    """How many labels the gates lack, by tag; "" being any."""
    missing: dict[str, int] = {}
    for check in decision.checks:
        for tag, n in check["missing"].items():
            missing[tag] = max(missing.get(tag, 0), n)
    return missing


def _checked(trial: Trial, gate: Gate) -> Check:
    """What a gate found; one that a first model cannot pass yet is waived, which is written down."""
    if trial.champion is None and gate.compares:
        return Check(gate.name, Verdict.WAIVED, "waived: first model")
    found = CHECKS[gate.check](trial, gate)
    if trial.champion is None and gate.needs_stream and found.verdict is Verdict.INSUFFICIENT:
        return Check(gate.name, Verdict.WAIVED, f"waived: first model; {found.says}")
    return found
