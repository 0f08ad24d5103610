"""The list of gates as a file, and what a list of answers comes to."""

import pytest

from winnow.core.errors import InputError
from winnow.home import DATA
from winnow.ml.gates import Check, Verdict, load_gates, verdict_of
from winnow.services.gate_checks import CHECKS

GATE = '[[gates]]\nname = "size"\ncheck = "size"\nsays = "small"\nmegabytes = 3\n'


def check(verdict):
    return Check("one", verdict, "because")


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "gates.toml"
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("name", ["gates.toml", "gates-replay.toml"])
def test_the_lists_that_come_with_the_project_can_be_read(name):
    gates = load_gates(DATA / name, list(CHECKS))
    assert len({gate.name for gate in gates}) == len(gates) > 0


def test_a_champion_passes_every_gate_and_a_shadow_those_that_keep_the_process_safe():
    gates = load_gates(DATA / "gates.toml", list(CHECKS))
    assert {gate.name for gate in gates if "champion" in gate.roles} == set(CHECKS)
    assert {gate.name for gate in gates if "shadow" in gate.roles} == {"smoke", "tags", "size", "latency"}
    assert {gate.name for gate in gates if gate.may_be_waived} == {"precision", "certificate"}


def test_a_gate_has_its_limits_and_all_roles_unless_it_says_so(written):
    (gate,) = load_gates(written(GATE), ["size"])
    assert (gate.limits, gate.roles, gate.may_be_waived) == (
        {"megabytes": 3},
        ("champion", "challenger", "shadow"),
        False,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "needs at least one"),
        ("gates = 3", "needs at least one"),
        ("[[gates", "is no TOML"),
        (GATE.replace('name = "size"', ""), "gate 1: name"),
        (GATE.replace('says = "small"', "says = 3"), "gate 1: says"),
        (GATE.replace('check = "size"', 'check = "sise"'), "none of size"),
        (GATE + 'roles = ["king"]', "roles"),
        (GATE + "roles = []", "roles"),
        (GATE.replace("megabytes = 3", 'megabytes = "3"'), "megabytes: is no number"),
        (GATE.replace("megabytes = 3", "megabytes = true"), "megabytes: is no number"),
    ],
)
def test_a_list_that_is_wrong_is_told_by_file_and_field(written, text, words):
    path = written(text)
    with pytest.raises(InputError, match=words) as caught:
        load_gates(path, ["size"])
    assert str(path) in str(caught.value)


def test_a_list_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load_gates(tmp_path / "none.toml", [])


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ([], "not enough evidence"),
        (["passed"], "passed"),
        (["passed", "waived"], "passed"),
        (["passed", "not enough evidence"], "not enough evidence"),
        (["not enough evidence", "failed", "passed"], "failed"),
    ],
)
def test_one_that_failed_fails_all_and_one_that_lacks_evidence_never_passes(verdicts, whole):
    assert verdict_of([check(Verdict(verdict)) for verdict in verdicts]) == whole
