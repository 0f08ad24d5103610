"""What keeps a document from being built."""

import pytest

from winnow.core.criteria.judge import Measured
from winnow.core.documents.faults import Evidence, Fault, faults_of
from winnow.core.documents.markdown import read_document

TEMPLATE = "---\nkind: implementation\n---\n# $title\n## Goals\n## Risks\n#### Deep\n"
HEAD = "---\nkind: implementation\n---\n# Plan\n"
WHOLE = HEAD + "## Goals\nWords.\n## Risks\nNone.\n"


def unknown(call):
    return "no such thing" if "nothing" in call.arguments else ""


def measured(call):
    return Measured(value=0.9, n=10, source="x", is_current="old" not in call.arguments)


EVIDENCE = Evidence(unknown=unknown, of=measured, sha256=lambda names: "0" * 64)


@pytest.fixture
def faults(tmp_path):
    """The lines and messages of a text's faults; they all name its file."""
    path = tmp_path / "plan.md"

    def faults(text):
        found = faults_of(read_document(path, text), read_document(path, TEMPLATE), EVIDENCE)
        assert {fault.path for fault in found} <= {str(path)}
        return [(fault.line, fault.message) for fault in found]

    return faults


def test_a_document_in_order_has_none(faults):
    assert faults(WHOLE) == []


def test_a_fault_says_where_it_is():
    assert str(Fault("plan.md", 3, "it is wrong")) == "plan.md:3: it is wrong"


def test_they_come_once_and_in_the_order_of_their_lines(faults):
    found = faults(WHOLE + "```criteria\nx\n```\n[a](b.md) [a](b.md)\n")
    assert [line for line, _ in found] == [10, 12]


def test_the_head_holds_what_the_template_holds_and_says_a_known_kind(faults):
    assert faults(WHOLE.replace("kind: implementation\n", "")) == [(1, "the head lacks `kind:`")]
    ((line, message),) = faults(WHOLE.replace("implementation", "implementatio"))
    assert (line, message.startswith("kind `implementatio`: ")) == (2, True)
    assert "implementation" in message.partition(": ")[2]


def test_sections_are_there_once_and_say_something(faults):
    assert faults(HEAD + "## Goals\nWords.\n") == [(1, "the section `Risks` is missing")]
    assert faults(WHOLE + "## Goals\nAgain.\n") == [(9, "the section `Goals` stands here twice")]
    assert faults(WHOLE.replace("None.\n", "<!-- say it -->\n")) == [(7, "the section `Risks` is empty")]
    assert faults(WHOLE.replace("None.\n", "### Below\nWords.\n")) == []


def test_promises_can_be_read_are_known_and_are_made_once(faults):
    lines = "precision(published) >= 0.9\nprecision(published)  >= 0.90\nprecision(nothing) >= 0.9\n"
    found = faults(f"{WHOLE}```criteria\n{lines}```\n")
    assert found[-1] == (12, "no such thing")
    ((line, message),) = faults(f"{WHOLE}```criteria\n\nprecision(published) >> 1\n```\n")
    assert (line, message.startswith("column ")) == (11, True)
    assert faults(f"{WHOLE}```criteria\nsigned(owner)\nsigned(owner)\n```\n") == [
        (11, "`signed(owner)` is promised twice")
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{precision(published)}}", None),
        ("{{precision(old)}}", "the figure `precision(old)` is stale: its code has changed; measure anew, or say `{{past precision(old)}}`"),
        ("{{past precision(old)}}", None),
        ("{{precision(nothing)}}", "no such thing"),
        ("{{signed(owner)}}", "`signed` gives no figure"),
        ("{{precision(published)", "a figure is not closed; put }} after it"),
    ],
)  # fmt: skip
def test_figures_are_known_current_and_closed(faults, text, said):
    assert faults(f"{WHOLE}{text}\n") == ([(9, said)] if said else [])


def test_a_figure_that_cannot_be_read_says_in_which_column(faults):
    ((line, message),) = faults(f"{WHOLE}{{{{what}}}}\n")
    assert (line, message.startswith("figure, column ")) == (9, True)


@pytest.mark.parametrize("text", ["It is 95 % right.", "It takes 0.3 seconds."])
def test_no_number_is_typed_in_where_figures_are_measured(faults, text):
    assert faults(f"{WHOLE}{text}\n") == []
    ((line, message),) = faults(f"{WHOLE}<!-- measured -->\n{text}\n")
    assert (line, "is typed in; write a figure such as {{precision(published)}} instead" in message) == (10, True)


@pytest.mark.parametrize("text", ["`95`", "[a](#95)", "1. first", "v1-2", "{{precision(published)}}"])
def test_numbers_in_names_and_lists_are_none_that_were_measured(faults, text):
    assert faults(f"{WHOLE}<!-- measured -->\n{text}\n") == []


def test_tables_have_a_rule_and_as_many_cells_in_each_line(faults):
    assert faults(f"{WHOLE}| a | b |\n|---|:-:|\n| 1 | 2 |\n") == []
    assert faults(f"{WHOLE}| a |\n| b |\n") == [(9, "this table lacks the line of dashes under its head")]
    assert faults(f"{WHOLE}| a | b |\n|---|---|\n| 1 |\n") == [(11, "1 cells where the table has 2")]
    assert faults(f"{WHOLE}```\n| a |\n```\n") == []


def test_links_lead_to_files_that_are_there_or_to_the_web(faults, tmp_path):
    (tmp_path / "there.md").touch()
    right = "[a](there.md#x) [b](https://example.org) [c](mailto:a@example.org) [d](#goals) `[e](gone.md)`"
    assert faults(f"{WHOLE}{right}\n") == []
    assert faults(f"{WHOLE}[a](gone.md)\n") == [(9, "`gone.md` is not there")]
    assert faults(f"{WHOLE}[a](javascript:alert)\n") == [(9, "a link may not begin with `javascript:`")]
