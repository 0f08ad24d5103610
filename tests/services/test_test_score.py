"""The ML Test Score is counted from rows."""

from winnow.models import Deployment
from winnow.services.test_score import CHECKS, NOTHING, SECTIONS, score


def test_there_are_seven_checks_in_each_of_four_sections():
    assert [sum(section == one for section, _, _ in CHECKS) for one in SECTIONS] == [7, 7, 7, 7]


def test_without_evidence_everything_scores_nothing(db):
    found = score()
    assert (found.total, {(check.points, check.evidence) for check in found.checks}) == (0.0, {NOTHING})


def test_what_serves_brings_evidence_and_the_least_section_is_the_score(champion):
    found = score()
    assert found.total == min(found.sections.values())
    points = {check.name: (check.points, check.evidence) for check in found.checks}
    assert points["The model is not stale"] == (1.0, "trained 0 days ago")
    assert all(check.points == 0.0 or check.evidence != NOTHING[1] for check in found.checks)


def test_a_gate_counts_where_it_let_the_champion_through(champion, let_serve):
    serves = Deployment.objects.filter(role="champion").order_by("-pk").first()
    passed = {check["name"] for check in serves.gate.checks if check.get("verdict") == "passed"}
    points = {check.name: check.points for check in score().checks}
    assert points["The model's behaviour is tested"] == float("behaviour" in passed)
