"""The ways to change one thing in a file."""

import ast
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from changes import broken, every_change

SOURCE = '''
"""A docstring stays."""
import os
def f(a: "int") -> "str":
    if a > 2 and not a:
        print("x")
    return a + 1
'''


def changes_of(source):
    return [(line, name) for line, name, _ in every_change(ast.parse(source))]


def test_each_thing_that_is_done_is_changed_once_and_what_is_only_read_is_not():
    assert sorted(changes_of(SOURCE)) == [
        (5, "comparison: a > 2 -> a >= 2"),
        (5, "condition: not (a > 2 and (not a))"),
        (5, "not: not a -> a"),
        (5, "number: 2 -> 3"),
        (5, "operator: a > 2 and (not a) -> a > 2 or not a"),
        (6, "call: left out print('x')"),
        (6, "text: XX before 'x'"),
        (7, "number: 1 -> 2"),
        (7, "operator: a + 1 -> a - 1"),
        (7, "return: return a + 1 -> return None"),
    ]


def test_a_tree_has_one_change_and_can_be_run():
    trees = {name: tree for _, name, tree in every_change(ast.parse("def f(a):\n    return a + 1"))}
    answers = {}
    for name, tree in trees.items():
        loaded = {}
        exec(compile(tree, "f", "exec"), loaded)
        answers[name] = loaded["f"](5)
    assert answers == {
        "return: return a + 1 -> return None": None,
        "operator: a + 1 -> a - 1": 4,
        "number: 1 -> 2": 7,
    }


def test_numbers_with_a_point_and_truths_are_changed_too_and_nothing_is_not():
    assert changes_of("x, y, z, w = 0.5, True, None, ''") == [(1, "number: 0.5 -> 1.5"), (1, "truth: True -> False")]


def test_what_is_broken_raises_wherever_it_is_called():
    loaded = {}
    exec(compile(broken(ast.parse("class A:\n    def f(self):\n        return 1")), "f", "exec"), loaded)
    with pytest.raises(AssertionError):
        loaded["A"]().f()
