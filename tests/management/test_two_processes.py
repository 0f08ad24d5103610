"""What several processes of one installation count beside each other adds up."""

import subprocess
import sys

from tests.databases import ask
from tests.management.conftest import environment

BEGIN = "import django; django.setup(); "
PLAN = (
    "from winnow.services.experiments import make_experiment as make; "
    "print(make(name='slower', hypothesis='h', knob='front-pace', primary='find', share=1.0, days=28,"
    " margins={'report': 0.002, 'find': 0.02}).pk)"
)
# Each writes five times, so that both are at it at the same time.
COUNT = (
    "import sys; from winnow.services import value; value.FLUSH_SECONDS = 1e9; number = int(sys.argv[1]); "
    "[([value.count_side(number, 'variant', 'reader', day='2026-11-27') for _ in range(100)], value.flush())"
    " for _ in range(5)]"
)


def python(home, code, *words):
    env = environment(home) | {"DJANGO_SETTINGS_MODULE": "winnow.settings"}
    return subprocess.Popen([sys.executable, "-c", BEGIN + code, *words], env=env, stdout=subprocess.PIPE, text=True)


def test_sums_of_an_experiment_are_right_with_two_processes(winnow):
    assert winnow("tags").status == 0
    number = python(winnow.home, PLAN).communicate(timeout=100)[0].strip()
    both = [python(winnow.home, COUNT, number) for _ in range(2)]
    assert [process.communicate(timeout=100) and process.returncode for process in both] == [0, 0]
    assert [tuple(row) for row in ask(winnow.home, "SELECT n FROM winnow_experimentcount")] == [(1000,)]
