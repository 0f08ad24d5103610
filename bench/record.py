"""Keep a benchmark's result: what was run, on which code and machine, the figures and the raw samples."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from winnow.core.tree import tree_sha256

FLOORS = ("api", "core", "egress", "ml", "models", "queries", "services", "sources", "web", "worker")
RESULTS = Path(os.environ.get("WINNOW_BENCH_RESULTS") or Path(__file__).parent / "results")
ROOT = Path(__file__).parents[1]
MEASURED = tuple(f"src/winnow/{name}" for name in FLOORS)
SHARED = ROOT.parent / "shared" / "data"


def record(name: str, figures: dict[str, Any], samples: Mapping[str, Sequence[float]] | None = None) -> None:
    """Write `results/NAME.json` and print the figures."""
    result = {
        "command": f"python {Path(sys.argv[0]).name} {' '.join(sys.argv[1:])}".strip(),
        "tree": _git("rev-parse", "HEAD^{tree}"),
        # By floor, so that a figure expires with what it measured, and a copy without its history can be judged.
        "code": {name: tree_sha256(ROOT, [name]) for name in MEASURED},
        "is_clean": not _git("status", "--porcelain", "src", "data", "recipes", "bench/*.py"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.machine()},
        "figures": figures,
        "samples": {key: [round(value, 4) for value in values] for key, values in (samples or {}).items()},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=1) + "\n")
    for key, value in figures.items():
        print(f"{name}: {key}: {value}")


def quantiles(values: Sequence[float]) -> dict[str, float]:
    """n, p50, p95, p99 and the maximum."""
    ranked = sorted(values)
    at = {f"p{q}": ranked[min(len(ranked) - 1, int(len(ranked) * q / 100))] for q in (50, 95, 99)}
    return {"n": len(ranked), **{key: round(value, 2) for key, value in at.items()}, "max": round(ranked[-1], 2)}


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
