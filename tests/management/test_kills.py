"""Twenty kills over everything that writes, as `bench/chaos.py` does it with five hundred."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from tests.management.conftest import ROOT

MOST_SECONDS = 900


@pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="the benchmark is on SQLite")
def test_j1_twenty_kills_lose_double_and_tear_nothing(demo_home, tmp_path):
    env = {**os.environ, "WINNOW_BENCH_RESULTS": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    # What the answers teach takes minutes, and is no part of this.
    env["WINNOW_RETRAIN_DAYS"] = "0"
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, ROOT / "bench" / "chaos.py", "20", str(MOST_SECONDS - 100), demo_home]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "chaos.json").read_text())["figures"]
    told = ("lost", "doubled", "faults of integrity, references and pointers")
    assert [figures[name] for name in told] == [0, 0, []], (tmp_path / "chaos.log").read_text()
    assert figures["kills"] >= 20
    assert min(figures["works acknowledged"], figures["answers acknowledged"]) > 0
    assert set(figures["killed"]) >= {"web", "worker", "gathering", "labelling"}
