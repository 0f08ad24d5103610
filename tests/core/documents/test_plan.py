"""Deliverables and timeline."""

from datetime import date
from pathlib import Path

import pytest

from winnow.core.documents.markdown import read_document
from winnow.core.documents.plan import Stretch, deliverable_faults, facts_of, read_timeline

FACTS = "- objective: sort\n- priority: must\n- release: first\n- contributors: one\n- dependencies: none"
PROMISE = '```criteria\nexists("x")\n```'
HEAD = "| what | environment | planned from | planned to | real from | real to |\n|---|---|---|---|---|---|"


def read(text):
    return read_document(Path("plan.md"), text)


def plan(below):
    return read(f"# Plan\n## Deliverables\n### Sorter\n{below}\n")


def timeline(*rows, head=HEAD):
    return read_timeline(read("\n".join(["# Plan", "## Timeline", head, *rows])))


def test_a_deliverable_with_all_its_facts_and_a_promise_is_in_order():
    assert deliverable_faults(plan(f"{FACTS}\n{PROMISE}")) == []


def test_facts_are_named_lines_that_say_something():
    section = plan("- objective: sort: all\n- priority:\nno fact\n```\n- release: x\n```").section("Sorter")
    assert {key: line.number for key, line in facts_of(section).items()} == {"objective": 4}


def test_every_fact_that_is_missing_and_the_lack_of_a_promise_are_faults_of_the_heading():
    without = FACTS.replace("- release: first\n", "").replace("- objective: sort\n", "")
    assert deliverable_faults(plan(without)) == [
        (3, "`Sorter` lacks `- objective: ...`"),
        (3, "`Sorter` lacks `- release: ...`"),
        (3, "`Sorter` has no criteria, so nothing can say that it is done"),
    ]


def test_a_priority_that_is_none_is_a_fault_of_its_line():
    faults = deliverable_faults(plan(FACTS.replace("must", "soon") + f"\n{PROMISE}"))
    assert faults == [(5, "priority `soon` is none of must, should, could")]


def test_a_timeline_is_read_with_what_is_not_known_yet():
    stretches, faults = timeline(
        "| build | test | 2026-01-01 | 2026-02-01 | 2026-01-02 | |",
        "| run | live | 2026-02-01 | 2026-02-01 | | |",
    )
    assert faults == []
    assert stretches == [
        Stretch("build", "test", (date(2026, 1, 1), date(2026, 2, 1)), date(2026, 1, 2), None),
        Stretch("run", "live", (date(2026, 2, 1), date(2026, 2, 1)), None, None),
    ]


def test_no_timeline_is_none_and_no_fault():
    assert read_timeline(read("# Plan\n")) == read_timeline(read("# Plan\n## Timeline\nlater\n")) == ([], [])


def test_other_columns_are_a_fault():
    said = "the columns of the timeline are what | environment | planned from | planned to | real from | real to"
    assert timeline("| x |", head="| what |\n|---|") == ([], [(3, said)])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("| a | b |", "2 cells where 6 are expected"),
        ("| a | b | 2026-01-01 | | | |", "a planned day is missing"),
        ("| a | b | | 2026-01-01 | | |", "a planned day is missing"),
        ("| a | b | 2026-01-02 | 2026-01-01 | | |", "it ends before it begins"),
        ("| a | b | 2026-01-01 | 2026-01-02 | 2026-01-02 | 2026-01-01 |", "it ends before it begins"),
        ("| a | b | 2026-01-01 | 2026-01-02 | | 2026-01-01 |", "it ends before it begins"),
        ("| a | b | soon | 2026-01-02 | | |", "`soon` is no day; write 2026-11-27 or leave it empty"),
    ],
)
def test_a_row_that_cannot_be_is_a_fault_of_its_line_and_the_others_stay(row, said):
    stretches, faults = timeline(row, "| ok | x | 2026-01-01 | 2026-01-02 | | |")
    assert ([stretch.what for stretch in stretches], faults) == (["ok"], [(5, said)])
