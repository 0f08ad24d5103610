"""Ten reviewers killed in the middle of their work, as `bench/review_kill.py` does it with two hundred."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="the benchmark runs on both")
def test_j1_ten_killed_reviewers_lose_and_double_nothing(tmp_path):
    env = {**os.environ, "WINNOW_BENCH_RESULTS": str(tmp_path)}
    command = [sys.executable, ROOT / "bench" / "review_kill.py", "150", "10", "0"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    (figures,) = (json.loads(path.read_text())["figures"] for path in tmp_path.glob("review_kill_*.json"))
    assert {name: figures[name] for name in ("lost", "doubled", "stuck")} == {"lost": 0, "doubled": 0, "stuck": 0}
    assert (figures["killed"], figures["acknowledged"]) >= (5, 100)
