"""What changed from one text to the next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.documents.difference import Piece, difference


def test_what_went_and_what_came_with_lines_around():
    before = "a\nb\nc\nd\ne\nf\n"
    assert difference(before, before.replace("d", "D")) == [
        Piece("place", "line 2"),
        *(Piece("same", text) for text in "bc"),
        Piece("gone", "d"),
        Piece("new", "D"),
        *(Piece("same", text) for text in "ef"),
    ]


@pytest.mark.parametrize("text", ["", "a", "--- a\n+++ b\n@@ c"])
def test_the_same_is_no_difference_and_marks_in_the_text_are_text(text):
    assert difference(text, text) == []
    assert Piece("new", "@@ -1 +1 @@") in difference(text, text + "\n@@ -1 +1 @@")


@given(st.text("ab\n-+@ ", max_size=40), st.text("ab\n-+@ ", max_size=40))
def test_each_line_that_came_or_went_is_told(before, after):
    pieces = difference(before, after)
    n_gone = sum(piece.kind == "gone" for piece in pieces)
    n_new = sum(piece.kind == "new" for piece in pieces)
    assert n_new - n_gone == len(after.split("\n")) - len(before.split("\n"))
    assert (pieces == []) == (before == after)
