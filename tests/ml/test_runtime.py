"""Nothing is reported to anybody, and nothing is written where nobody asked for it."""

import os
import subprocess
import sys

SCRIPT = """
import os, sys
from pathlib import Path
from winnow.ml.encoder import load_encoder
assert "onnxruntime" not in sys.modules
vector = load_encoder("bundled", Path(sys.argv[1])).encode(["a text"])
print(vector.shape, os.environ["ORT_DISABLE_TELEMETRY"], sorted({"sklearn", "scipy", "onnx", "torch"} & set(sys.modules)))
"""


def test_telemetry_is_off_before_the_import_and_home_stays_empty(tmp_path, real_encoder):
    real_encoder.encode(["the graph is in the cache now"])
    home = tmp_path / "home"
    home.mkdir()
    kept = {"PATH", "PYTHONPATH", "LD_LIBRARY_PATH"}
    environment = {name: value for name, value in os.environ.items() if name in kept}
    environment |= {"HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    cache = str(real_encoder._files.cache)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, cache], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "(1, 384) 1 []"
    assert list(home.rglob("*")) == []
