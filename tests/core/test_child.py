"""What became of a child process is said in words, and this process goes on."""

import sys

import pytest

from winnow.core.child import ChildError, ask_child


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module of one function, on the path of parent and child."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def write(body):
        (tmp_path / "asked_child.py").write_text(f"import os, signal, sys, time\ndef main():\n    {body}\n")
        return "asked_child"

    return write


def test_it_answers_what_it_was_asked(module):
    name = module("sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])")
    assert ask_child(name, b"abc", seconds=10) == b"cba"


def test_nothing_of_the_environment_is_inherited(module, monkeypatch):
    monkeypatch.setenv("WINNOW_SECRET", "x")
    name = module("sys.stdout.write(' '.join(sorted(os.environ)))")
    seen = set(ask_child(name, b"", seconds=10).decode().split())
    assert "WINNOW_SECRET" not in seen
    assert {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"} <= seen


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("time.sleep(60)", "gave no answer within 1 s"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "used up its time"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "died"),
        ("raise ValueError", "ended with an error"),
    ],
)
def test_every_end_has_its_words(module, body, words):
    with pytest.raises(ChildError, match=f"^{words}$"):
        ask_child(module(body), b"", seconds=1)
