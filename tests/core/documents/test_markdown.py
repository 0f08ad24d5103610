"""Documents line by line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.documents.markdown import FIGURE, LINK, cells, read_document

TEXT = """---
kind: implementation
owner: somebody: else
---
# Title
Before.
## Goals <!-- guidance -->
<!-- measured -->
It is {{precision(published)}}.
<!-- over
lines --> after
### Deep ##
```criteria
precision(published) >= 0.95  # a remark
exists("a#b") # another

# nothing but a remark
```
~~~
code
~~~
## Empty
"""


def read(text):
    return read_document(Path("plan.md"), text)


@pytest.fixture(scope="module")
def document():
    return read(TEXT)


def test_a_proper_document_has_no_faults_and_a_head_with_lines(document):
    assert document.faults == []
    assert document.head == {"kind": (2, "implementation"), "owner": (3, "somebody: else")}


def test_sections_know_what_is_above_them(document):
    assert [(section.path, section.number, section.level) for section in document.sections] == [
        (("Title",), 5, 1),
        (("Title", "Goals"), 7, 2),
        (("Title", "Goals", "Deep"), 12, 3),
        (("Title", "Empty"), 22, 2),
    ]
    assert [section.title for section in document.sections if section.is_measured] == ["Goals"]
    assert [section.title for section in document.sections if section.is_empty] == ["Empty"]
    assert [section.title for section in document.below("Title")] == ["Goals", "Empty"]
    assert (document.section("Deep").number, document.section("Nowhere")) == (12, None)


def test_prose_is_what_lies_in_no_block_and_in_no_comment(document):
    prose = [(line.number, line.text) for _, line in document.prose()]
    assert prose == [(6, "Before."), (9, "It is {{precision(published)}}."), (11, " after")]


def test_promises_come_without_their_remarks_but_with_what_is_quoted(document):
    assert [(section.title, number, text) for section, number, text in document.promises()] == [
        ("Deep", 14, "precision(published) >= 0.95"),
        ("Deep", 15, 'exists("a#b")'),
    ]


def test_a_block_of_no_kind_is_code(document):
    assert [line.text for _, line in document.lines() if line.block == "code"] == ["code"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("---\nkind: x\n", (1, "the head is not closed; put --- alone on a line below it")),
        ("---\nno pair\n---\n", (2, "`key: value` is expected, then --- alone on a line")),
        ("lost\n# T\n", (1, "text before the first heading belongs to no section")),
        ("# T\n```\nx\n", (2, "this block is not closed; put ``` below it")),
        ("# T\n<!-- x\ny\n", (2, "this comment is not closed; put --> after it")),
        ("# T\n<!-- x\n<!-- y -->\n", (2, "this comment is not closed; put --> after it")),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_line(text, fault):
    assert fault in read(text).faults


def test_a_block_ends_with_its_own_marks_alone():
    document = read("# T\n~~~\n```\nx\n~~~\nafter\n")
    assert [line.text for _, line in document.prose()] == ["after"]
    assert document.faults == []


@given(st.text(st.sampled_from("#`~-<>!|: \nab{}"), max_size=60))
def test_nothing_that_is_read_raises_or_loses_a_line(text):
    document = read(text)
    numbers = [line.number for _, line in document.lines()]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= text.count("\n") + 1 for number, _ in document.faults)


def test_cells_are_parted_by_bars_that_are_not_escaped():
    assert cells(r"| a | b \| c |  |") == ["a", r"b \| c", ""]
    assert cells("a|b") == ["a", "b"]


def test_figures_say_whether_they_are_of_the_past_and_links_where_they_lead():
    assert FIGURE.findall("{{ recall(x) }} and {{past lost(y)}}") == [("", "recall(x)"), ("past ", "lost(y)")]
    assert LINK.findall("[a](b.md) [c]( <d.md> 'title')") == ["b.md", "d.md"]
