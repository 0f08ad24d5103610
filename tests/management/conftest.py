"""The command line as people use it: a process of its own, in a home of its own."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests import databases

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """What a command left: status, both outputs, and its JSON lines."""

    status: int
    out: str
    err: str

    @property
    def rows(self):
        """One value a line of standard output."""
        return [json.loads(line) for line in self.out.split("\n") if line]


def environment(home):
    """The environment of a command in that home, without what belongs to the tests themselves."""
    own = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return {**own, "WINNOW_HOME": str(home), "PYTHONPATH": str(ROOT / "src"), **databases.environment_of(home)}


class Winnow:
    """`winnow` in one home."""

    def __init__(self, home):
        self.home = home

    def __call__(self, *words, stdin="", **env):
        done = subprocess.run(
            [sys.executable, "-m", "winnow", *map(str, words)],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            env={**environment(self.home), **env},
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def bare(tmp_path):
    """Where no database is needed: help, wrong use, and verbs that only read what they are given."""
    return Winnow(tmp_path / "home")


@pytest.fixture
def winnow(tmp_path):
    """In a home where nothing is yet."""
    home = tmp_path / "home"
    databases.create(home)
    yield Winnow(home)
    databases.drop(home)


@pytest.fixture(scope="session")
def demo_home(once):
    """The home that `winnow demo` makes, made once for all processes of a test run; tests copy it before they write."""
    return once("demo", _make_demo) / "home"


def _make_demo(shared):
    databases.create(shared / "home")
    done = Winnow(shared / "home")("demo")
    assert done.status == 0, done.err
    (shared / "output").write_text(done.out)


@pytest.fixture
def demo(demo_home, tmp_path):
    """`winnow` in a copy of the demo's home, which works because homes hold relative paths alone."""
    home = tmp_path / "demo-home"
    shutil.copytree(demo_home, home)
    databases.create(home, like=demo_home)
    yield Winnow(home)
    databases.drop(home)
