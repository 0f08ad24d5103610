"""What is wrong with a query, in words."""

import ast
import re
from pathlib import Path

import pytest

from winnow.core import search_query
from winnow.web import problems
from winnow.web.problems import SENTENCES, problem_in_words


def _said():
    """Every sentence that the core can say, with a digit where it names something."""
    for call in ast.walk(ast.parse(Path(search_query.__file__).read_text())):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("_fault", "_fault_of"):
            last = call.args[-1]
            if isinstance(last, ast.Constant | ast.JoinedStr):
                yield eval(re.sub(r"\{[^{}]*(\{[^{}]*\})?[^{}]*\}", "7", ast.unparse(last)))


def test_the_core_says_nothing_that_cannot_be_translated(monkeypatch):
    monkeypatch.setattr(problems, "gettext", lambda sentence: f"translated {sentence}")
    said = set(_said())
    assert len(said) == len(SENTENCES)
    assert [says for says in said if problem_in_words(says) != f"translated {says}"] == []


@pytest.mark.parametrize(
    "says",
    [
        "nobody says this",
        "it can be paper, code",
        "this is no date; write after:2026, after:2026-03 or after:2026-03-01",
    ],
)
def test_in_english_nothing_changes(says):
    assert problem_in_words(says) == says
